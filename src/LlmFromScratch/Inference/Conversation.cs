using System.Diagnostics;
using LlmFromScratch.Sampling;
using LlmFromScratch.Tokenization;

namespace LlmFromScratch.Inference;

/// <summary>
/// One text that a person and a model write in turns. The session keeps everything read so far, so a turn reads only what is new.
/// </summary>
public sealed class Conversation : IDisposable
{
    private readonly LanguageModel _model;
    private readonly GenerationOptions _options;
    private readonly Session _session;
    private SamplerChain _sampler;
    private int _pending = -1; // the last id chosen, not yet read by the model; -1 for none
    private int _generated;
    private double _seconds;

    /// <summary>An empty text over a loaded model, which the conversation does not dispose.</summary>
    public Conversation(LanguageModel model, GenerationOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        (_model, _options) = (model, options);
        _session = new Session(model.Transformer);
        _sampler = new SamplerChain(model.Tokenizer.VocabSize, options.Sampling);
    }

    /// <summary>Tokens in the context, tokens generated, and the speed of generation.</summary>
    public string Statistics => FormattableString.Invariant(
        $"{_session.Length} of {_session.ContextLength} tokens in context, {_generated} generated, {(_seconds > 0 ? _generated / _seconds : 0):0} tokens/s, cache {_session.CacheBytes / 1024} KiB");

    /// <summary>Adds a line of the person's and lets the model go on until it finishes, the limit, or the end of the context.</summary>
    /// <param name="line">What the person wrote.</param>
    /// <param name="onText">Called with each piece of the model's text.</param>
    /// <param name="cancellation">Stops the answer; what was generated stays part of the text.</param>
    /// <exception cref="InvalidOperationException">The line does not fit into the context any more.</exception>
    public void Answer(string line, Action<string> onText, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(onText);
        long start = Stopwatch.GetTimestamp();
        Read(line);
        StreamingDecoder decoder = new(_model.Tokenizer);
        for (int i = 0; i < (_options.MaxTokens ?? int.MaxValue) && _session.Length < _session.ContextLength; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (_pending >= 0) _session.Decode(_pending);
            _pending = _sampler.Sample(_session.Logits);
            if (_pending == _model.Tokenizer.SpecialTokens.EndOfSequence) break;
            _generated++;
            if (decoder.Append(_pending) is { Length: > 0 } piece) onText(piece);
        }
        if (decoder.Finish() is { Length: > 0 } rest) onText(rest);
        _seconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Forgets everything and starts the random sequence anew.</summary>
    public void Reset()
    {
        _session.Truncate(0);
        _pending = -1;
        _sampler = new SamplerChain(_model.Tokenizer.VocabSize, _options.Sampling);
    }

    /// <summary>Frees the session.</summary>
    public void Dispose() => _session.Dispose();

    private void Read(string line)
    {
        bool isFirst = _session.Length == 0 && _pending < 0;
        bool isNewText = isFirst || _pending == _model.Tokenizer.SpecialTokens.EndOfSequence; // else the line goes on below the last one
        int[] ids = isFirst ? _model.Generator.EncodePrompt(line) : _model.Tokenizer.Encode(isNewText || line.Length == 0 ? line : "\n" + line);
        if (_pending >= 0) ids = [_pending, .. ids];
        if (_session.Length + ids.Length > _session.ContextLength) throw new InvalidOperationException(
            $"The text has {_session.Length} tokens and this line {ids.Length}; the context holds {_session.ContextLength}. Begin anew with /reset.");
        _pending = -1;
        if (ids.Length > 0) _session.Prefill(ids);
    }
}
