using LlmFromScratch.Numerics;
using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Training.Layers;

/// <summary>Biases of attention scores by the distance of query and key, for <see cref="ITape.Attention"/>: [H, T + S - 1].</summary>
public static class PositionBias
{
    /// <summary><c>slope_h · (key position - query position)</c> with <c>slope_h = 2^(-8(h + 1)/H)</c> (Press et al. 2022, ALiBi, section 3).</summary>
    /// <param name="headCount">H.</param>
    /// <param name="queryCount">T: the last of the S positions.</param>
    /// <param name="keyCount">S.</param>
    public static Variable Alibi(int headCount, int queryCount, int keyCount)
    {
        int distances = queryCount + keyCount - 1;
        double[] bias = new double[headCount * distances];
        for (int head = 0; head < headCount; head++)
        {
            double slope = PortableMath.Pow(2, -8.0 * (head + 1) / headCount);
            for (int i = 0; i < distances; i++) bias[head * distances + i] = slope * Distance(i, keyCount);
        }
        return Variable.Constant("ALiBi", new Shape(headCount, distances), bias);
    }

    /// <summary>
    /// Learned biases by buckets of distance, one table for all layers (Raffel et al. 2020, T5, section 2.1): small distances have a bucket each, larger
    /// ones share buckets that grow like the logarithm, up to 128; beyond that all share the last.
    /// </summary>
    /// <param name="tape">Records: the table gets a gradient.</param>
    /// <param name="table">[buckets, H]; 32 buckets in T5.</param>
    /// <param name="queryCount">T.</param>
    /// <param name="keyCount">S.</param>
    /// <param name="bothWays">Half of the buckets for keys after the query, as in an encoder.</param>
    public static Variable Relative(ITape tape, Variable table, int queryCount, int keyCount, bool bothWays)
    {
        int buckets = table.Shape[0], heads = table.Shape[1], distances = queryCount + keyCount - 1;
        Memory<int> places = tape.Indices(heads * distances);
        for (int head = 0; head < heads; head++)
        for (int i = 0; i < distances; i++)
            places.Span[head * distances + i] = Bucket(Distance(i, keyCount), buckets, bothWays) * heads + head;
        return tape.Elements(table, places, new Shape(heads, distances));
    }

    /// <summary>T5's bucket of a distance.</summary>
    /// <param name="distance">Key position minus query position.</param>
    /// <param name="buckets">How many there are.</param>
    /// <param name="bothWays">Whether keys after the query have the upper half.</param>
    public static int Bucket(int distance, int buckets, bool bothWays)
    {
        const int farthest = 128;
        int first = bothWays && distance > 0 ? buckets / 2 : 0, count = bothWays ? buckets / 2 : buckets;
        int far = bothWays ? Math.Abs(distance) : Math.Max(0, -distance), exact = count / 2;
        if (far < exact) return first + far;
        double logarithm = PortableMath.Log((double)far / exact) / PortableMath.Log((double)farthest / exact); // 0 at exact, 1 at 128
        return first + Math.Min(count - 1, exact + (int)(logarithm * (count - exact)));
    }

    // Entry s - t + T - 1 of a head belongs to query t, which stands at position S - T + t, and key s.
    private static int Distance(int entry, int keyCount) => entry + 1 - keyCount;
}
