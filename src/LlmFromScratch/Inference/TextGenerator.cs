using System.Runtime.CompilerServices;
using LlmFromScratch.Models;
using LlmFromScratch.Tokenization;

namespace LlmFromScratch.Inference;

/// <summary>
/// Joins tokenizer, model and sampler: text in, a stream of text out: encode, prefill, then sample and decode until the end. Each call is a timeline
/// of its own, unless it is given a session: then it goes on from what that has read, and leaves its tokens there for the next turn.
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

    /// <summary>Continues a prompt; each piece is text that is whole, holds nothing of a stop string, and can be shown at once.</summary>
    /// <param name="prompt">The text to continue.</param>
    /// <param name="options">Length, stop strings and sampling.</param>
    /// <param name="cancellation">Ends the stream with <see cref="OperationCanceledException"/>.</param>
    public IAsyncEnumerable<string> StreamAsync(string prompt, GenerationOptions options, CancellationToken cancellation = default) =>
        StreamAsync(EncodePrompt(prompt), options, cancellation: cancellation);

    /// <summary>Continues a prompt of ids, read as they are, as a stream.</summary>
    /// <param name="promptIds">At least one id: the whole text so far, also where a session has read its beginning.</param>
    /// <param name="options">Length, stop strings and sampling.</param>
    /// <param name="session">A timeline to go on with: only what it has not read yet is read. Null for a new one.</param>
    /// <param name="onFinished">Called with the whole generation at the end of the stream, or null.</param>
    /// <param name="cancellation">Ends the stream with <see cref="OperationCanceledException"/>.</param>
    public async IAsyncEnumerable<string> StreamAsync(int[] promptIds, GenerationOptions options, Session? session = null,
        Action<Generation>? onFinished = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using GenerationRun run = Start(promptIds, options, session);
        bool isRunning = true;
        while (isRunning)
        {
            // The arithmetic runs on a pool thread, so that the consumer's thread stays free to show what came.
            isRunning = await Task.Run(() => run.Next(cancellation), cancellation).ConfigureAwait(false);
            if (run.Piece.Length > 0) yield return run.Piece;
        }
        onFinished?.Invoke(run.ToGeneration());
    }

    /// <summary>Continues a prompt of text and returns all at once.</summary>
    /// <param name="prompt">The text to continue.</param>
    /// <param name="options">Length, stop strings and sampling.</param>
    /// <param name="onText">Called with each piece of text as it comes, or null.</param>
    /// <param name="cancellation">Ends with <see cref="OperationCanceledException"/>.</param>
    public Generation Generate(string prompt, GenerationOptions options, Action<string>? onText = null, CancellationToken cancellation = default) =>
        Generate(EncodePrompt(prompt), options, onText, cancellation: cancellation);

    /// <summary>Continues a prompt of ids, read as they are, and returns all at once.</summary>
    /// <param name="promptIds">At least one id: the whole text so far, also where a session has read its beginning.</param>
    /// <param name="options">Length, stop strings and sampling.</param>
    /// <param name="onText">Called with each piece of text as it comes, or null.</param>
    /// <param name="session">A timeline to go on with: only what it has not read yet is read. Null for a new one.</param>
    /// <param name="cancellation">Ends with <see cref="OperationCanceledException"/>.</param>
    public Generation Generate(int[] promptIds, GenerationOptions options, Action<string>? onText = null, Session? session = null,
        CancellationToken cancellation = default)
    {
        using GenerationRun run = Start(promptIds, options, session);
        bool isRunning = true;
        while (isRunning)
        {
            isRunning = run.Next(cancellation);
            if (run.Piece.Length > 0) onText?.Invoke(run.Piece);
        }
        return run.ToGeneration();
    }

    /// <summary>Begins a generation that the caller takes token by token.</summary>
    /// <param name="promptIds">At least one id: the whole text so far, also where a session has read its beginning.</param>
    /// <param name="options">Length, stop strings and sampling.</param>
    /// <param name="session">A timeline to go on with, not disposed with the run; null for a new one.</param>
    /// <exception cref="ArgumentException">The prompt is empty or longer than the context; an option is out of its range.</exception>
    public GenerationRun Start(int[] promptIds, GenerationOptions options, Session? session = null)
    {
        ArgumentNullException.ThrowIfNull(promptIds);
        ArgumentNullException.ThrowIfNull(options);
        if (promptIds.Length == 0) throw new ArgumentException("TextGenerator: the prompt has no token; expected at least one.", nameof(promptIds));
        if (options.MaxTokens < 0) throw new ArgumentOutOfRangeException(nameof(options), options.MaxTokens, "MaxTokens: expected 0 or more.");
        if (options.TopLogprobs < 0) throw new ArgumentOutOfRangeException(nameof(options), options.TopLogprobs, "TopLogprobs: expected 0 or more.");
        if (options.ContextLength < 1) throw new ArgumentOutOfRangeException(nameof(options), options.ContextLength, "ContextLength: expected 1 or more.");
        int trained = Model.Config.ContextLength;
        int most = session?.ContextLength ?? options.ContextLength ?? trained;
        if (promptIds.Length > most) throw new ArgumentException(
            $"The prompt has {promptIds.Length} tokens; the context holds {most}. Shorten the prompt, or ask for a longer context (the model was trained for {trained}).",
            nameof(promptIds));
        int room = session is null && options.ContextLength is null
            ? options.MaxTokens ?? Math.Min(trained, Math.Max(promptIds.Length, Session.MostTokensUnasked)) - promptIds.Length
            : most - promptIds.Length;
        int maxTokens = Math.Min(options.MaxTokens ?? room, room);
        return new GenerationRun(Model, Tokenizer, session, promptIds, maxTokens, options);
    }
}
