using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using LlmFromScratch.Models;
using LlmFromScratch.Sampling;
using LlmFromScratch.Tokenization;

namespace LlmFromScratch.Inference;

/// <summary>
/// Joins tokenizer, model and sampler: text in, a stream of text out. Where the data's whole way can be seen in one loop:
/// encode, prefill, then sample and decode until the end. Each call is a timeline of its own.
/// </summary>
public sealed class TextGenerator(Transformer model, ITokenizer tokenizer)
{
    /// <summary>The model that continues.</summary>
    public Transformer Model { get; } = model;

    /// <summary>The tokenizer, the model's own or a learner's.</summary>
    public ITokenizer Tokenizer { get; } = tokenizer.VocabSize == model.Config.VocabSize
        ? tokenizer
        : throw new ArgumentException($"TextGenerator: the tokenizer has {tokenizer.VocabSize} ids, the model {model.Config.VocabSize}; they must be the same.");

    /// <summary>The ids that the model reads for a text: its beginning-of-sequence token if it was trained with one, then the text's.</summary>
    public int[] EncodePrompt(string prompt)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        int[] ids = Tokenizer.Encode(prompt);
        SpecialTokens special = Tokenizer.SpecialTokens;
        if (special.BeginOfSequence is { } begin && (special.AddBeginOfSequence || ids.Length == 0)) ids = [begin, .. ids];
        if (ids.Length == 0) throw new ArgumentException("TextGenerator: the prompt is empty and this vocabulary has no beginning token. Give at least one character.");
        return ids;
    }

    /// <summary>Continues a prompt; each piece is text that is whole and can be shown at once.</summary>
    /// <param name="prompt">The text to continue.</param>
    /// <param name="options">Length and sampling.</param>
    /// <param name="cancellation">Ends the stream with <see cref="OperationCanceledException"/>.</param>
    public async IAsyncEnumerable<string> StreamAsync(string prompt, GenerationOptions options,
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using GenerationRun run = Start(EncodePrompt(prompt), options);
        StreamingDecoder decoder = new(Tokenizer);
        // The arithmetic runs on a pool thread, so that the consumer's thread stays free to show what came.
        while (await Task.Run(() => run.Next(cancellation), cancellation).ConfigureAwait(false) is { } id)
            if (decoder.Append(id) is { Length: > 0 } piece) yield return piece;
        if (decoder.Finish() is { Length: > 0 } rest) yield return rest;
    }

    /// <summary>Continues a prompt of text and returns all at once.</summary>
    /// <param name="prompt">The text to continue.</param>
    /// <param name="options">Length and sampling.</param>
    /// <param name="onText">Called with each piece of text as it comes, or null.</param>
    /// <param name="cancellation">Ends with <see cref="OperationCanceledException"/>.</param>
    public Generation Generate(string prompt, GenerationOptions options, Action<string>? onText = null, CancellationToken cancellation = default) =>
        Generate(EncodePrompt(prompt), options, onText, cancellation);

    /// <summary>Continues a prompt of ids, read as they are, and returns all at once.</summary>
    /// <param name="promptIds">At least one id.</param>
    /// <param name="options">Length and sampling.</param>
    /// <param name="onText">Called with each piece of text as it comes, or null.</param>
    /// <param name="cancellation">Ends with <see cref="OperationCanceledException"/>.</param>
    public Generation Generate(int[] promptIds, GenerationOptions options, Action<string>? onText = null, CancellationToken cancellation = default)
    {
        using GenerationRun run = Start(promptIds, options);
        StreamingDecoder decoder = new(Tokenizer);
        StringBuilder text = new();
        while (run.Next(cancellation) is { } id) Emit(decoder.Append(id));
        Emit(decoder.Finish());
        return new Generation
        {
            PromptIds = promptIds, Ids = run.Ids, Text = text.ToString(), FinishReason = run.FinishReason, Timings = run.Timings,
        };

        void Emit(string piece)
        {
            if (piece.Length == 0) return;
            text.Append(piece);
            onText?.Invoke(piece);
        }
    }

    private GenerationRun Start(int[] promptIds, GenerationOptions options)
    {
        ArgumentNullException.ThrowIfNull(promptIds);
        ArgumentNullException.ThrowIfNull(options);
        if (options.MaxTokens < 0) throw new ArgumentOutOfRangeException(nameof(options), options.MaxTokens, "MaxTokens: expected 0 or more.");
        int trained = Model.Config.ContextLength;
        if (promptIds.Length > trained) throw new ArgumentException(
            $"The prompt has {promptIds.Length} tokens; this model's context holds {trained}. Shorten the prompt.", nameof(promptIds));
        int maxTokens = options.MaxTokens ?? trained - promptIds.Length;
        return new GenerationRun(new Session(Model, promptIds.Length + maxTokens), promptIds, maxTokens, options, Tokenizer.SpecialTokens.EndOfSequence);
    }

    // One generation in progress: the session, the sampler, and what came so far.
    private sealed class GenerationRun(Session session, int[] promptIds, int maxTokens, GenerationOptions options, int? endOfSequence) : IDisposable
    {
        private readonly SamplerChain _sampler = new(session.Logits.Length, options.Sampling);
        private readonly List<int> _ids = new(Math.Min(maxTokens, 4096));
        private double _prefillMilliseconds, _decodeMilliseconds;
        private int _decodeSteps;

        public IReadOnlyList<int> Ids => _ids;

        public FinishReason FinishReason { get; private set; } = FinishReason.Length;

        public GenerationTimings Timings => new(_prefillMilliseconds, _decodeMilliseconds, _decodeSteps);

        /// <summary>The next id, or null at the end.</summary>
        public int? Next(CancellationToken cancellation)
        {
            cancellation.ThrowIfCancellationRequested();
            if (_ids.Count == maxTokens) return null;
            Advance(cancellation);
            int id = _sampler.Sample(session.Logits);
            if (id == endOfSequence && !options.IgnoreEndOfSequence)
            {
                FinishReason = FinishReason.Stop;
                return null;
            }
            _ids.Add(id);
            return id;
        }

        public void Dispose() => session.Dispose();

        private void Advance(CancellationToken cancellation)
        {
            long start = Stopwatch.GetTimestamp();
            if (_ids.Count == 0)
            {
                session.Prefill(promptIds, cancellation: cancellation);
                _prefillMilliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }
            else
            {
                session.Decode(_ids[^1]);
                _decodeMilliseconds += Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                _decodeSteps++;
            }
        }
    }
}
