using LlmFromScratch.Course;

namespace LlmFromScratch.Tests.Chapters.Ch05_BeforeAttention;

/// <summary>Mistakes as a learner writes them, in float and in another style than the catalogue's mutants, get the same diagnosis.</summary>
[Trait("Chapter", "05")]
public class DiagnosisTests
{
    [Fact]
    public void Read_InFloat_Passes() => Assert.Equal(CheckOutcome.Passed, Check.Run("5.1", (float[] x, float[] w, float[] u, float[] b) => Read(x, w, u, b, inPlace: false)).Outcome);

    [Fact]
    public void Read_InPlace_IsNamed() => Assert.Equal("new numbers used too early", Check.Run("5.1", (float[] x, float[] w, float[] u, float[] b) => Read(x, w, u, b, inPlace: true)).MistakeName);

    [Fact]
    public void GradientOfU_LastStepOnly_IsNamed()
    {
        static float[] Short(float[] states, float[] u, float[] last)
        {
            int size = last.Length;
            float[] after = states[^size..], before = states[^(2 * size)..^size];
            return [.. last.SelectMany((g, i) => before.Select(h => g * (1 - after[i] * after[i]) * h))];
        }
        Assert.Equal("last step only", Check.Run("5.2", Short).MistakeName);
    }

    [Fact]
    public void LstmCell_GatesInAnotherOrder_IsNamed() => Assert.Equal("candidate and output gate exchanged", Check.Run("5.3", Lstm(g: 3, o: 2, stateFirst: true)).MistakeName);

    [Fact]
    public void LstmCell_CellReturnedFirst_IsNamed() => Assert.Equal("state and cell exchanged", Check.Run("5.3", Lstm(g: 2, o: 3, stateFirst: false)).MistakeName);

    [Fact]
    public void LookBack_WithoutTanh_IsNamed() => Assert.Equal("tanh left out", Check.Run("5.4", Look(z => z, (s, _) => s, Lab.Softmax)).MistakeName);

    [Fact]
    public void LookBack_RawScoresForWeights_IsNamed() => Assert.Equal("softmax left out", Check.Run("5.4", Look(MathF.Tanh, (s, _) => s, scores => scores)).MistakeName);

    [Fact]
    public void LookBack_DividedByTheRootOfC_IsNamed() => Assert.Equal("scaled by the state's size", Check.Run("5.4", Look(MathF.Tanh, (s, size) => s / MathF.Sqrt(size), Lab.Softmax)).MistakeName);

    private static Func<float[], float[], float[], float[], float[], float[], (float[], float[])> Lstm(int g, int o, bool stateFirst) => (x, h, c, w, u, b) =>
    {
        int size = c.Length;
        float[] sums = [.. b.Select((bias, r) => bias + x.Select((v, j) => w[r * x.Length + j] * v).Sum() + h.Select((v, j) => u[r * size + j] * v).Sum())];
        static float Sigmoid(float z) => 1 / (1 + MathF.Exp(-z));
        float[] cell = [.. c.Select((old, n) => Sigmoid(sums[size + n]) * old + Sigmoid(sums[n]) * MathF.Tanh(sums[g * size + n]))];
        float[] state = [.. cell.Select((v, n) => Sigmoid(sums[o * size + n]) * MathF.Tanh(v))];
        return stateFirst ? (state, cell) : (cell, state);
    };

    private static Func<float[], float[], float[], float[], float[], (float[], float[])> Look(Func<float, float> bend, Func<float, int, float> scale, Func<float[], float[]> share) => (q, states, wq, wk, v) =>
    {
        float[] Times(float[] w, float[] x) => [.. w.Chunk(x.Length).Select(row => row.Zip(x, (a, b) => a * b).Sum())];
        float[][] rows = [.. states.Chunk(q.Length)];
        float[] weights = share([.. rows.Select(h => scale(Times(wk, h).Zip(Times(wq, q), (k, a) => bend(k + a)).Zip(v, (s, size) => s * size).Sum(), q.Length))]);
        return (weights, [.. q.Select((_, i) => rows.Select((h, s) => weights[s] * h[i]).Sum())]);
    };

    private static float[] Read(float[] x, float[] w, float[] u, float[] b, bool inPlace)
    {
        int size = b.Length, inputSize = w.Length / size;
        float[] h = new float[size];
        List<float> states = [];
        for (int t = 0; t < x.Length / inputSize; t++)
        {
            float[] next = inPlace ? h : new float[size];
            for (int i = 0; i < size; i++)
            {
                float sum = b[i];
                for (int j = 0; j < inputSize; j++) sum += w[i * inputSize + j] * x[t * inputSize + j];
                for (int j = 0; j < size; j++) sum += u[i * size + j] * h[j];
                next[i] = MathF.Tanh(sum);
            }
            h = next;
            states.AddRange(h);
        }
        return [.. states];
    }
}
