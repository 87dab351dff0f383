using LlmFromScratch.Kernels;
using LlmFromScratch.Kernels.Cpu.Gradients;
using LlmFromScratch.Numerics;

namespace LlmFromScratch.Training.Autograd.Reference;

/// <summary>Attention with all its weights in memory, and rotary positions.</summary>
internal static class ReferenceAttention
{
    public static Variable Rope(ReferenceTape tape, Variable x, RopeSettings settings)
    {
        Require.Rope(x, settings);
        double[] y = new double[x.Shape.Count];
        Rotate(tape.ValuesOf(x), y, x.Shape[1], settings, 1);
        return tape.Record("rope", x.Shape, y, yGrad => Rotate(yGrad, tape.GradientOf(x), x.Shape[1], settings, -1), x);
    }

    // y += x turned by direction times the angle of its position.
    private static void Rotate(double[] x, double[] y, int size, RopeSettings settings, int direction)
    {
        int pairs = settings.HeadSize / 2;
        for (int row = 0; row < x.Length / size; row++)
        for (int head = 0; head < size; head += settings.HeadSize)
        for (int i = 0; i < pairs; i++)
        {
            double angle = (settings.FirstPosition + row % settings.TokenCount)
                * PortableMath.Pow(ReferenceTape.Exact(settings.RopeBase), -2.0 * i / settings.HeadSize);
            double cos = PortableMath.Cos(angle), sin = direction * PortableMath.Sin(angle);
            int first = row * size + head + (settings.Pairing == RopePairing.Interleaved ? 2 * i : i);
            int second = first + (settings.Pairing == RopePairing.Interleaved ? 1 : pairs);
            y[first] += x[first] * cos - x[second] * sin;
            y[second] += x[first] * sin + x[second] * cos;
        }
    }

    public static Variable Attention(ReferenceTape tape, Variable q, Variable k, Variable v, AttentionSettings settings, Variable? bias)
    {
        AttentionSizes sizes = AttentionMask.Sizes(q, k, v, settings, bias);
        (int queryCount, int keyCount, int heads, int size) = (sizes.QueryCount, sizes.KeyCount, sizes.HeadCount, sizes.HeadSize);
        double scale = settings.Scale is float given ? ReferenceTape.Exact(given) : 1 / Math.Sqrt(size), cap = ReferenceTape.Exact(settings.SoftCap);
        KeyRange[] visible = new KeyRange[q.Shape[0]];
        AttentionMask.Fill(settings, queryCount, keyCount, visible);
        double[] qs = tape.ValuesOf(q), ks = tape.ValuesOf(k), vs = tape.ValuesOf(v), y = new double[qs.Length];
        double[] biases = bias is null ? [] : tape.ValuesOf(bias);
        double[][] weights = new double[q.Shape[0] * heads][]; // [B·T, H][visible keys]
        ForEachQuery((place, n, head, query) =>
        {
            KeyRange keys = visible[n];
            double[] row = new double[keys.End - keys.First];
            for (int s = keys.First; s < keys.End; s++)
            {
                double score = scale * Dot(qs, query, ks, Key(n, s, head), size);
                if (cap > 0) score = cap * PortableMath.Tanh(score / cap);
                row[s - keys.First] = score + (bias is null ? 0 : biases[Bias(n, s, head)]);
            }
            ReferenceNorms.SoftmaxInPlace(row);
            for (int s = keys.First; s < keys.End; s++)
            for (int d = 0; d < size; d++)
                y[query + d] += row[s - keys.First] * vs[Key(n, s, head) + d];
            weights[place] = row;
        });
        return tape.Record("attention", q.Shape, y, yGrad =>
        {
            double[] qGrad = tape.GradientOf(q), kGrad = tape.GradientOf(k), vGrad = tape.GradientOf(v);
            double[] biasGrad = bias is null ? [] : tape.GradientOf(bias);
            ForEachQuery((place, n, head, query) =>
            {
                double delta = Dot(yGrad, query, y, query, size); // Σ_s weight · weightGrad
                for (int s = visible[n].First; s < visible[n].End; s++)
                {
                    int key = Key(n, s, head);
                    double weight = weights[place][s - visible[n].First];
                    double scoreGrad = weight * (Dot(yGrad, query, vs, key, size) - delta);
                    if (bias is not null) biasGrad[Bias(n, s, head)] += scoreGrad;
                    double tanh = cap > 0 ? PortableMath.Tanh(scale * Dot(qs, query, ks, key, size) / cap) : 0;
                    scoreGrad *= scale * (1 - tanh * tanh);
                    for (int d = 0; d < size; d++)
                    {
                        qGrad[query + d] += scoreGrad * ks[key + d];
                        kGrad[key + d] += scoreGrad * qs[query + d];
                        vGrad[key + d] += weight * yGrad[query + d];
                    }
                }
            });
        }, q, k, v, bias);

        // Calls body(place among weights, row, head, first value) for every row and head.
        void ForEachQuery(Action<int, int, int, int> body)
        {
            for (int n = 0; n < visible.Length; n++)
            for (int head = 0; head < heads; head++)
                body(n * heads + head, n, head, (n * heads + head) * size);
        }

        int Key(int n, int s, int head) => ((n / queryCount * keyCount + s) * sizes.KvHeadCount + head / sizes.GroupSize) * size;

        int Bias(int n, int s, int head) => head * sizes.BiasCount + s - n % queryCount + queryCount - 1;
    }

    private static double Dot(double[] a, int aPlace, double[] b, int bPlace, int count)
    {
        double sum = 0;
        for (int i = 0; i < count; i++) sum += a[aPlace + i] * b[bPlace + i];
        return sum;
    }
}
