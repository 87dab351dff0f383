using System.Text;
using LlmFromScratch.Inference;
using LlmFromScratch.Kernels;
using LlmFromScratch.Kernels.Reference;
using LlmFromScratch.Models;
using LlmFromScratch.Numerics;
using LlmFromScratch.Sampling;
using LlmFromScratch.Tensors;
using LlmFromScratch.Tokenization;

namespace LlmFromScratch.Course;

/// <summary>
/// The library as a notebook needs it. A notebook's variables cannot be spans, so everything here takes and returns arrays; each method
/// is one call of the core, whose documentation has the formula, and adds no mathematics of its own. Used in every chapter.
/// </summary>
public static class Lab
{
    /// <summary><see cref="Probability.Softmax"/>: scores to probabilities.</summary>
    /// <param name="logits">[N] scores; not changed.</param>
    /// <returns>[N] probabilities that sum to 1.</returns>
    public static float[] Softmax(float[] logits)
    {
        float[] probabilities = new float[logits.Length];
        Probability.Softmax(logits, probabilities);
        return probabilities;
    }

    /// <summary>Every value times a factor: <c>Softmax(Scale(logits, 1 / T))</c> is softmax at temperature T.</summary>
    /// <param name="values">[N]; not changed.</param>
    /// <param name="factor">Any number.</param>
    /// <returns>[N].</returns>
    public static float[] Scale(float[] values, float factor) => Array.ConvertAll(values, value => value * factor);

    /// <summary>The dot products of one random query with some random keys, all entries normal with mean 0 and variance 1.</summary>
    /// <param name="size">D, the entries of query and key, at least 1.</param>
    /// <param name="keys">S, the number of keys, at least 1.</param>
    /// <param name="seed">The same seed gives the same scores.</param>
    /// <returns>[S] scores, before any scaling.</returns>
    public static float[] RandomScores(int size, int keys, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(keys, 1);
        var random = new SeededRandom(seed);
        double[] query = Gaussians(size, random); // [D]
        return [.. Enumerable.Range(0, keys).Select(_ => (float)Gaussians(size, random).Zip(query, (k, q) => k * q).Sum())];
    }

    /// <summary><see cref="Probability.LogSumExp"/>: <c>ln Σ e^z</c>, without overflow.</summary>
    /// <param name="logits">[N].</param>
    public static double LogSumExp(float[] logits) => Probability.LogSumExp(logits);

    /// <summary><see cref="Probability.Entropy"/>, in nats.</summary>
    /// <param name="probabilities">[N].</param>
    public static double Entropy(float[] probabilities) => Probability.Entropy(probabilities);

    /// <summary><see cref="Probability.CrossEntropy"/> of logits and the index of what came next, in nats.</summary>
    /// <param name="logits">[N].</param>
    /// <param name="target">The index that came next.</param>
    public static double CrossEntropy(float[] logits, int target) => Probability.CrossEntropy(logits, target);

    /// <summary><see cref="Probability.KullbackLeibler"/>: KL(p‖q), in nats.</summary>
    /// <param name="p">[N] probabilities: how things are.</param>
    /// <param name="q">[N] probabilities: how a model says they are.</param>
    public static double KL(float[] p, float[] q) => Probability.KullbackLeibler(p, q);

    /// <summary>Nats to bits: divided by ln 2.</summary>
    public static double Bits(double nats) => nats / PortableMath.Log(2);

    /// <summary><see cref="Probability.Draw"/>: an index, drawn with the probabilities given.</summary>
    /// <param name="probabilities">[N].</param>
    /// <param name="random">One number is taken from it.</param>
    public static int Draw(float[] probabilities, SeededRandom random) => Probability.Draw(probabilities, random);

    /// <summary>Independent normal numbers, mean 0 and variance 1.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">The same seed gives the same numbers.</param>
    public static float[] RandomNormal(int count, ulong seed) => Array.ConvertAll(Gaussians(count, new SeededRandom(seed)), value => (float)value);

    /// <summary>One head of attention, the engine's own: <see cref="ReferenceBackend.AttendHead"/> with the scale <c>1/√D</c>.</summary>
    /// <param name="query">[D].</param>
    /// <param name="keys">[S, D], S at least 1.</param>
    /// <param name="values">[S, D].</param>
    /// <returns>[D] the mixture of the values.</returns>
    public static float[] Attend(float[] query, float[] keys, float[] values)
    {
        if (query.Length == 0 || keys.Length == 0 || keys.Length != values.Length || keys.Length % query.Length != 0) throw new ArgumentException(
            $"Attend: query is [D], keys and values are [S, D]; got {query.Length}, {keys.Length} and {values.Length} numbers. Are they of one head?");
        return new OneHead().Attend(query, keys, values);
    }

