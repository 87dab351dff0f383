using LlmFromScratch.Inference;
using LlmFromScratch.Kernels;
using LlmFromScratch.Kernels.Reference;
using LlmFromScratch.Models;
using LlmFromScratch.Tensors;
using LlmFromScratch.Tests.Kernels;
using LlmFromScratch.Tests.Models;

namespace LlmFromScratch.Tests.Inference;

public class SequenceBatchTests
{
    private static readonly ModelConfig Config = TinyModel.Config with { KvHeadCount = 4 }; // K · D = 32, so that a cache may be Q8_0
    private static readonly int[][] Prompts = [[3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 2, 3], [2, 7], [1, 6, 1, 8, 0, 3, 3, 9]];

    public static TheoryData<string, DType> BackendsAndTypes => CacheTypeTests.BackendsAndTypes;

    [Theory]
    [MemberData(nameof(BackendsAndTypes))]
    public void Run_ThreeTextsTogether_HaveTheBitsOfEachAlone(string name, DType type)
    {
        using IBackend backend = name == "reference" ? new ReferenceBackend() : TestBackends.Create(name);
        using Transformer model = TinyModel.Create(backend, Config);
        using SequenceBatch batch = new(model, 3, contextLength: 40, cacheType: type);
        Session[] alone = Prompts.Select(_ => new Session(model, 40, cacheType: type)).ToArray();
        for (int s = 0; s < 3; s++) batch.Add(s, Prompts[s]);
        batch.Run(); // three prompts of different lengths in one forward call
        for (int s = 0; s < 3; s++) Assert.Equal(alone[s].Prefill(Prompts[s]).ToArray(), batch.Logits(s).ToArray());
        for (int step = 0; step < 4; step++)
        {
            int[] running = step % 2 == 0 ? [2, 0, 1] : [1, 2]; // another order each time, and one that rests
            foreach (int s in running) batch.Add(s, [step + s]);
            batch.Run();
            foreach (int s in running) Assert.Equal(alone[s].Decode(step + s).ToArray(), batch.Logits(s).ToArray());
        }
        Assert.Equal([.. Prompts[1], 1, 2, 3, 4], batch.Ids(1).ToArray());
        foreach (Session session in alone) session.Dispose();
    }

    [Fact]
    public void Fork_SharesThePrompt_AndCopiesOnlyWhatIsWritten()
    {
        using ReferenceBackend backend = new();
        using Transformer model = TinyModel.Create(backend);
        using SequenceBatch batch = new(model, 3, contextLength: 40, tokenCapacity: 64); // 4 blocks: too few for three copies of 18 tokens
        batch.Add(0, Prompts[0]);
        batch.Run();
        batch.Fork(0, 1);
        batch.Fork(0, 2);
        Assert.Equal(batch.Logits(0).ToArray(), batch.Logits(2).ToArray());
        foreach (int s in (int[])[0, 1, 2]) batch.Add(s, [30 + s]);
        batch.Run();
        foreach (int s in (int[])[0, 1, 2])
        {
            using Session session = new(model);
            Assert.Equal(session.Prefill([.. Prompts[0], 30 + s]).ToArray(), batch.Logits(s).ToArray());
        }
    }

    [Fact]
    public void Add_TooMuch_IsRefusedAndChangesNothing()
    {
        using ReferenceBackend backend = new();
        using Transformer model = TinyModel.Create(backend);
        using SequenceBatch batch = new(model, 2, contextLength: 10, tokenCapacity: 16, maxRows: 6);
        Assert.Contains("exceed the 6 of one call", Assert.Throws<InvalidOperationException>(() => batch.Add(0, [1, 2, 3, 4, 5, 6, 7])).Message);
        batch.Add(0, [1, 2, 3, 4, 5]);
        Assert.Contains("5 tokens are added and 2 more exceed the 6", Assert.Throws<InvalidOperationException>(() => batch.Add(0, [6, 7])).Message);
        Assert.Contains("run first", Assert.Throws<InvalidOperationException>(() => batch.Fork(0, 1)).Message);
        batch.Run();
        Assert.Contains("exceed the context of 10", Assert.Throws<InvalidOperationException>(() => batch.Add(0, [1, 2, 3, 4, 5, 6])).Message);
        Assert.Contains("0 of 1 are free", Assert.Throws<InvalidOperationException>(() => batch.Add(1, [1])).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.Add(0, [37]));
        Assert.Throws<InvalidOperationException>(batch.Run);
        Assert.Throws<InvalidOperationException>(() => batch.Logits(1).ToArray());
        Assert.Equal((5, 0), (batch.Length(0), batch.Length(1)));
    }

    [Fact]
    public void Score_VocabularyTooLargeForOneCall_GivesTheRowsOneByOne()
    {
        const int Vocab = 1 << 18; // 16 rows of logits a call, and the text has 18 tokens
        ModelConfig large = TinyModel.Config with { VocabSize = Vocab, EmbeddingSize = 2, LayerCount = 1, HeadCount = 1, KvHeadCount = 1, HeadSize = 2, FeedForwardSize = 2 };
        using ReferenceBackend backend = new();
        using Transformer model = TinyModel.Create(backend, large);
        using Session whole = new(model), single = new(model);
        float[] rows = whole.Score(Prompts[0]);
        for (int t = 0; t < Prompts[0].Length; t++)
            Assert.True(single.Decode(Prompts[0][t]).SequenceEqual(rows.AsSpan(t * Vocab, Vocab)), $"row {t}");
    }

    [Fact]
    public void RunState_MoreWantedRowsThanItHolds_AreRefused()
    {
        using ReferenceBackend backend = new();
        using Transformer model = TinyModel.Create(backend);
        using KvCache cache = new(backend, model.Config, 16);
        using ForwardBatch batch = new(backend, 4, 1, 1);
        using RunState state = new(backend, model.Config, maxRows: 4, maxWanted: 1);
        cache.Extend(0, 2);
        cache.Describe(0, batch);
        for (int t = 0; t < 2; t++) batch.Add(t, t, 0, wantLogits: true);
        batch.Commit();
        Assert.Contains("logits of 1 rows a call, got 2", Assert.Throws<ArgumentException>(() => model.Forward(batch, cache.Layers, state)).Message);
    }

    [Fact]
    public void Reuse_KeepsTheCommonBeginning_AndLeavesAtLeastOneTokenToRead()
    {
        using ReferenceBackend backend = new();
        using Transformer model = TinyModel.Create(backend);
        using Session session = new(model);
        float[] logits = session.Prefill(Prompts[0]).ToArray();
        Assert.Equal(17, session.Reuse(Prompts[0])); // all 18 are known, but someone wants the logits of the last
        Assert.Equal(logits, session.Prefill(Prompts[0].AsSpan(17)).ToArray());
        Assert.Equal(5, session.Reuse([3, 1, 4, 1, 5, 36, 36]));
        Assert.Equal(Prompts[0][..5], session.Ids.ToArray());
        Assert.Equal(0, session.Reuse([8]));
        Assert.Throws<ArgumentException>(() => session.Reuse([]));
    }
}
