using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Models;
using LlmFromScratch.Sampling;
using LlmFromScratch.Tensors;
using LlmFromScratch.Tokenization;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Layers;

namespace LlmFromScratch.Training.Models;

/// <summary>
/// A recurrent model that was trained, with its tokenizer: models/tales-lstm.gguf, or what a recipe with <c>"architecture": "rnn"</c>, "lstm" or "gru" writes. The
/// file's general.architecture names the cell.
/// </summary>
/// <param name="Name">general.name.</param>
/// <param name="Model">The model.</param>
/// <param name="Tokenizer">Its tokenizer.</param>
/// <param name="ContextLength">The most tokens that are foretold in one piece when it is measured; it can read on for ever.</param>
public sealed record TrainedRecurrent(string Name, RecurrentLanguageModel Model, ByteLevelBpeTokenizer Tokenizer, int ContextLength)
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">The file is damaged or incomplete; the message names file and field.</exception>
    /// <exception cref="NotSupportedException">Another architecture, or a vocabulary that is no byte-level BPE.</exception>
    public static TrainedRecurrent Load(string path)
    {
        using GgufFile file = GgufFile.Open(path);
        string architecture = file.Metadata.GetString("general.architecture");
        CellKind kind = CellNames.Find(architecture) ?? throw new NotSupportedException($"{path}: general.architecture: expected 'rnn', 'lstm' or 'gru', got '{architecture}'.");
        GgufKeys keys = new(file, architecture);
        int vocabSize = StoredWeights.Size(keys, "vocab_size"), size = StoredWeights.Size(keys, "embedding_length"), layers = StoredWeights.Size(keys, "block_count");
        if (layers > file.Tensors.Count) throw keys.Invalid("block_count", layers, $"at most the number of tensors, {file.Tensors.Count}");
        if (size > int.MaxValue / 4) throw keys.Invalid("embedding_length", size, $"at most {int.MaxValue / 4}"); // no cell stacks more than four gates
        StoredWeights.Require(file, "tokens", new Shape(vocabSize, size));
        StoredWeights.Require(file, "layer.0.weight_ih", new Shape(RecurrentLayer.GateCount(kind) * size, size));
        RecurrentLanguageModel model = new(kind, vocabSize, size, layers, seed: 0, tiedHead: !file.Contains("head.weight")); // every weight is overwritten
        StoredWeights.Fill(model.Parameters, file);
        return new TrainedRecurrent(file.Metadata.GetString("general.name"), model, StoredWeights.Tokenizer(file, vocabSize), StoredWeights.Size(keys, "context_length"));
    }

    /// <summary>Writes a file beside its place and renames it.</summary>
    /// <param name="matrixType">How matrices are stored; vectors are F32.</param>
    /// <param name="path">The file to make; its folder exists.</param>
    public void Save(DType matrixType, string path) => StoredWeights.Save(path, Model.Kind.Name(), Name,
        [
            ("vocab_size", (uint)Model.VocabSize), ("context_length", (uint)ContextLength), ("embedding_length", (uint)Model.Size), ("block_count", (uint)Model.LayerCount),
        ], Model.Parameters, matrixType, Tokenizer);

    /// <summary>The most likely next tokens after a text.</summary>
    /// <param name="text">The text so far.</param>
    /// <param name="count">How many.</param>
    /// <returns>Ids and probabilities, the most likely first.</returns>
    public IReadOnlyList<(int Id, double Probability)> NextTokens(string text, int count)
    {
        using RecurrentReader reader = new(Model);
        foreach (int id in Prompt(text)) reader.Read(id);
        return TokenGuesses.Top(reader.Logits, count);
    }

    /// <summary>Goes on with a text until it ends.</summary>
    /// <param name="prompt">What the text begins with; may be empty.</param>
    /// <param name="maxTokens">When to stop otherwise.</param>
    /// <param name="sampling">How tokens are chosen.</param>
    /// <returns>What follows the prompt.</returns>
    public string Continue(string prompt, int maxTokens, SamplingOptions sampling) => RecurrentReader.Continue(Model, Tokenizer, Prompt(prompt), maxTokens, sampling);

    /// <summary>The sum of the log-probabilities of tokens after those before them, in nats; what stands before place <paramref name="from"/> is only read.</summary>
    internal double LogProbability(int[] ids, int from = 1)
    {
        using Tape tape = new();
        using NoGradientScope scope = tape.NoGradient();
        ReadOnlySpan<float> logits = Model.Forward(tape, ids.AsMemory(..^1), 1).Data; // [T, V]
        double sum = 0;
        for (int t = from; t < ids.Length; t++)
        {
            ReadOnlySpan<float> row = logits.Slice((t - 1) * Model.VocabSize, Model.VocabSize);
            sum += row[ids[t]] - Probability.LogSumExp(row);
        }
        return sum;
    }

    // As it learnt: the token that stands between texts, then the text.
    private int[] Prompt(string text) => Tokenizer.SpecialTokens.BeginOfSequence is int begin ? [begin, .. Tokenizer.Encode(text)] : Tokenizer.Encode(text);
}
