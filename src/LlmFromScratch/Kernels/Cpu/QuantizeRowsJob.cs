using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LlmFromScratch.Kernels.Cpu.Threading;

namespace LlmFromScratch.Kernels.Cpu;

/// <summary>
/// Rounds rows of activations to <see cref="ActivationBlock"/>s, one tile of rows a part. Four rows together lie as [in / 16, 4], so that a product with four
/// rows reads one stream; rows left over lie as [in / 16] each. Only exact steps and one rounding a value, so every machine gives the same codes.
/// </summary>
internal readonly unsafe struct QuantizeRowsJob(float* x, ActivationBlock* blocks, int rows, int size, int zero) : IJob
{
    /// <summary>Rows of a tile.</summary>
    public const int TileRows = 4;

    private const float Shift = 12582912; // 1.5 · 2^23: adding it rounds to a whole number, which then stands in the low bits
    private const float Smallest = 1e-30f; // below it 127 / max overflows; such a block counts as zeros
    private readonly float* _x = x; // [rows, size]
    private readonly ActivationBlock* _blocks = blocks;

    public static int PartsFor(int rows) => (rows + TileRows - 1) / TileRows;

    public void Run(int part, int worker)
    {
        int first = part * TileRows, count = Math.Min(TileRows, rows - first), perRow = size / ActivationBlock.Count;
        for (int t = first; t < first + count; t++)
        {
            float* row = _x + (long)t * size;
            if (count == TileRows) Quantize(row, _blocks + (long)first * perRow + (t - first), perRow, TileRows);
            else Quantize(row, _blocks + (long)t * perRow, perRow, 1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Quantize(float* row, ActivationBlock* block, int count, int step)
    {
        for (; count > 0; count--, row += ActivationBlock.Count, block += step)
        {
            Vector128<float> v0 = Vector128.Load(row), v1 = Vector128.Load(row + 4), v2 = Vector128.Load(row + 8), v3 = Vector128.Load(row + 12);
            Vector128<float> most = Vector128.Max(Vector128.Max(Vector128.Abs(v0), Vector128.Abs(v1)), Vector128.Max(Vector128.Abs(v2), Vector128.Abs(v3)));
            float max = MathF.Max(MathF.Max(most[0], most[1]), MathF.Max(most[2], most[3]));
            Vector128<float> inverse = Vector128.Create(max < Smallest ? 0 : 127 / max);
            Vector128<int> q0 = Round(v0 * inverse), q1 = Round(v1 * inverse), q2 = Round(v2 * inverse), q3 = Round(v3 * inverse);
            Vector128.Narrow(Vector128.Narrow(q0, q1), Vector128.Narrow(q2, q3)).Store(block->Codes);
            int sum = Vector128.Sum(q0 + q1 + (q2 + q3));
            block->Scale = max / 127;
            block->Sum = block->Scale * sum;
            block->Start = -zero * sum;
        }
    }

    // to the nearest whole number, ties to even
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Round(Vector128<float> value) =>
        (value + Vector128.Create(Shift)).AsInt32() - Vector128.Create(BitConverter.SingleToInt32Bits(Shift));
}
