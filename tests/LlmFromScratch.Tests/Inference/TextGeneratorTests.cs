using LlmFromScratch.Inference;
using LlmFromScratch.Kernels.Cpu;
using LlmFromScratch.Sampling;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Tests.Inference;

/// <summary>The generator with the embedded model: stop strings, turns, limits, log-probabilities, cancellation.</summary>
public sealed class TextGeneratorTests : IDisposable
{
    private const string Prompt = "Once upon a time";
    private static readonly GenerationOptions Greedy = new() { MaxTokens = 24, Sampling = new SamplingOptions { Temperature = 0 } };
    private readonly LanguageModel _model = LanguageModel.LoadEmbedded(new CpuBackend(threads: 1));

    public void Dispose() => _model.Dispose();

    [Theory]
    [InlineData(8, 3)]
    [InlineData(17, 12)] // over the borders of several tokens
    [InlineData(40, 1)]
    public void StopString_EndsBeforeIt_AndNothingOfItLeaks(int start, int length)
    {
        string plain = _model.Generator.Generate(Prompt, Greedy).Text, stop = plain.Substring(start, length), shown = "";
        string expected = plain[..plain.IndexOf(stop, StringComparison.Ordinal)];
        Generation generation = _model.Generator.Generate(Prompt, Greedy with { StopStrings = ["no such text", stop] }, piece =>
        {
            shown += piece;
            Assert.StartsWith(shown, expected);
        });
        Assert.Equal((expected, expected, FinishReason.StopString), (generation.Text, shown, generation.FinishReason));
        Assert.EndsWith(stop, Tail(_model.Tokenizer.Decode(generation.Ids.ToArray()), stop)); // the ids hold it
    }

    [Fact]
    public void StopString_ThatNeverComes_ChangesNothing()
    {
        Generation plain = _model.Generator.Generate(Prompt, Greedy), held = _model.Generator.Generate(Prompt, Greedy with { StopStrings = [plain.Text[^3..] + "zzz", "zzz"] });
        Assert.Equal(plain.Text, held.Text); // its last three letters were held back and came out
        Assert.Equal(FinishReason.Length, held.FinishReason);
    }

    [Fact]
    public void SecondTurn_ReadsOnlyWhatIsNew_AndSaysTheSame()
    {
        using Session session = new(_model.Transformer);
        int[] first = _model.Generator.EncodePrompt(Prompt);
        Generation turn = _model.Generator.Generate(first, Greedy, session: session);
        Assert.Equal(first.Length, turn.Timings.PrefillTokens);
        Assert.Equal(first.Length + 23, session.Length); // the last of 24 chosen ids has not been read yet

        int[] news = _model.Tokenizer.Encode(" They went home."), second = [.. first, .. turn.Ids, .. news];
        Generation next = _model.Generator.Generate(second, Greedy, session: session), fresh = _model.Generator.Generate(second, Greedy);
        Assert.Equal(news.Length + 1, next.Timings.PrefillTokens);
        Assert.Equal(second.Length, fresh.Timings.PrefillTokens);
        Assert.Equal(fresh.Ids, next.Ids);
    }

    [Fact]
    public void Logprobs_AreThoseOfTheModel_WhateverIsSampled()
    {
        SamplingOptions wild = new() { Temperature = 1.5f, TopK = 5, Seed = 3 };
        Generation generation = _model.Generator.Generate(Prompt, Greedy with { MaxTokens = 6, TopLogprobs = 3, Sampling = wild });
        using Session session = new(_model.Transformer);
        session.Prefill(generation.PromptIds.ToArray());
        Assert.Equal(generation.Ids, generation.Logprobs!.Select(token => token.Chosen.Id)); // not null: asked for
        foreach (TokenLogprobs token in generation.Logprobs!)
        {
            Assert.Equal(Logprobs.Of(session.Logits, token.Chosen.Id), token.Chosen.Logprob);
            Assert.Equal(3, token.Top.Count);
            Assert.Equal(session.Logits.ToArray().Max() - Probability.LogSumExp(session.Logits), token.Top[0].Logprob, 1e-12);
            session.Decode(token.Chosen.Id);
        }
        Assert.Null(_model.Generator.Generate(Prompt, Greedy with { MaxTokens = 1 }).Logprobs);
    }

