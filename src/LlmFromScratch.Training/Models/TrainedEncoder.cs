using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Models;
using LlmFromScratch.Numerics;
using LlmFromScratch.Tensors;
using LlmFromScratch.Tokenization;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Layers;

namespace LlmFromScratch.Training.Models;

/// <summary>
/// A <see cref="BertModel"/> that was trained to guess masked tokens, with its tokenizer: models/tales-encoder.gguf, or what a recipe with
/// <c>"architecture": "encoder"</c> writes. The classification head is no part of it: it is as random as the seed, until somebody teaches it.
/// </summary>
public sealed class TrainedEncoder
{
    /// <summary>The control token that stands in the place of a hidden one; text cannot produce it.</summary>
    public const string Mask = "<|mask|>";

    internal const string Architecture = "encoder";

    private readonly EncoderConfig _config;
    private readonly Func<int, bool> _isControl; // made once: a delegate made at each draw would be garbage

    internal TrainedEncoder(string name, EncoderConfig config, BertModel model, ByteLevelBpeTokenizer tokenizer)
    {
        (Name, _config, Model, Tokenizer) = (name, config, model, tokenizer);
        _isControl = id => Tokenizer.Vocabulary.Kinds[id] == TokenKind.Control;
        MaskId = tokenizer.Vocabulary.Texts.IndexOf(Mask);
        if (MaskId < 0 || tokenizer.Vocabulary.Kinds[MaskId] != TokenKind.Control)
            throw new InvalidDataException($"{tokenizer.Vocabulary.Source}: vocabulary: expected a control token {Mask}, got none.");
    }

    /// <summary>general.name.</summary>
    public string Name { get; }

    /// <summary>The model.</summary>
    public BertModel Model { get; }

    /// <summary>Its tokenizer.</summary>
    public ByteLevelBpeTokenizer Tokenizer { get; }

    /// <summary>The id of <see cref="Mask"/>.</summary>
    public int MaskId { get; }

    /// <summary>The longest text in tokens.</summary>
    public int ContextLength => _config.ContextLength;

