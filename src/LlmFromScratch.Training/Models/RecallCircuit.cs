using LlmFromScratch.Models;
using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Training.Models;

/// <summary>
/// First weights in which looking back is laid out, and then learns on like all others. "Molly has a red book ... What does Molly have? Molly has a": to say "red" one
/// must find what stood three tokens after the name that stands two tokens back. From random weights a model of this size comes to it after more text than it ever reads
/// here; laid out, it is there within a hundred steps.
/// <list type="bullet">
/// <item>Every token's row begins with the same loud value, a place to read "here is a token" from. D random directions of the rest are its code.</item>
/// <item>Block 0: five heads look no to four tokens back, by RoPE alone (<c>q·k</c> is greatest where the distance turns one into the other), and write the code that
/// they find each into directions of their own.</item>
/// <item>Block 1, forwards: keys are the codes of what stood b before, queries those of what stands b - 1 back or near it. So what followed is found, and its code is added
/// to the token's, which is what the head reads.</item>
/// <item>Block 2, backwards: keys are the codes of what stands there, queries those of what stands no, one or two tokens back ("The book is with"); the code that is
/// written is that of what stood b before the one found. What is near is avoided, or each token would find itself.</item>
/// </list>
/// This is the circuit of Elhage et al. 2021 and Olsson et al. 2022 (induction heads), for four distances and both directions. How far to look and what to compare is
/// laid out; what the tokens are, and when to look, is learnt.
/// </summary>
internal sealed class RecallCircuit
{
    /// <summary>The blocks it lies in.</summary>
    public const int LayerCount = 3;

    /// <summary>How many distances it sees, 0 to 4 tokens back; there is a query head for each.</summary>
    public const int Distances = 5;

    // How far back the queries of a pair of heads look, for each distance b from 1 to 4.
    private static readonly int[][] ForwardQueries = [[0, 0], [1, 2], [2, 1], [3, 2]], BackwardQueries = [[0, 1], [1, 2], [1, 2], [1, 2]];

    private const int Own = -1; // in place of a distance: the code in a token's row
    private const double Sharpness = 5; // of looking back and of avoiding what is near, in nats for each pair of values that agrees
    private const float Matching = 1.7f, MatchingLater = 2.5f; // of queries and keys that compare codes: about six nats where they agree
    private const float Written = 0.3f, Copied = 0.25f; // how loud codes are written by block 0 and by the others: about as an embedding
    private const float Quiet = 0.3f; // what the other weights that write keep of their random values

    private readonly DecoderModel _model;
    private readonly ModelConfig _config;
    private readonly int _group, _headSize, _size;
    private readonly float[][] _directions; // (1 + Distances) · D of length C, orthonormal, blind for the loud value

    private RecallCircuit(DecoderModel model, ulong seed)
    {
        (_model, _config) = (model, model.Config);
        (_group, _headSize, _size) = (_config.HeadCount / _config.KvHeadCount, _config.HeadSize, _config.EmbeddingSize);
        _directions = Orthonormal((1 + Distances) * _headSize, new SeededRandom(seed));
    }

    /// <summary>Whether the circuit has room: blocks, heads, directions.</summary>
    public static bool Fits(ModelConfig config) => config.Architecture == "llama" && config.Moe is null && config.LayerCount >= LayerCount && config.HeadCount >= Distances
        && config.EmbeddingSize > (1 + Distances) * config.HeadSize && config.HeadSize % 4 == 0;

    /// <summary>Makes a model that begins so.</summary>
    /// <param name="config">A llama for which <see cref="Fits"/> holds.</param>
    /// <param name="seed">Of the weights.</param>
    /// <param name="learning">What it does while it learns only.</param>
    public static DecoderModel Create(ModelConfig config, ulong seed, LearningSettings? learning = null)
    {
        DecoderModel model = new(config, seed, learning);
        FirstWeights.Amplify(model);
        foreach (Variable weight in model.Parameters.Where(weight => weight.Name.EndsWith("attn_output.weight", StringComparison.Ordinal) || weight.Name.EndsWith("ffn_down.weight", StringComparison.Ordinal)))
        {
            foreach (ref float value in weight.Data) value *= Quiet;
        }
        RecallCircuit circuit = new(model, seed);
        circuit.LookBack();
        circuit.MatchForwards(layer: 1);
        circuit.MatchBackwards(layer: 2);
        return model;
    }

    // The loud value is as large as all others together: after the norm, √(C/2) stands there.
    private void LookBack()
    {
        Span<float> embedding = _model["token_embd.weight"].Data;
        for (int token = 0; token < _config.VocabSize; token++) embedding[token * _size] = FirstWeights.Loudness * MathF.Sqrt(_size);
        double amplitude = Math.Sqrt(Sharpness * Math.Sqrt(_headSize)) / Math.Sqrt(_size / 2.0);
        for (int head = 0; head < Distances; head++)
        {
            Span<float> query = Rows(0, "q", head), key = Rows(0, "k", head / _group);
            query.Clear();
            key.Clear();
            for (int pair = 0; pair < _headSize / 2; pair++)
            {
                // RoPE turns a query by t·θ and a key by s·θ: begun at -distance·θ, they agree where t - s is the distance.
                double angle = head * PortableMath.Pow(_config.Rope!.Base, -2.0 * pair / _headSize); // not null: a llama has it
                query[2 * pair * _size] = (float)(amplitude * PortableMath.Cos(angle));
                query[(2 * pair + 1) * _size] = (float)(-amplitude * PortableMath.Sin(angle));
                key[2 * pair * _size] = (float)amplitude;
            }
            Code(Own).CopyTo(Rows(0, "v", head / _group));
            Write(0, head, head, Written);
        }
    }

