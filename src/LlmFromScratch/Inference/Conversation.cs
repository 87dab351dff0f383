using System.Diagnostics;
using System.Text;
using LlmFromScratch.Sampling;
using LlmFromScratch.Tokenization;

namespace LlmFromScratch.Inference;

/// <summary>
/// What a person and a model write in turns. With a chat template the model answers messages; without one, it goes on with the person's text.
/// The session keeps what was read: a turn reads only from where it differs from the last one.
/// </summary>
public sealed class Conversation : IDisposable
{
    private readonly LanguageModel _model;
    private readonly GenerationOptions _options;
    private readonly ChatTemplate? _template;
    private readonly DateTime _now;
    private readonly Session _session;
    private readonly List<int> _read = []; // the ids in the session, and perhaps one more that was chosen and not yet read
    private readonly List<ConversationMessage> _messages = [];
    private SamplerChain _sampler;
    private int _generated;
    private double _seconds;

    /// <summary>An empty conversation over a loaded model, which it does not dispose.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">Length and sampling of an answer.</param>
    /// <param name="template">How messages are written for this model; null to go on with a text.</param>
    /// <param name="now">What a template that asks for the date is told.</param>
    public Conversation(LanguageModel model, GenerationOptions options, ChatTemplate? template = null, DateTime now = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        (_model, _options, _template, _now) = (model, options, template, now);
        _session = new Session(model.Transformer);
        _sampler = new SamplerChain(model.Tokenizer.VocabSize, options.Sampling);
    }

    /// <summary>All that was said so far.</summary>
    public IReadOnlyList<ConversationMessage> Messages => _messages;

    /// <summary>Tokens in the context, tokens generated, and the speed of generation.</summary>
    public string Statistics => FormattableString.Invariant(
        $"{_session.Length} of {_session.ContextLength} tokens in context, {_generated} generated, {(_seconds > 0 ? _generated / _seconds : 0):0} tokens/s, cache {_session.CacheBytes / 1024} KiB");

    /// <summary>Adds a line of the person's and lets the model answer until it finishes, the limit, or the end of the context.</summary>
    /// <param name="line">What the person wrote.</param>
    /// <param name="onText">Called with each piece of the model's text.</param>
    /// <param name="cancellation">Stops the answer; what was generated stays part of the conversation.</param>
    /// <exception cref="InvalidOperationException">The line does not fit into the context any more; it was not added.</exception>
    /// <exception cref="ArgumentException">The template refuses the conversation; the line was not added.</exception>
    public void Answer(string line, Action<string> onText, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(onText);
        long start = Stopwatch.GetTimestamp();
        Read(_template is null ? Continued(line) : _template.Encode([.. _messages, new ConversationMessage("user", line)], asksForAnswer: true, _now, _model.Tokenizer));
        _messages.Add(new ConversationMessage("user", line));
        StringBuilder answer = new();
        try
        {
            Generate(piece =>
            {
                answer.Append(piece);
                onText(piece);
            }, cancellation);
        }
        finally
        {
            _messages.Add(new ConversationMessage("assistant", answer.ToString()));
            _seconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
    }

    /// <summary>Gives the model an instruction that stands before all messages, in place of an earlier one.</summary>
    /// <exception cref="NotSupportedException">The model goes on with texts and knows no messages.</exception>
    public void SetSystem(string instruction)
    {
        if (_template is null) throw new NotSupportedException("This model carries no chat template: it goes on with a text and knows no system message.");
        if (_messages is [{ Role: "system" }, ..]) _messages.RemoveAt(0);
        _messages.Insert(0, new ConversationMessage("system", instruction));
    }

    /// <summary>Forgets all messages but the system's and starts the random sequence anew.</summary>
    public void Reset()
    {
        _messages.RemoveAll(message => message.Role != "system");
        _session.Truncate(0);
        _read.Clear();
        _sampler = new SamplerChain(_model.Tokenizer.VocabSize, _options.Sampling);
    }

    /// <summary>Frees the session.</summary>
    public void Dispose() => _session.Dispose();

    private void Generate(Action<string> onText, CancellationToken cancellation)
    {
        StreamingDecoder decoder = new(_model.Tokenizer);
        try
        {
            for (int i = 0; i < (_options.MaxTokens ?? int.MaxValue) && _session.Length < _session.ContextLength; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                if (_read.Count > _session.Length) _session.Decode(_read[^1]);
                int id = _sampler.Sample(_session.Logits);
                _read.Add(id);
                if (_model.Tokenizer.SpecialTokens.IsEnd(id)) break;
                _generated++;
                if (decoder.Append(id) is { Length: > 0 } piece) onText(piece);
            }
        }
        finally
        {
            if (decoder.Finish() is { Length: > 0 } rest) onText(rest);
        }
    }

    // The ids of a text so far and one more line of it.
    private int[] Continued(string line)
    {
        if (_read.Count == 0) return _model.Generator.EncodePrompt(line);
        bool isNewText = _model.Tokenizer.SpecialTokens.IsEnd(_read[^1]); // else the line goes on below the last one
        return [.. _read, .. _model.Tokenizer.Encode(isNewText || line.Length == 0 ? line : "\n" + line)];
    }

    // Brings the session to exactly these ids; those that it has already stay.
    private void Read(int[] ids)
    {
        if (ids.Length > _session.ContextLength) throw new InvalidOperationException(
            $"With this line the conversation has {ids.Length} tokens; the context holds {_session.ContextLength}. Begin anew with /reset.");
        int known = Math.Min(ids.AsSpan().CommonPrefixLength(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_read)), _session.Length);
        if (known == ids.Length && known == _session.Length) return; // an empty line: go on
        known = Math.Min(known, ids.Length - 1); // the last one is read again, for its logits
        _session.Truncate(known);
        _read.RemoveRange(known, _read.Count - known);
        _session.Prefill(ids.AsSpan(known));
        _read.AddRange(ids.AsSpan(known));
    }
}
