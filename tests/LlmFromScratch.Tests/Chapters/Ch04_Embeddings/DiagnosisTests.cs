using LlmFromScratch.Course;
using LlmFromScratch.Kernels;
using LlmFromScratch.Kernels.Reference;

namespace LlmFromScratch.Tests.Chapters.Ch04_Embeddings;

/// <summary>Right answers written in another way pass, and mistakes as a learner writes them get the catalogue's diagnosis.</summary>
[Trait("Chapter", "04")]
public class DiagnosisTests
{
    [Fact]
    public void TableGradient_ByGroups_Passes()
    {
        static float[] Grouped(int[] ids, float[] gradient, int v, int c) =>
            [.. from row in Enumerable.Range(0, v) from i in Enumerable.Range(0, c) select Enumerable.Range(0, ids.Length).Where(n => ids[n] == row).Sum(n => gradient[n * c + i])];
        Assert.Equal(CheckOutcome.Passed, Check.Run("4.1", Grouped).Outcome);
    }

    [Fact]
    public void TableGradient_CopiedOver_IsNamed()
    {
        static float[] Copy(int[] ids, float[] gradient, int v, int c)
        {
            float[] table = new float[v * c];
            for (int n = 0; n < ids.Length; n++) Array.Copy(gradient, n * c, table, ids[n] * c, c);
            return table;
        }
        Assert.Equal("the last one wins", Check.Run("4.1", Copy).MistakeName);
    }

    [Fact]
    public void Cosine_WithoutAGuard_IsNamed() => Assert.Equal("zeros are not handled",
        Check.Run("4.2", (float[] a, float[] b) => a.Select((x, i) => (double)x * b[i]).Sum() / Math.Sqrt(a.Sum(x => (double)x * x)) / Math.Sqrt(b.Sum(x => (double)x * x))).MistakeName);

    [Fact]
    public void Cosine_OfTheChaptersFirstCell_IsNamed()
    {
        static double Naive(float[] a, float[] b)
        {
            float dot = 0, aa = 0, bb = 0;
            for (int i = 0; i < a.Length; i++) (dot, aa, bb) = (dot + a[i] * b[i], aa + a[i] * a[i], bb + b[i] * b[i]);
            return dot / (MathF.Sqrt(aa) * MathF.Sqrt(bb));
        }
        Assert.Equal("squares in float, zeros not handled", Check.Run("4.2", Naive).MistakeName);
    }

    [Fact]
    public void PairLoss_BySoftplus_Passes()
    {
        static double Softplus(double z) => z > 30 ? z : Math.Log(1 + Math.Exp(z));
        static double Score(float[] a, float[] b) { double sum = 0; for (int i = 0; i < a.Length; i++) sum += a[i] * b[i]; return sum; }
        Assert.Equal(CheckOutcome.Passed, Check.Run("4.3", (float[] w, float[] c, float[][] random) => Softplus(-Score(w, c)) + random.Select(n => Softplus(Score(w, n))).Sum()).Outcome);
    }

    [Fact]
    public void PairLoss_AsTheFormulaStands_IsNamed()
    {
        static double Sigmoid(double z) => 1 / (1 + Math.Exp(-z));
        static double Loss(float[] w, float[] c, float[][] random)
        {
            double loss = -Math.Log(Sigmoid(w.Zip(c, (x, y) => x * y).Sum()));
            foreach (float[] n in random) loss -= Math.Log(Sigmoid(-w.Zip(n, (x, y) => x * y).Sum()));
            return loss;
        }
        Assert.Equal("overflow", Check.Run("4.3", Loss).MistakeName);
    }

    [Theory, InlineData(1e-12), InlineData(1e-9)]
    public void PairLoss_WithAFloorInTheLogarithm_IsNamed(double floor)
    {
        static float Sigmoid(float z) => 1 / (1 + MathF.Exp(-z));
        double Loss(float[] w, float[] c, float[][] random)
        {
            double loss = -Math.Log(Sigmoid(w.Zip(c, (x, y) => x * y).Sum()) + floor);
            foreach (float[] n in random) loss -= Math.Log(Sigmoid(-w.Zip(n, (x, y) => x * y).Sum()) + floor);
            return loss;
        }
        Assert.Equal(floor == 1e-12 ? "a floor of 1e-12" : "a floor of 1e-9", Check.Run("4.3", Loss).MistakeName);
    }

