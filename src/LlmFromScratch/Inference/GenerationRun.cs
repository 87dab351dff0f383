using System.Diagnostics;
using System.Text;
using LlmFromScratch.Models;
using LlmFromScratch.Sampling;
using LlmFromScratch.Tokenization;

namespace LlmFromScratch.Inference;

/// <summary>
/// One generation in progress, a token at a time: <see cref="Next"/> until it returns false, then <see cref="ToGeneration"/>. Where the data's whole way
/// can be seen in one loop: logits, sampler, id, decoder, text. <see cref="TextGenerator"/> makes it.
/// </summary>
public sealed class GenerationRun : IDisposable
{
    private readonly Session _session;
    private readonly bool _ownsSession;
    private readonly int[] _promptIds;
    private readonly int _maxTokens;
    private readonly GenerationOptions _options;
    private readonly SpecialTokens _specialTokens;
    private readonly SamplerChain _sampler;
    private readonly StreamingDecoder _decoder;
    private readonly StopStringFilter _filter;
    private readonly List<int> _ids;
    private readonly List<TokenLogprobs>? _logprobs;
    private readonly StringBuilder _text = new();
    private double _prefillMilliseconds, _decodeMilliseconds;
    private int _prefillTokens, _decodeSteps;

    internal GenerationRun(Transformer model, ITokenizer tokenizer, Session? session, int[] promptIds, int maxTokens, GenerationOptions options)
    {
        (_ownsSession, _promptIds, _maxTokens, _options) = (session is null, promptIds, maxTokens, options);
        _specialTokens = tokenizer.SpecialTokens;
        _sampler = new SamplerChain(model.Config.VocabSize, options.Sampling);
        _decoder = new StreamingDecoder(tokenizer);
        _filter = new StopStringFilter(options.StopStrings);
        _ids = new List<int>(Math.Min(maxTokens, 4096));
        _logprobs = options.TopLogprobs is null ? null : [];
        _session = session ?? new Session(model, (int)Math.Min(int.MaxValue, (long)promptIds.Length + maxTokens), cacheType: options.CacheType); // last: nothing after it can fail
    }

    /// <summary>The ids chosen so far.</summary>
    public IReadOnlyList<int> Ids => _ids;

    /// <summary>The text that the last <see cref="Next"/> made certain; empty in the middle of a character, and while a stop string may be coming.</summary>
    public string Piece { get; private set; } = "";

    /// <summary>Why the generation ended, or null while it goes on.</summary>
    public FinishReason? FinishReason { get; private set; }

    /// <summary>Chooses one more token, or ends: then <see cref="Piece"/> holds the last of the text.</summary>
    /// <returns>Whether a token was chosen.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; what was chosen before stays.</exception>
    public bool Next(CancellationToken cancellation = default)
    {
        Piece = "";
        if (FinishReason is not null) return false;
        cancellation.ThrowIfCancellationRequested();
        if (_filter.Found) return Finish(Inference.FinishReason.StopString);
        if (_ids.Count == _maxTokens) return Finish(Inference.FinishReason.Length);
        if (_ids.Count == 0) Prefill(cancellation);
        else Decode();
        int id = _sampler.Sample(_session.Logits);
        if (_specialTokens.IsEnd(id) && !_options.IgnoreEndOfSequence) return Finish(Inference.FinishReason.Stop);
        _ids.Add(id);
        _logprobs?.Add(LogprobsOf(id));
        Show(_filter.Append(_decoder.Append(id)));
        return true;
    }

    /// <summary>What came of it.</summary>
    /// <exception cref="InvalidOperationException">It has not ended.</exception>
    public Generation ToGeneration() => new()
    {
        PromptIds = _promptIds, Ids = _ids, Text = _text.ToString(), Logprobs = _logprobs,
        FinishReason = FinishReason ?? throw new InvalidOperationException("The generation has not ended; call Next until it returns false."),
        Timings = new GenerationTimings(_prefillMilliseconds, _prefillTokens, _decodeMilliseconds, _decodeSteps),
    };

    /// <summary>Frees the session, unless it was the caller's.</summary>
    public void Dispose()
    {
        if (_ownsSession) _session.Dispose();
    }

    private bool Finish(FinishReason reason)
    {
        FinishReason = reason;
        Show(_filter.Append(_decoder.Finish()) + _filter.Finish());
        if (_filter.Found) FinishReason = Inference.FinishReason.StopString; // an unfinished character can complete one
        return false;
    }

    private void Show(string piece)
    {
        Piece = piece;
        _text.Append(piece);
    }

    private void Prefill(CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        int reused = _session.Reuse(_promptIds);
        _sampler.Read(_promptIds);
        _session.Prefill(_promptIds.AsSpan(reused), cancellation: cancellation);
        _prefillTokens = _promptIds.Length - reused;
        _prefillMilliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private void Decode()
    {
        long start = Stopwatch.GetTimestamp();
        _session.Decode(_ids[^1]);
        _decodeMilliseconds += Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        _decodeSteps++;
    }

    private TokenLogprobs LogprobsOf(int id)
    {
        TokenLogprob[] top = new TokenLogprob[Math.Min(_options.TopLogprobs ?? 0, _session.Logits.Length)];
        Logprobs.Top(_session.Logits, top);
        return new TokenLogprobs(new TokenLogprob(id, Logprobs.Of(_session.Logits, id)), top);
    }
}
