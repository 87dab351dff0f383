using LlmFromScratch.Diagnostics;
using LlmFromScratch.Inference;
using LlmFromScratch.Kernels.Cpu;
using LlmFromScratch.Models;
using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Interpretability;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Tests.Training.Interpretability;

public sealed class InterpretabilityTests : IDisposable
{
    private static readonly int[] Clean = [1, 5, 2, 9, 3, 7], Corrupted = [1, 8, 2, 9, 3, 7];

    private readonly CpuBackend _backend = new(1);

    public void Dispose() => _backend.Dispose();

    [Theory, InlineData("llama"), InlineData("gpt2"), InlineData("gemma")]
    public void LogitLens_AfterTheLastBlock_IsTheModelsOwnAnswer(string kind)
    {
        using Transformer model = Engine(Decoders.Random(kind));
        using Session session = new(model);
        LogitLens lens = new(model);
        float[] logits = session.Prefill(Clean, lens).ToArray();
        Assert.Equal(3, lens.DepthCount);
        Assert.Equal(logits, lens.Logits(2, Clean.Length - 1).ToArray());
        Assert.NotEqual(logits, lens.Logits(1, Clean.Length - 1).ToArray());
        IReadOnlyList<(int Id, double Probability)> top = lens.Top(2, Clean.Length - 1, 12);
        Assert.Equal(Array.IndexOf(logits, logits.Max()), top[0].Id);
        Assert.Equal(1, top.Sum(entry => entry.Probability), 1e-9);
    }

    [Fact]
    public void LogitLens_TiedModelAtTheEmbedding_SaysTheTokenItself()
    {
        DecoderModel trained = new(Decoders.Config("llama", 8) with { TiedHead = true }, seed: 1);
        trained["token_embd.weight"].Data.Clear();
        for (int id = 0; id < 8; id++) trained["token_embd.weight"].Data[id * 16 + id] = 1; // one-hot rows
        using Transformer model = Engine(trained);
        using Session session = new(model);
        LogitLens lens = new(model);
        session.Prefill([3, 1, 6], lens);
        Assert.Equal([3, 1, 6], Enumerable.Range(0, 3).Select(position => lens.Top(0, position, 1)[0].Id));
    }

    [Fact]
    public void InductionScore_HeadThatLooksBackNMinusOne_IsOneAndUniformHeadsAreTheirShare()
    {
        // All tokens have the embedding (1, 0, ...), so queries and keys differ by position only. Head 0 has score Σ_i cos((t - s - d) θ_i), largest at t - s = d.
        const int length = 8, distance = length - 1, size = 16;
        DecoderModel trained = new(Decoders.Config("llama") with { HeadCount = 1, KvHeadCount = 1, HeadSize = size, LayerCount = 2 }, seed: 1);
        trained["token_embd.weight"].Data.Clear();
        for (int id = 0; id < 12; id++) trained["token_embd.weight"].Data[id * size] = 1;
        foreach (string name in new[] { "blk.0.attn_q.weight", "blk.0.attn_k.weight", "blk.1.attn_q.weight", "blk.1.attn_k.weight" }) trained[name].Data.Clear();
        for (int pair = 0; pair < size / 2; pair++)
        {
            double angle = distance * Math.Pow(10_000, -2.0 * pair / size);
            trained["blk.0.attn_q.weight"].Data[2 * pair * size] = 10;
            trained["blk.0.attn_k.weight"].Data[2 * pair * size] = (float)(10 * Math.Cos(angle));
            trained["blk.0.attn_k.weight"].Data[(2 * pair + 1) * size] = (float)(10 * Math.Sin(angle));
        }
        using Transformer model = Engine(trained);
        double[,] scores = InductionScore.Measure(model, length, seed: 4);
        Assert.InRange(scores[0, 0], 0.99, 1);
        Assert.Equal(Enumerable.Range(length, length).Sum(t => 1.0 / (t + 1)) / length, scores[1, 0], 1e-6); // the second block's scores are all 0
    }

    [Fact]
    public void InductionReport_FreshModel_KnowsNothingEitherTime()
    {
        DecoderModel trained = AttentionOnly.Create(Decoders.Config("llama", 64), seed: 1);
        using Transformer model = Engine(trained);
        InductionReport report = InductionReport.Measure(model, length: 8, textCount: 3, seed: 1);
        Assert.InRange(report.FirstTimeLoss, Math.Log(64) - 0.1, Math.Log(64) + 0.4); // a guess at random is a little worse than none
        Assert.InRange(report.SecondTimeLoss, Math.Log(64) - 0.1, Math.Log(64) + 0.4);
        Assert.InRange(report.Score, 0.05, 0.15); // about one token in 12 that a query of the second time sees
    }

    [Fact]
    public void AttentionOnly_FeedForwardNetworks_AreZerosThatNeverLearn()
    {
        DecoderModel model = AttentionOnly.Create(Decoders.Config("llama"), seed: 1);
        Assert.All(model.Parameters.Where(weight => weight.Name.Contains("ffn_") && weight.Shape.Rank == 2), weight => Assert.All(weight.Data.ToArray(), value => Assert.Equal(0, value)));
        Assert.Equal(model.Parameters.Where(weight => weight.RequiresGradient), AttentionOnly.Learning(model));
        Assert.DoesNotContain(AttentionOnly.Learning(model), weight => weight.Name.Contains("ffn_"));
        Assert.Equal(3 + 2 * 5, AttentionOnly.Learning(model).Count); // embedding, last norm, head; in each block a norm and four matrices
    }

    [Fact]
    public void Patch_AllPositionsOfABlock_BringsTheCleanAnswerBack()
    {
        using Transformer model = Engine(Decoders.Random("llama"));
        ActivationRecord record = new(ForwardPoint.BlockOutput);
        float[] clean = Prefill(model, Clean, record), corrupted = Prefill(model, Corrupted, null);
        Assert.NotEqual(clean, corrupted);
        for (int layer = 0; layer < 2; layer++)
            Assert.Equal(corrupted, Prefill(model, Corrupted, new ActivationPatch(record, layer, 0))); // token 0 is the same in both
        Assert.Equal(clean, Prefill(model, Corrupted, new ActivationPatch(record, 1, null)));
    }

    [Fact]
    public void Sweep_OneTokenChanged_IsHeldWhereTheChangeCanBe()
    {
        using Transformer model = Engine(Decoders.Random("llama"));
        double[,] shares = ActivationPatching.Sweep(model, Clean, Corrupted, ForwardPoint.BlockOutput, 4, 6);
        Assert.Equal(0, shares[0, 0]); // before the change nothing differs
        Assert.NotEqual(0, shares[0, 1]);
        Assert.Equal(1, shares[1, 5], 1e-6); // the last row after the last block is all that the head reads
        Assert.Equal(0, shares[1, 1]);
    }

    private static float[] Prefill(Transformer model, int[] ids, IForwardObserver? observer)
    {
        using Session session = new(model);
        return session.Prefill(ids, observer).ToArray();
    }

    private Transformer Engine(DecoderModel model)
    {
        Dictionary<string, Tensor> tensors = GgufExport.Tensors(model, parameter => GgufExport.ToTensor(parameter, DType.F32))
            .ToDictionary(entry => entry.Name, entry => entry.Tensor);
        return new Transformer(_backend, model.Config, WeightLoader.Load(_backend, model.Config, tensors.GetValueOrDefault));
    }
}
