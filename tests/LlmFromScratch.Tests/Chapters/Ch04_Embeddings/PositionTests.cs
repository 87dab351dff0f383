using LlmFromScratch.Course;
using LlmFromScratch.Course.Checking;
using LlmFromScratch.Kernels;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Layers;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Tests.Chapters.Ch04_Embeddings;

/// <summary>Checklist F1 to F4 and erratum X9: four ways to say where a token stands.</summary>
[Trait("Chapter", "04")]
public class PositionTests
{
    private const int Count = 8192, Size = 64;
    private static readonly float[][] Codes = [.. SinusoidalPositions.Table(Count, Size).Data.ToArray().Chunk(Size)];

    [Fact]
    public void Sinusoids_ByHand_AreSineAndCosineOfTheAngle()
    {
        float[][] codes = [.. SinusoidalPositions.Table(31, 4).Data.ToArray().Chunk(4)]; // frequencies 1 and 10000^(-2/4) = 1/100
        Assert.Equal([0, 1, 0, 1], codes[0]);
        double[] expected = [0.841471, 0.540302, 0.0099998, 0.99995]; // sin 1, cos 1, sin 0.01, cos 0.01
        for (int i = 0; i < 4; i++) Assert.Equal(expected[i], codes[1][i], 1e-6);
        Assert.Equal(-0.988032, codes[30][0], 1e-6); // sin 30
        Assert.Equal(0.295520, codes[30][2], 1e-6);  // sin 0.3
    }

    [Fact]
    public void Sinusoids_OfTheExercise_AreTheLibrarys()
    {
        Func<int, int, double[]> code = (Func<int, int, double[]>)ExerciseCatalogue.Find("4.4").CreateSolution();
        foreach (int position in new[] { 0, 1, 77, 8191 })
            for (int i = 0; i < Size; i++) Assert.Equal(code(position, Size)[i], Codes[position][i], 1e-6);
    }

    [Theory, InlineData(1), InlineData(5), InlineData(100), InlineData(4000)]
    public void Sinusoids_ShiftedByK_AreOneMatrixTimesAnyCode(int k)
    {
        foreach (int position in new[] { 0, 3, 77, 4000 })
            for (int i = 0; i < Size; i += 2)
            {
                double turn = k * Math.Pow(10_000, -(double)i / Size), sin = Codes[position][i], cos = Codes[position][i + 1]; // M_k: no position in it
                Assert.Equal(sin * Math.Cos(turn) + cos * Math.Sin(turn), Codes[position + k][i], 1e-5);
                Assert.Equal(cos * Math.Cos(turn) - sin * Math.Sin(turn), Codes[position + k][i + 1], 1e-5);
            }
    }

    [Fact]
    public void Sinusoids_OfEightThousandPositions_AreAllDifferent()
    {
        double nearest = Enumerable.Range(1, Count - 1).Min(k => Distance(Codes[0], Codes[k]));
        Assert.True(nearest > 0.5, $"{nearest}");
        foreach (int position in new[] { 1, 500, 4000 }) // the distance hangs on the difference alone
            foreach (int k in new[] { 1, 44, 4000 }) Assert.Equal(Distance(Codes[0], Codes[k]), Distance(Codes[position], Codes[position + k]), 1e-4);
    }

    [Fact]
    public void Sinusoids_OfTheGarbledFormula_SpinFasterFromPairToPair()
    {
        double Garbled(int p, int i) => p * Math.Pow(10_000, 2.0 * i / Size); // "100002i/dmodelpos"
        Assert.True(Garbled(1, 31) > 7000); // radians a position: more than a thousand turns
        Assert.InRange(Math.Asin(Codes[1][62]), 1e-4, 2e-4); // the right one: hardly moves
    }

    [Theory, InlineData(RopePairing.Interleaved), InlineData(RopePairing.Half)]
    public void Rope_ScoresOfAPairOfPlaces_HangOnTheirDifference(RopePairing pairing)
    {
        float[] query = Lab.RandomNormal(16, 31), key = Lab.RandomNormal(16, 32);
        double Score(int m, int n) => Dot(Lab.Rope(query, m, pairing), Lab.Rope(key, n, pairing));
        Assert.Equal(Score(5, 3), Score(1005, 1003), 1e-3); // 1e-3: float angles of a thousand positions
        Assert.True(Math.Abs(Score(5, 3) - Score(9, 3)) > 0.1);
        Assert.Equal(Dot(query, query), Dot(Lab.Rope(query, 1005, pairing), Lab.Rope(query, 1005, pairing)), 1e-3);
        double added = Dot(Added(query, 5), Added(key, 3)), later = Dot(Added(query, 1005), Added(key, 1003));
        Assert.True(Math.Abs(added - later) > 0.1, $"{added} and {later}: sines that are added have no such score");
    }

    [Fact]
    public void Alibi_OfEightHeads_HasGeometricSlopesTimesTheDistance()
    {
        const int heads = 8, tokens = 5, distances = 2 * tokens - 1;
        float[] bias = PositionBias.Alibi(heads, tokens, tokens).Data.ToArray(); // [H, 2T - 1], entry j - i + T - 1
        for (int h = 0; h < heads; h++)
            for (int i = 0; i < tokens; i++)
                for (int j = 0; j <= i; j++) Assert.Equal(-Math.Pow(2, -(h + 1)) * (i - j), bias[h * distances + j - i + tokens - 1], 1e-7);
    }

    [Fact]
    public void LearnedPositions_BehindTheLastRow_AreRefused()
    {
        PositionedDecoder model = new(PositionKind.Learned, vocabSize: 5, size: 8, headCount: 2, layerCount: 1, longest: 4, seed: 1);
        using Tape tape = new();
        Assert.Equal(4, model.Forward(tape, new[] { 1, 2, 3, 4 }, 1).Shape[0]);
        tape.Reset();
        Assert.Contains("a text of 5 tokens, but its table has 4", Assert.Throws<ArgumentException>(() => model.Forward(tape, new[] { 1, 2, 3, 4, 0 }, 1)).Message);
    }

    private static float[] Added(float[] x, int position) => [.. x.Zip(Codes[position], (value, code) => value + code)];

    private static double Dot(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum();

    private static double Distance(float[] a, float[] b) => Math.Sqrt(a.Zip(b, (x, y) => ((double)x - y) * ((double)x - y)).Sum());
}