    private void MatchForwards(int layer)
    {
        for (int kvHead = 0; kvHead < _config.KvHeadCount; kvHead++)
        {
            int distance = kvHead % (Distances - 1) + 1;
            Reader(distance, kvHead, Matching).CopyTo(Rows(layer, "k", kvHead));
            Code(0).CopyTo(Rows(layer, "v", kvHead));
            for (int i = 0; i < _group; i++)
            {
                Reader(ForwardQueries[distance - 1][i % 2], kvHead, Matching).CopyTo(Rows(layer, "q", kvHead * _group + i));
                Write(layer, kvHead * _group + i, Own, Copied);
            }
        }
    }

    private void MatchBackwards(int layer)
    {
        for (int kvHead = 0; kvHead < _config.KvHeadCount; kvHead++)
        {
            Reader(0, kvHead, MatchingLater).CopyTo(Rows(layer, "k", kvHead));
            AvoidWhatIsNear(Rows(layer, "k", kvHead), 1);
            Code(kvHead % (Distances - 1) + 1).CopyTo(Rows(layer, "v", kvHead));
            for (int i = 0; i < _group; i++)
            {
                Span<float> query = Rows(layer, "q", kvHead * _group + i);
                Reader(BackwardQueries[kvHead % (Distances - 1)][i % 2], kvHead, MatchingLater).CopyTo(query);
                AvoidWhatIsNear(query, -1);
                Write(layer, kvHead * _group + i, Own, Copied);
            }
        }
    }

    // In the pairs that RoPE turns fast, which the readers leave alone: -cos(distance θ) summed over them is low for few tokens and about 0 for many.
    private void AvoidWhatIsNear(Span<float> rows, int sign)
    {
        float amplitude = sign * (float)(2 * Math.Sqrt(Sharpness * Math.Sqrt(_headSize) / (_headSize / 4)) / Math.Sqrt(_size / 2.0));
        for (int pair = 0; pair < _headSize / 4; pair++) rows[2 * pair * _size] = amplitude;
    }

    // [D, C] that reads what the head for a distance wrote, or the code in a token's row.
    private float[] Code(int distance) => [.. _directions.AsSpan((distance + 1) * _headSize, _headSize).ToArray().SelectMany(direction => direction)];

    // [D, C] that reads half of a code with the values that RoPE turns slowly, or what is alike would be found nearby only. Every other head reads the other half.
    private float[] Reader(int distance, int kvHead, float matching)
    {
        int half = _headSize / 2;
        float[] rows = new float[_headSize * _size];
        for (int row = 0; row < half; row++)
        {
            float[] direction = _directions[(distance + 1) * _headSize + kvHead % 2 * half + row];
            for (int i = 0; i < _size; i++) rows[(half + row) * _size + i] = matching * direction[i];
        }
        return rows;
    }

    // A head writes the D values that it brings into the directions of a distance, or of the tokens' own rows.
    private void Write(int layer, int head, int distance, float loudness)
    {
        int width = _config.HeadCount * _headSize;
        Span<float> output = _model[$"blk.{layer}.attn_output.weight"].Data;
        for (int d = 0; d < _headSize; d++)
        {
            for (int i = 0; i < _size; i++) output[i * width + head * _headSize + d] = loudness * _directions[(distance + 1) * _headSize + d][i];
        }
    }

    private Span<float> Rows(int layer, string name, int head) => _model[$"blk.{layer}.attn_{name}.weight"].Data.Slice(head * _headSize * _size, _headSize * _size);

    // Gram and Schmidt: random directions, each made free of those before it.
    private float[][] Orthonormal(int count, SeededRandom random)
    {
        float[][] directions = new float[count][];
        for (int n = 0; n < count; n++)
        {
            float[] direction = directions[n] = new float[_size];
            foreach (ref float value in direction.AsSpan(1)) value = (float)random.NextGaussian();
            for (int m = 0; m < n; m++) AddScaled(-Dot(directions[m], direction), directions[m], direction);
            float length = MathF.Sqrt(Dot(direction, direction));
            foreach (ref float value in direction.AsSpan()) value /= length;
        }
        return directions;
    }

    private static float Dot(float[] a, float[] b)
    {
        float sum = 0;
        for (int i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    private static void AddScaled(float factor, float[] x, float[] y)
    {
        for (int i = 0; i < x.Length; i++) y[i] += factor * x[i];
    }
}
