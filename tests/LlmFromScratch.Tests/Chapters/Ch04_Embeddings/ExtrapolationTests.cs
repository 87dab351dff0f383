using LlmFromScratch.Numerics;
using LlmFromScratch.Tests.Training.Autograd;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Data.TinyTales;
using LlmFromScratch.Training.Models;
using LlmFromScratch.Training.Optimization;

namespace LlmFromScratch.Tests.Chapters.Ch04_Embeddings;

/// <summary>Checklist F5 and erratum X12: what each way to know positions is worth beyond the length of training.</summary>
[Trait("Chapter", "04")]
public class ExtrapolationTests
{
    private const int Trained = 32, Asked = 128, Batch = 16;

    [Theory]
    [InlineData(PositionKind.None), InlineData(PositionKind.Sinusoidal), InlineData(PositionKind.Learned), InlineData(PositionKind.Rope), InlineData(PositionKind.Alibi)]
    public void Decoder_OfEachKind_FloatEqualsDouble(PositionKind kind)
    {
        PositionedDecoder model = new(kind, vocabSize: 7, size: 8, headCount: 2, layerCount: 2, longest: 6, seed: 1);
        int[] ids = [1, 5, 2, 6, 3, 3, 0, 4, 2, 1];
        Gradients.CheckFast(tape => model.Forward(tape, ids, 2),
            [.. model.Parameters.Where(parameter => parameter.Name is "tokens" or "positions" or "0.attention_q.weight" or "1.network_up.weight")]);
    }

    [Fact]
    public void Decoder_OrderOfEarlierTokens_IsSeenWithPositionsOnly()
    {
        foreach (PositionKind kind in Enum.GetValues<PositionKind>())
        {
            PositionedDecoder model = new(kind, vocabSize: 7, size: 16, headCount: 2, layerCount: 1, longest: 8, seed: 1);
            float[] usual = Last(model, [1, 2, 3, 4, 5]), swapped = Last(model, [3, 1, 2, 4, 5]); // one block: the last token sees a bag, unless positions say more
            double apart = usual.Zip(swapped, (a, b) => Math.Abs((double)a - b)).Max();
            Assert.True(kind == PositionKind.None ? apart < 1e-6 : apart > 1e-5, $"{kind}: {apart}");
        }
    }

    [Fact]
    public void Loss_BeyondTheTrainedLength_RisesForSinesTablesAndRopeButNotForAlibi()
    {
        string letters = string.Join("\n", new TinyTalesGenerator(1).Stories(200_000)).ToLowerInvariant();
        char[] alphabet = [.. letters.Distinct().Order()];
        int[] ids = [.. letters.Select(c => Array.IndexOf(alphabet, c))];
        (double Within, double Beyond) sines = Losses(PositionKind.Sinusoidal, ids, alphabet.Length), table = Losses(PositionKind.Learned, ids, alphabet.Length);
        (double Within, double Beyond) rope = Losses(PositionKind.Rope, ids, alphabet.Length), alibi = Losses(PositionKind.Alibi, ids, alphabet.Length);
        Assert.True(rope.Within < sines.Within && rope.Within < table.Within, $"within: RoPE {rope}, sines {sines}, table {table}");
        Assert.True(alibi.Beyond < alibi.Within + 0.1, $"ALiBi {alibi}");
        Assert.True(sines.Beyond > sines.Within + 0.2, $"sines {sines}");
        Assert.True(rope.Beyond > rope.Within + 0.4, $"RoPE {rope}");
        Assert.True(table.Beyond > table.Within + 0.1, $"table {table}");
    }

    private static float[] Last(PositionedDecoder model, int[] ids)
    {
        using Tape tape = new();
        return model.Forward(tape, ids, 1).Data[^7..].ToArray();
    }

    // The mean loss of letters 17 to 32, and of letters 97 to 128.
    private static (double Within, double Beyond) Losses(PositionKind kind, int[] ids, int vocabSize)
    {
        const int steps = 150;
        PositionedDecoder model = new(kind, vocabSize, size: 32, headCount: 4, layerCount: 2, longest: Asked, seed: 1);
        AdamW optimizer = new(model.Parameters, new AdamWSettings { WeightDecay = 0.01f, Beta2 = 0.99f });
        CosineSchedule schedule = new(Peak: 0.01f, Final: 0.001f, WarmupSteps: 10, TotalSteps: steps);
        SeededRandom random = new(2);
        int cut = ids.Length * 9 / 10;
        using Tape tape = new();
        for (int step = 0; step < steps; step++)
        {
            int[] starts = [.. Enumerable.Range(0, Batch).Select(_ => random.NextInt(cut - Trained - 1))];
            model.ZeroGradients();
            tape.Backward(tape.CrossEntropy(model.Forward(tape, Texts(ids, starts, Trained, 0), Batch), Texts(ids, starts, Trained, 1)));
            GradientClipping.ClipGlobalNorm(model.Parameters, 1);
            optimizer.Step(schedule.Rate(step));
        }
        int[] asked = [.. Enumerable.Range(0, 48).Select(i => cut + i * ((ids.Length - cut - Asked - 1) / 48))];
        float[] log = tape.LogProbability(model.Forward(tape, Texts(ids, asked, Asked, 0), 48), Texts(ids, asked, Asked, 1)).Data.ToArray();
        return (-log.Where((_, i) => i % Asked is >= 16 and < 32).Average(), -log.Where((_, i) => i % Asked >= 96).Average());
    }

    private static int[] Texts(int[] ids, int[] starts, int length, int shift) => [.. starts.SelectMany(start => ids[(start + shift)..(start + shift + length)])];
}