    /// <summary><see cref="IBackend.Rope"/> of one head: turns each pair of numbers by an angle that grows with the position.</summary>
    /// <param name="head">[D], D even: a query or a key; not changed.</param>
    /// <param name="position">The token's position.</param>
    /// <param name="pairing">Which numbers form a pair.</param>
    /// <returns>[D], of the same length as a vector.</returns>
    public static float[] Rope(float[] head, int position, RopePairing pairing = RopePairing.Interleaved)
    {
        using var backend = new ReferenceBackend();
        using Tensor x = Tensor.FromFloats(head, 1, 1, head.Length), positions = Tensor.Zeros(new Shape(1), DType.I32);
        float[] radians = [.. Enumerable.Range(0, head.Length / 2).Select(i => (float)PortableMath.Pow(10_000, -2.0 * i / head.Length))];
        using Tensor frequencies = Tensor.FromFloats(radians, head.Length / 2);
        positions.Ints[0] = position;
        backend.Rope(x, positions, new RopeOptions(pairing, frequencies));
        return x.Floats.ToArray();
    }

    /// <summary>Lets the embedded model continue a text, on the backend of a learner if one is given. Where a part of that backend still throws
    /// <see cref="NotImplementedException"/>, the result says so, with the mark ○ of an exercise that is not done.</summary>
    /// <param name="prompt">The beginning.</param>
    /// <param name="backend">Where the model runs, disposed afterwards; null for the CPU.</param>
    /// <param name="maxTokens">Most tokens that are added.</param>
    /// <param name="temperature">0 takes the most probable token every time.</param>
    /// <param name="seed">Of the draws, when the temperature is above 0.</param>
    /// <returns>Prompt and continuation.</returns>
    public static string Generate(string prompt, IBackend? backend = null, int maxTokens = 40, float temperature = 0, ulong seed = 1)
    {
        var options = new GenerationOptions { MaxTokens = maxTokens, Sampling = new SamplingOptions { Temperature = temperature, Seed = seed } };
        try
        {
            using LanguageModel model = LanguageModel.LoadEmbedded(backend);
            return prompt + model.Generator.Generate(prompt, options).Text;
        }
        catch (NotImplementedException missing) when (backend is not null)
        {
            string part = missing.Message.StartsWith("exercise ", StringComparison.Ordinal) ? missing.Message : "a method of " + backend.GetType().Name;
            return $"○ The model waits for your code: {part} still throws NotImplementedException. Write it, run its cell, then this one.";
        }
    }

    /// <summary>
    /// Lets the embedded model continue a text through a learner's tokenizer, made from the model's own vocabulary. Where a part of it still
    /// throws, or it does not fit the model, the result says so, with the mark ○ of an exercise that is not done.
    /// </summary>
    /// <param name="prompt">The beginning.</param>
    /// <param name="tokenizer">
    /// Makes the tokenizer from the bytes of each id [V] (none for a control token), the merges in the order in which they were learned, and
    /// the special ids.
    /// </param>
    /// <param name="maxTokens">Most tokens that are added.</param>
    /// <param name="temperature">0 takes the most probable token every time.</param>
    /// <param name="seed">Of the draws, when the temperature is above 0.</param>
    /// <returns>Prompt and continuation.</returns>
    public static string Generate(string prompt, Func<byte[][], BpeMerge[], SpecialTokens, ITokenizer> tokenizer,
        int maxTokens = 40, float temperature = 0, ulong seed = 1)
    {
        using LanguageModel model = LanguageModel.LoadEmbedded();
        ITokenizer own = model.Tokenizer;
        if (own is not ByteLevelBpeTokenizer bpe) throw new NotSupportedException(
            $"Generate: expected an embedded model with a byte-level vocabulary, got a {own.GetType().Name}.");
        byte[][] tokens = [.. Enumerable.Range(0, own.VocabSize).Select(id => own.GetBytes(id).ToArray())];
        GenerationOptions options = new() { MaxTokens = maxTokens, Sampling = new SamplingOptions { Temperature = temperature, Seed = seed } };
        try
        {
            TextGenerator generator = new(model.Transformer, tokenizer(tokens, bpe.Merges.ToArray(), own.SpecialTokens));
            return prompt + generator.Generate(prompt, options).Text;
        }
        catch (NotImplementedException)
        {
            return "○ The model waits for your tokenizer: a part of it still throws NotImplementedException. Write it, run its cell, then this one.";
        }
        catch (Exception failure) when (failure is not OperationCanceledException) // a learner's code may throw anything, and the notebook's other cells must run
        {
            return $"○ The model cannot speak through this tokenizer yet: {failure.GetType().Name}: {failure.Message} Pass exercise 3.4 first, then run this cell.";
        }
    }

