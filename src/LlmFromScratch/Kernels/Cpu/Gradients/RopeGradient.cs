using System.Runtime.CompilerServices;
using LlmFromScratch.Numerics;

namespace LlmFromScratch.Kernels.Cpu.Gradients;

/// <summary>
/// Rotary positions for whole training sequences (Su et al. 2021, RoFormer, eq. 34). The rotation by angle a has the gradient rotation by -a,
/// so one loop serves both directions.
/// </summary>
internal static class RopeGradient
{
    /// <summary>Cosine and sine of <c>position · base^(-2i/D)</c>, side by side.</summary>
    /// <param name="firstPosition">The position of row 0.</param>
    /// <param name="headSize">D, even.</param>
    /// <param name="ropeBase">Base of the frequencies, above 1.</param>
    /// <param name="table">[T, D/2, 2].</param>
    public static void FillTable(int firstPosition, int headSize, double ropeBase, Span<float> table)
    {
        int pairs = headSize / 2;
        for (int i = 0; i < pairs; i++)
        {
            double frequency = PortableMath.Pow(ropeBase, -2.0 * i / headSize);
            for (int t = 0; t < table.Length / headSize; t++)
            {
                table[t * headSize + 2 * i] = (float)PortableMath.Cos((firstPosition + t) * frequency);
                table[t * headSize + 2 * i + 1] = (float)PortableMath.Sin((firstPosition + t) * frequency);
            }
        }
    }

    /// <summary>Rotates one row's heads: pair (a, b) becomes <c>(a cos - b sin, a sin + b cos)</c>, or the inverse.</summary>
    /// <param name="x">[heads, D].</param>
    /// <param name="table">[D/2, 2] of this row's position.</param>
    /// <param name="pairing">Which values of a head form a pair.</param>
    /// <param name="inverse">Rotates by the negative angle: the gradient.</param>
    /// <param name="y">[heads, D]; may be x.</param>
    /// <param name="accumulate">Adds to y instead of overwriting; then y is not x.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void RotateRow(ReadOnlySpan<float> x, ReadOnlySpan<float> table, RopePairing pairing, bool inverse, Span<float> y, bool accumulate)
    {
        int headSize = table.Length, pairs = headSize / 2;
        int step = pairing == RopePairing.Interleaved ? 2 : 1, partner = pairing == RopePairing.Interleaved ? 1 : pairs;
        for (int head = 0; head < x.Length; head += headSize)
        {
            ReadOnlySpan<float> xHead = x.Slice(head, headSize);
            Span<float> yHead = y.Slice(head, headSize);
            for (int i = 0; i < pairs; i++)
            {
                int first = i * step, second = first + partner;
                float cos = table[2 * i], sin = inverse ? -table[2 * i + 1] : table[2 * i + 1], a = xHead[first], b = xHead[second];
                float rotatedA = a * cos - b * sin, rotatedB = a * sin + b * cos;
                yHead[first] = accumulate ? yHead[first] + rotatedA : rotatedA;
                yHead[second] = accumulate ? yHead[second] + rotatedB : rotatedB;
            }
        }
    }
}