    [Fact]
    public void Context_IsALimit_ThatAPromptMayNotExceedAndAnAnswerEndsAt()
    {
        int[] ids = _model.Generator.EncodePrompt(Prompt);
        GenerationOptions five = Greedy with { MaxTokens = null, ContextLength = ids.Length + 5 };
        Generation generation = _model.Generator.Generate(ids, five);
        Assert.Equal((5, FinishReason.Length), (generation.Ids.Count, generation.FinishReason));
        Assert.Empty(_model.Generator.Generate(ids, five with { ContextLength = ids.Length }).Ids);
        string message = Assert.Throws<ArgumentException>(() => _model.Generator.Generate(ids, five with { ContextLength = ids.Length - 1 })).Message;
        Assert.StartsWith($"The prompt has {ids.Length} tokens; the context holds {ids.Length - 1}. Shorten the prompt, or ask for a longer context", message);
        using Session session = new(_model.Transformer, ids.Length + 2);
        Assert.Equal(2, _model.Generator.Generate(ids, Greedy, session: session).Ids.Count);
    }

    [Fact]
    public async Task Cancelled_InTheMiddle_EndsTheStream()
    {
        using CancellationTokenSource source = new();
        int pieces = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (string _ in _model.Generator.StreamAsync(Prompt, Greedy, source.Token))
                if (++pieces == 3) source.Cancel();
        });
        Assert.Equal(3, pieces);
        Assert.Throws<OperationCanceledException>(() => _model.Generator.Generate(Prompt, Greedy, cancellation: source.Token));
    }

    [Fact]
    public async Task Stream_AtItsEnd_TellsTheWholeGeneration()
    {
        Generation? whole = null;
        string text = "";
        string plain = _model.Generator.Generate(Prompt, Greedy).Text, stop = plain.Substring(30, 6);
        await foreach (string piece in _model.Generator.StreamAsync(_model.Generator.EncodePrompt(Prompt), Greedy with { StopStrings = [stop] }, onFinished: g => whole = g))
            text += piece;
        Assert.Equal((plain[..plain.IndexOf(stop, StringComparison.Ordinal)], FinishReason.StopString), (whole?.Text, whole?.FinishReason));
        Assert.Equal(text, whole?.Text);
    }

    [Fact]
    public void CacheOfHalves_SaysNearlyTheSame_InHalfTheBytes()
    {
        Generation exact = _model.Generator.Generate(Prompt, Greedy), half = _model.Generator.Generate(Prompt, Greedy with { CacheType = DType.F16 });
        Assert.Equal(exact.Ids.Take(8), half.Ids.Take(8));
        using Session full = new(_model.Transformer), rounded = new(_model.Transformer, cacheType: DType.F16);
        Assert.Equal(full.CacheBytes, 2 * rounded.CacheBytes);
    }

    [Fact]
    public void Options_OutOfRange_AreRefused()
    {
        int[] ids = [1];
        Assert.Throws<ArgumentOutOfRangeException>(() => _model.Generator.Generate(ids, Greedy with { MaxTokens = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => _model.Generator.Generate(ids, Greedy with { ContextLength = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => _model.Generator.Generate(ids, Greedy with { TopLogprobs = -1 }));
        Assert.Throws<ArgumentException>(() => _model.Generator.Generate(ids, Greedy with { StopStrings = [""] }));
        Assert.Throws<ArgumentException>(() => _model.Generator.Generate([], Greedy));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void BeamSearch_OneBeamIsGreedy_MoreFindNothingWorse(int beams)
    {
        int[] ids = _model.Generator.EncodePrompt(Prompt);
        BeamGenerator generator = new(_model.Transformer, _model.Tokenizer.SpecialTokens.EndOfSequence);
        IReadOnlyList<BeamHypothesis> found = generator.Search(ids, beams, maxTokens: 20);
        int[] greedy = _model.Generator.Generate(ids, Greedy with { MaxTokens = 20 }).Ids.ToArray();
        if (beams == 1) Assert.Equal(greedy, found.Single().Ids);
        Assert.Equal(beams, found.Count);
        BeamHypothesis two = generator.Search(ids, beams, maxTokens: 2)[0]; // over two tokens a beam never loses the greedy text; over more it may
        Assert.True(two.LogProbability >= LogProbability(ids, greedy[..2]), $"{two.LogProbability} is below that of greedy");
        Assert.All(found, text => Assert.Equal(LogProbability(ids, text.Ids), text.LogProbability)); // forked caches: the same bits as read alone
    }

    private double LogProbability(int[] prompt, IReadOnlyList<int> ids)
    {
        using Session session = new(_model.Transformer);
        session.Prefill(prompt);
        double sum = 0;
        foreach (int id in ids)
        {
            sum += Logprobs.Of(session.Logits, id);
            session.Decode(id);
        }
        return sum;
    }

    private static string Tail(string text, string stop) => text[..(text.IndexOf(stop, StringComparison.Ordinal) + stop.Length)];
}
