using System.Runtime.InteropServices;
using System.Security.Cryptography;
using LlmFromScratch.Inference;
using LlmFromScratch.Kernels;
using LlmFromScratch.Kernels.Cpu;
using LlmFromScratch.Models;
using LlmFromScratch.Tensors;
using LlmFromScratch.Tests.Kernels;

namespace LlmFromScratch.Tests.Models;

/// <summary>
/// The test assembly as a program: prints a hash of each architecture's logits, and of a product with each weight type. A test starts it with vector instructions switched off, which only a new
/// process can do.
/// </summary>
internal static class LogitFingerprints
{
    private static readonly int[] Ids = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 2, 3, 8, 4];

    public static void Main()
    {
        foreach (string line in All()) Console.WriteLine(line);
    }

    /// <summary>A line for each architecture, on one, two or three threads, the prompt in one piece, in two, or token by token.</summary>
    public static IEnumerable<string> All() =>
    [
        .. TinyModel.Architectures.Keys.Select((name, i) => $"{name}: {Hash(name, 1 + i % 3, ((int[])[20, 7, 1])[i % 3])}"),
        .. from activations in Enum.GetValues<ActivationType>() from dtype in Enum.GetValues<DType>() where dtype != DType.I32
           select $"{dtype}, activations {activations}: {Hash(dtype, activations)}",
    ];

    private static string Hash(string architecture, int threads, int first)
    {
        using CpuBackend backend = new(threads);
        using Transformer model = TinyModel.Create(backend, TinyModel.Architectures[architecture]);
        using Session session = new(model, prefillRows: first == 1 ? 1 : 256);
        session.Prefill(Ids.AsSpan(0, first));
        if (first < Ids.Length) session.Prefill(Ids.AsSpan(first));
        return Hash(session.Logits);
    }

    // seven rows: a tile of six or four and what is left over
    private static string Hash(DType dtype, ActivationType activations)
    {
        using CpuBackend backend = new(2, activations);
        return Hash(OpRuns.MatMul(backend, dtype, 7, 256, 33, 7));
    }

    private static string Hash(ReadOnlySpan<float> values) => Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(values)))[..16];
}