    /// <summary>The embedded model's average cross-entropy over a text's tokens, in nats a token, on any backend.</summary>
    /// <param name="text">At least two tokens long.</param>
    /// <param name="backend">Where the model runs, disposed afterwards; null for the CPU.</param>
    public static double Loss(string text, IBackend? backend = null)
    {
        using LanguageModel model = LanguageModel.LoadEmbedded(backend);
        int[] ids = model.Generator.EncodePrompt(text);
        using var session = new Session(model.Transformer, ids.Length);
        int vocabSize = model.Transformer.Config.VocabSize;
        float[][] logits = [.. session.Score(ids).Chunk(vocabSize)]; // [T, V]
        return Enumerable.Range(1, ids.Length - 1).Average(t => CrossEntropy(logits[t - 1], ids[t]));
    }

    /// <summary>Lets the embedded model read a text, and returns what each of its heads attended to.</summary>
    /// <param name="text">A sentence: the weights grow with the square of its tokens.</param>
    public static AttentionReading ReadAttention(string text)
    {
        using LanguageModel model = LanguageModel.LoadEmbedded();
        return AttentionReading.Of(model, text);
    }

    /// <summary>Lets the embedded model read a text, and returns every intermediate tensor of its blocks.</summary>
    /// <param name="text">A sentence: a widget of many tokens is a large page.</param>
    public static BlockReading ReadBlocks(string text)
    {
        using LanguageModel model = LanguageModel.LoadEmbedded();
        return BlockReading.Of(model, text);
    }

    /// <summary>Lets the embedded model read texts, each alone, and returns every token's row after the table and after each block.</summary>
    /// <param name="texts">Sentences, or the beginnings of tales.</param>
    public static StreamReading[] ReadStreams(params string[] texts)
    {
        using LanguageModel model = LanguageModel.LoadEmbedded();
        return Array.ConvertAll(texts, text => StreamReading.Of(model, text));
    }

    /// <summary>The embedded model's own table: the text of each token and its row, as a lookup gives it.</summary>
    /// <returns>[V] texts and [V][C] rows.</returns>
    public static (string[] Tokens, float[][] Rows) EmbeddingTable()
    {
        using LanguageModel model = LanguageModel.LoadEmbedded(new ReferenceBackend());
        ModelConfig sizes = model.Transformer.Config;
        using Tensor ids = Tensor.Zeros(new Shape(sizes.VocabSize), DType.I32), rows = Tensor.Zeros(new Shape(sizes.VocabSize, sizes.EmbeddingSize));
        for (int id = 0; id < sizes.VocabSize; id++) ids.Ints[id] = id;
        model.Transformer.Backend.Embed(model.Transformer.Weights.TokenEmbedding, ids, rows);
        return ([.. Enumerable.Range(0, sizes.VocabSize).Select(id => TextOf(model, id))], [.. rows.Floats.ToArray().Chunk(sizes.EmbeddingSize)]);
    }

    /// <summary>A token's text as a reader sees it; "&lt;bos&gt;" for the token that begins a text.</summary>
    internal static string TextOf(LanguageModel model, int id) =>
        id == model.Tokenizer.SpecialTokens.BeginOfSequence ? "<bos>" : Encoding.UTF8.GetString(model.Tokenizer.GetBytes(id));

    private static double[] Gaussians(int count, SeededRandom random) => [.. Enumerable.Range(0, count).Select(_ => random.NextGaussian())];

    private sealed class OneHead : ReferenceBackend
    {
        public float[] Attend(float[] query, float[] keys, float[] values)
        {
            float[] output = new float[query.Length]; // [D]
            AttendHead(query, keys, values, new AttentionOptions(1 / MathF.Sqrt(query.Length)), output);
            return output;
        }
    }
}
