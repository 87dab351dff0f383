using LlmFromScratch.Course;
using LlmFromScratch.Kernels.Reference;

namespace LlmFromScratch.Tests.Chapters.Ch07_TransformerBlock;

/// <summary>Mistakes as a learner writes them, in float and in another style than the catalogue's mutants, get the same diagnosis.</summary>
[Trait("Chapter", "07")]
public class DiagnosisTests
{
    [Fact]
    public void Norm_InFloat_Passes() => Assert.Equal(CheckOutcome.Passed, Check.Run("7.1", new Learner((squares, n, e) => MathF.Sqrt(squares / n + e))).Outcome);

    [Fact]
    public void Norm_EpsilonOutside_IsNamed() => Assert.Equal("epsilon outside of the root", Check.Run("7.1", new Learner((squares, n, e) => MathF.Sqrt(squares / n) + e)).MistakeName);

    [Fact]
    public void Norm_SumOfSquares_IsNamed() => Assert.Equal("sum instead of mean", Check.Run("7.1", new Learner((squares, _, e) => MathF.Sqrt(squares + e))).MistakeName);

    [Fact]
    public void Norm_AddedToTheOutput_IsNamed() => Assert.Equal("added to what was there", Check.Run("7.1", new Adder()).MistakeName);

    [Fact]
    public void Block_PostNorm_IsNamed()
    {
        static float[] Post(float[] x, Func<float[], float[]> n1, Func<float[], float[]> a, Func<float[], float[]> n2, Func<float[], float[]> f)
        {
            float[] copy = [.. x];
            x = n1([.. copy.Zip(a([.. x]), (p, q) => p + q)]);
            return n2([.. x.Zip(f([.. x]), (p, q) => p + q)]);
        }
        Assert.Equal("post-norm", Check.Run("7.2", Post).MistakeName);
    }

    [Fact]
    public void FeedForward_Sigmoid_IsNamed()
    {
        static float[] Glu(float[] x, float[] gate, float[] up, float[] down)
        {
            float[] Times(float[] w, float[] v) => [.. w.Chunk(v.Length).Select(row => row.Zip(v, (a, b) => a * b).Sum())];
            return Times(down, [.. Times(gate, x).Zip(Times(up, x), (g, u) => 1 / (1 + MathF.Exp(-g)) * u)]);
        }
        Assert.Equal("sigmoid instead of SiLU", Check.Run("7.3", Glu).MistakeName);
    }

    [Fact]
    public void Route_SoftmaxOverAll_IsNamed()
    {
        static (int[], float[]) Cut(float[] logits, int used)
        {
            float[] all = Lab.Softmax(logits);
            int[] best = [.. Enumerable.Range(0, logits.Length).OrderBy(e => -logits[e]).Take(used)];
            return (best, [.. best.Select(e => all[e])]);
        }
        Assert.Equal("shares of all experts", Check.Run("7.4", Cut).MistakeName);
    }

    [Fact]
    public void Count_WithoutPositions_IsNamed() =>
        Assert.Equal("positions left out", Check.Run("7.5", (int v, int p, int c, int l) => (long)v * c + l * (12L * c * c + 13L * c) + 2 * c).MistakeName);

    [Theory]
    [InlineData(0, 5, "4C a block too few")] // attention's biases
    [InlineData(4, 0, "5C a block too few")] // the network's
    [InlineData(4, 2, "3C a block too few")] // the first of the network's as narrow as the second
    public void Count_BiasesMissing_AreNamed(int attention, int network, string name) => Assert.Equal(name,
        Check.Run("7.5", (int v, int p, int c, int l) => (long)(v + p) * c + l * (12L * c * c + (attention + network) * (long)c + 4L * c) + 2L * c).MistakeName);

    [Fact]
    public void Count_Wrong_IsShownAsANumber() =>
        Assert.Contains("the result: expected 29, got 25", Check.Run("7.5", (int v, int p, int c, int l) => (long)(v + p) * c + l * (12L * c * c + 9L * c) + 2L * c).Finding);

    private sealed class Learner(Func<float, int, float, float> size) : ReferenceBackend
    {
        protected internal override void NormRow(ReadOnlySpan<float> x, ReadOnlySpan<float> weight, float epsilon, Span<float> output)
        {
            float squares = 0;
            for (int i = 0; i < x.Length; i++) squares += x[i] * x[i];
            float divisor = size(squares, x.Length, epsilon);
            for (int i = 0; i < x.Length; i++) output[i] = weight[i] * x[i] / divisor;
        }
    }

    private sealed class Adder : ReferenceBackend
    {
        protected internal override void NormRow(ReadOnlySpan<float> x, ReadOnlySpan<float> weight, float epsilon, Span<float> output)
        {
            float squares = 0;
            foreach (float value in x) squares += value * value;
            float scale = 1 / MathF.Sqrt(squares / x.Length + epsilon);
            for (int i = 0; i < x.Length; i++) output[i] += x[i] * scale * weight[i];
        }
    }
}
