using System.Text;
using LlmFromScratch.Course;
using LlmFromScratch.Diagnostics;
using LlmFromScratch.Inference;
using LlmFromScratch.Kernels;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Tests.Chapters.Ch00_PromptToAnswer;

/// <summary>The stations of the machine, with the embedded model: what the chapter shows is what the engine does.</summary>
[Trait("Chapter", "00")]
public sealed class MachineTests : IDisposable
{
    private const string Prompt = "Long ago, a little fox";

    private readonly LanguageModel _model = LanguageModel.LoadEmbedded();

    public void Dispose() => _model.Dispose();

    [Fact]
    public void Pieces_OfThePrompt_JoinToIt()
    {
        byte[] bytes = [.. _model.Generator.EncodePrompt(Prompt).SelectMany(id => _model.Tokenizer.GetBytes(id).ToArray())];
        Assert.Equal(Prompt, Encoding.UTF8.GetString(bytes));
    }

    [Fact]
    public void Loop_EverythingAgainForEachToken_WritesWhatTheEngineWrites()
    {
        int[] ids = _model.Generator.EncodePrompt(Prompt);
        List<int> all = [.. ids];
        for (int i = 0; i < 8; i++)
        {
            using Session session = new(_model.Transformer, all.Count);
            float[] scores = session.Prefill([.. all]).ToArray();
            all.Add(Array.IndexOf(scores, scores.Max()));
        }
        Assert.Equal(Engine(8), all.Skip(ids.Length));
    }

    [Fact]
    public void Rows_ComputedInTheEngine_AreALineWithACacheAndATriangleWithout()
    {
        int[] ids = _model.Generator.EncodePrompt(Prompt), written = Engine(6);
        int with = 0, without = 0;
        using Session kept = new(_model.Transformer, 64);
        for (int step = 0; step < written.Length; step++)
        {
            with += Count(kept, step == 0 ? ids : [written[step - 1]]);
            using Session fresh = new(_model.Transformer, 64);
            without += Count(fresh, [.. ids, .. written[..step]]);
        }
        (int p, int n) = (ids.Length, written.Length);
        Assert.Equal((p + n - 1, n * p + n * (n - 1) / 2), (with, without)); // the last token is chosen and never read
    }

    [Fact]
    public void Steps_OfDecode_AreOneFewerThanTheTokens() // the first token comes out of prefill: exercise 0.4
    {
        GenerationOptions options = new() { MaxTokens = 10, IgnoreEndOfSequence = true, Sampling = new() { Temperature = 0 } };
        Assert.Equal(9, _model.Generator.Generate(Prompt, options).Timings.DecodeSteps);
    }

    [Fact]
    public void Scores_OfThePrompt_ComeFromItsLastRowAlone()
    {
        int[] ids = _model.Generator.EncodePrompt(Prompt);
        using Session whole = new(_model.Transformer, 64), split = new(_model.Transformer, 64);
        float[] once = whole.Prefill(ids).ToArray();
        split.Prefill(ids[..^1]);
        Assert.Equal(once, split.Prefill(ids[^1..]).ToArray()); // one row, the cache holds the others
    }

    private int[] Engine(int count) => [.. _model.Generator.Generate(Prompt, new GenerationOptions { MaxTokens = count, Sampling = new() { Temperature = 0 } }).Ids];

    private static int Count(Session session, int[] ids)
    {
        RowCounter counter = new();
        session.Prefill(ids, counter);
        return counter.Rows;
    }

    private sealed class RowCounter : IForwardObserver
    {
        public int Rows { get; private set; }

        public void Observe(ForwardPoint point, int layer, Tensor value, IBackend backend)
        {
            if (point == ForwardPoint.BlockOutput && layer == 0) Rows += value.Shape[0];
        }
    }
}