    [Fact]
    public void PairLoss_RandomWordsAgainstTheNeighbour_IsNamed()
    {
        static double Cost(double z) => z > 0 ? Math.Log(1 + Math.Exp(-z)) : -z + Math.Log(1 + Math.Exp(z));
        static double Score(float[] a, float[] b) => a.Select((x, i) => (double)x * b[i]).Sum();
        Assert.Equal("random words scored against the neighbour", Check.Run("4.3", (float[] w, float[] c, float[][] random) => Cost(Score(w, c)) + random.Sum(n => Cost(-Score(c, n)))).MistakeName);
    }

    [Fact]
    public void PositionCode_Multiplied_IsNamed() => Assert.Equal("multiplied by the power", Check.Run("4.4", (int p, int c) => Code(c, i => p * Math.Pow(10_000, 2.0 * i / c))).MistakeName);

    [Fact]
    public void PositionCode_PairsFromOne_IsNamed() => Assert.Equal("pairs counted from 1", Check.Run("4.4", (int p, int c) => Code(c, i => p / Math.Pow(10_000, 2.0 * (i + 1) / c))).MistakeName);

    [Fact]
    public void PositionCode_WithHalves_IsNamed()
    {
        static double[] Halves(int p, int c) =>
            [.. from f in new Func<double, double>[] { Math.Sin, Math.Cos } from i in Enumerable.Range(0, c / 2) select f(p * Math.Exp(-Math.Log(10_000) * 2 * i / c))];
        Assert.Equal("all sines first", Check.Run("4.4", Halves).MistakeName);
    }

    [Fact]
    public void RotateHead_WithFrequenciesOfItsOwn_IsNamed() => Assert.Equal("frequencies of its own", Check.Run("4.5", new OwnFrequencies()).MistakeName);

    [Fact]
    public void RotateHead_InFloat_Passes() => Assert.Equal(CheckOutcome.Passed, Check.Run("4.5", new Learner(keepsTheOld: true)).Outcome);

    [Fact]
    public void RotateHead_OverwritingTheFirst_IsNamed() => Assert.Equal("the first number overwritten", Check.Run("4.5", new Learner(keepsTheOld: false)).MistakeName);

    private static double[] Code(int size, Func<int, double> angle)
    {
        double[] code = new double[size];
        for (int i = 0; i < size / 2; i++) (code[2 * i], code[2 * i + 1]) = Math.SinCos(angle(i));
        return code;
    }

    private sealed class OwnFrequencies : ReferenceBackend
    {
        protected internal override void RotateHead(Span<float> head, int position, RopeOptions options)
        {
            int pairs = options.Frequencies.Shape[0];
            for (int i = 0; i < pairs; i++)
            {
                int a = options.Pairing == RopePairing.Half ? i : 2 * i, b = options.Pairing == RopePairing.Half ? i + pairs : 2 * i + 1;
                float angle = position * MathF.Pow(10_000, -2f * i / head.Length), old = head[a];
                head[a] = head[a] * MathF.Cos(angle) - head[b] * MathF.Sin(angle);
                head[b] = old * MathF.Sin(angle) + head[b] * MathF.Cos(angle);
            }
        }
    }

    private sealed class Learner(bool keepsTheOld) : ReferenceBackend
    {
        protected internal override void RotateHead(Span<float> head, int position, RopeOptions options)
        {
            for (int i = 0; i < options.Frequencies.Shape[0]; i++)
            {
                int a = options.Pairing == RopePairing.Half ? i : 2 * i, b = options.Pairing == RopePairing.Half ? i + options.Frequencies.Shape[0] : 2 * i + 1;
                float angle = position * options.Frequencies.Floats[i], old = head[a];
                head[a] = head[a] * MathF.Cos(angle) - head[b] * MathF.Sin(angle);
                head[b] = (keepsTheOld ? old : head[a]) * MathF.Sin(angle) + head[b] * MathF.Cos(angle);
            }
        }
    }
}
