using System.Runtime.InteropServices;

namespace LlmFromScratch.Benchmarks;

/// <summary>Debian's OpenBLAS (package libopenblas0-pthread), the peer of the float matrix product.</summary>
internal static unsafe partial class OpenBlas
{
    private const string Library = "libopenblas.so.0";
    private const int RowMajor = 101, NoTranspose = 111, Transpose = 112;

    /// <summary><c>c = op(a) · op(b)</c>, row-major and dense: op(a) is [m, k], op(b) [k, n], c [m, n].</summary>
    public static void Multiply(bool transposeA, bool transposeB, int m, int n, int k, float[] a, float[] b, float[] c)
    {
        fixed (float* aStart = a, bStart = b, cStart = c)
        {
            Sgemm(RowMajor, transposeA ? Transpose : NoTranspose, transposeB ? Transpose : NoTranspose, m, n, k,
                1, aStart, transposeA ? m : k, bStart, transposeB ? k : n, 0, cStart, n);
        }
    }

    [LibraryImport(Library, EntryPoint = "openblas_set_num_threads")]
    public static partial void SetThreadCount(int count);

    /// <summary>Version and kernel, for example "OpenBLAS 0.3.21 ... SkylakeX".</summary>
    public static string Description => $"{Marshal.PtrToStringUTF8(Config())}, kernel {Marshal.PtrToStringUTF8(CoreName())}";

    [LibraryImport(Library, EntryPoint = "openblas_get_config")]
    private static partial IntPtr Config();

    [LibraryImport(Library, EntryPoint = "openblas_get_corename")]
    private static partial IntPtr CoreName();

    [LibraryImport(Library, EntryPoint = "cblas_sgemm")]
    private static partial void Sgemm(int order, int transposeA, int transposeB, int m, int n, int k,
        float alpha, float* a, int lda, float* b, int ldb, float beta, float* c, int ldc);
}