    /// <summary>The blocks.</summary>
    public TransformerStackSettings Stack => _config.Stack;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="classCount">Classes of the classification head, for whoever goes on to teach it.</param>
    /// <param name="seed">Of the classification head's weights.</param>
    /// <exception cref="InvalidDataException">The file is damaged or incomplete; the message names file and field.</exception>
    /// <exception cref="NotSupportedException">Another architecture, or a vocabulary that is no byte-level BPE.</exception>
    public static TrainedEncoder Load(string path, int classCount = 2, ulong seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 1);
        using GgufFile file = GgufFile.Open(path);
        GgufKeys keys = StoredWeights.Keys(file, Architecture);
        int vocabSize = StoredWeights.Size(keys, "vocab_size"), context = StoredWeights.Size(keys, "context_length"), size = StoredWeights.Size(keys, "embedding_length");
        int layers = StoredWeights.Size(keys, "block_count"), heads = StoredWeights.Size(keys, "attention.head_count"), hidden = StoredWeights.Size(keys, "feed_forward_length");
        if (layers > file.Tensors.Count) throw keys.Invalid("block_count", layers, $"at most the number of tensors, {file.Tensors.Count}");
        if (size % heads != 0) throw keys.Invalid("attention.head_count", heads, $"a divisor of embedding_length {size}");
        float epsilon = keys.Single("attention.layer_norm_epsilon");
        if (!(epsilon > 0)) throw new InvalidDataException(FormattableString.Invariant($"{path}: encoder.attention.layer_norm_epsilon is {epsilon}; expected above 0."));
        StoredWeights.Require(file, "tokens", new Shape(vocabSize, size));
        StoredWeights.Require(file, "positions", new Shape(context, size));
        StoredWeights.Require(file, "encoder.0.self_q.weight", new Shape(size, size));
        StoredWeights.Require(file, "encoder.0.ffn_up.weight", new Shape(hidden, size));
        EncoderConfig config = new()
        {
            VocabSize = vocabSize,
            ContextLength = context,
            ClassCount = classCount,
            Stack = new TransformerStackSettings
            {
                EmbeddingSize = size, HeadCount = heads, FeedForwardSize = hidden, LayerCount = layers, NormEpsilon = epsilon, NormPlacement = NormPlacement.Pre,
            },
        };
        BertModel model = new(config, seed);
        StoredWeights.Fill(model.MaskedParameters, file);
        return new TrainedEncoder(file.Metadata.GetString("general.name"), config, model, StoredWeights.Tokenizer(file, vocabSize));
    }

    /// <summary>Writes a file beside its place and renames it.</summary>
    /// <param name="matrixType">How matrices are stored; vectors are F32.</param>
    /// <param name="path">The file to make; its folder exists.</param>
    public void Save(DType matrixType, string path) => StoredWeights.Save(path, Architecture, Name,
        [
            ("vocab_size", (uint)_config.VocabSize), ("context_length", (uint)ContextLength), ("embedding_length", (uint)Stack.EmbeddingSize), ("block_count", (uint)Stack.LayerCount),
            ("attention.head_count", (uint)Stack.HeadCount), ("feed_forward_length", (uint)Stack.FeedForwardSize), ("attention.layer_norm_epsilon", Stack.NormEpsilon),
        ], Model.MaskedParameters, matrixType, Tokenizer);

    /// <summary>The ids of a text in which <see cref="Mask"/> stands where a token is hidden; a space before a mask belongs to what it hides.</summary>
    public int[] Encode(string text)
    {
        List<int> ids = [];
        string[] parts = text.Split(Mask);
        for (int i = 0; i < parts.Length; i++)
        {
            if (i > 0) ids.Add(MaskId);
            bool isBeforeMask = i < parts.Length - 1 && parts[i].EndsWith(' ');
            ids.AddRange(Tokenizer.Encode(isBeforeMask ? parts[i][..^1] : parts[i]));
        }
        return [.. ids];
    }

    /// <summary>What may stand behind each mask of a text.</summary>
    /// <param name="text">A text with masks.</param>
    /// <param name="count">How many guesses for each.</param>
    /// <returns>For each mask ids and probabilities, the most likely first.</returns>
    /// <exception cref="ArgumentException">The text has no tokens, or more than <see cref="ContextLength"/>.</exception>
    public IReadOnlyList<IReadOnlyList<(int Id, double Probability)>> Guess(string text, int count) => Guess(Encode(text), count);

    /// <summary>A text with each mask replaced by the most likely token; all are guessed at once, none knows of the others.</summary>
    /// <exception cref="ArgumentException">The text has no tokens, or more than <see cref="ContextLength"/>.</exception>
    public string Fill(string text)
    {
        int[] ids = Encode(text);
        Queue<int> guesses = new(Guess(ids, 1).Select(guess => guess[0].Id));
        return Tokenizer.Decode(Array.ConvertAll(ids, id => id == MaskId ? guesses.Dequeue() : id));
    }

    /// <summary>Hides tokens as in training; control tokens are never hidden.</summary>
    internal MaskedTokens Draw(ITape tape, ReadOnlySpan<int> ids, SeededRandom random) => MaskedTokens.Draw(tape, ids, MaskId, _config.VocabSize, _isControl, random);

    /// <summary>As above, for ids.</summary>
    internal IReadOnlyList<(int Id, double Probability)>[] Guess(int[] ids, int count)
    {
        if (ids.Length == 0 || ids.Length > ContextLength) throw new ArgumentException($"TrainedEncoder: the text has {ids.Length} tokens; expected 1 to {ContextLength}.");
        int[] places = [.. Enumerable.Range(0, ids.Length).Where(place => ids[place] == MaskId)];
        if (places.Length == 0) return [];
        using Tape tape = new();
        using NoGradientScope scope = tape.NoGradient();
        Variable logits = Model.MaskedLogits(tape, tape.Embedding(Model.Hidden(tape, ids, 1), places)); // [masks, V]
        return [.. Enumerable.Range(0, places.Length).Select(mask => TokenGuesses.Top(logits.Data.Slice(mask * _config.VocabSize, _config.VocabSize), count))];
    }
}
