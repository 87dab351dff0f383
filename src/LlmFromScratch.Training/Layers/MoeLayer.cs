using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Training.Layers;

/// <summary>
/// A mixture of experts: a router sends each token to the few feed-forward networks that it scores highest, and their answers are added with the softmax
/// of these scores as weights (Shazeer et al. 2017; Jiang et al. 2024, Mixtral, section 2.1).
/// </summary>
public sealed class MoeLayer
{
    private readonly Variable _router; // [E, C]
    private readonly FeedForwardLayer[] _experts;
    private readonly int _usedCount;
    private readonly double _capacityFactor;
    private readonly Variable[] _answers; // [E], while a forward pass runs
    private readonly double[] _shares;    // [E], likewise

    /// <summary>Makes the layer.</summary>
    /// <param name="parameters">Takes "PREFIXgate_inp.weight" and each expert's weights.</param>
    /// <param name="prefix">Of the names.</param>
    /// <param name="sizes">C, an expert's F, deviations.</param>
    /// <param name="expertCount">E.</param>
    /// <param name="usedCount">U: experts that a token uses.</param>
    /// <param name="activation">Of the experts' gates.</param>
    /// <param name="capacityFactor">
    /// An expert takes at most <c>⌈factor · N · U / E⌉</c> of N tokens, first come, first served; the others pass by (Fedus et al. 2022, section 2.2).
    /// 0 means no limit: what the engine does.
    /// </param>
    public MoeLayer(ParameterSet parameters, string prefix, LayerSizes sizes, int expertCount, int usedCount, Activation activation, double capacityFactor = 0)
    {
        if (usedCount < 1 || usedCount > expertCount || !(capacityFactor >= 0)) throw new ArgumentException(
            $"MoeLayer: {usedCount} of {expertCount} experts, capacity factor {capacityFactor}; expected 1 to E experts and a factor of at least 0.");
        _router = parameters.Normal(prefix + "gate_inp.weight", new Shape(expertCount, sizes.EmbeddingSize), sizes.Deviation);
        _experts = new FeedForwardLayer[expertCount];
        for (int e = 0; e < expertCount; e++)
            _experts[e] = new FeedForwardLayer(parameters, prefix, $".{e}", sizes, hasGate: true, activation, hasBias: false);
        (_usedCount, _capacityFactor) = (usedCount, capacityFactor);
        (_answers, _shares) = (new Variable[expertCount], new double[expertCount]);
    }

    /// <summary>Sends the rows to experts and adds the answers up.</summary>
    /// <param name="tape">Records.</param>
    /// <param name="x">[N, C].</param>
    /// <param name="isLimited">Whether experts keep to their capacity: while the model learns.</param>
    /// <returns>
    /// The sum [N, C]; and the load-balancing loss [1], <c>E · Σ_e f_e · P_e</c> with f the share of choices that fell on e and P the router's mean
    /// probability of e (Fedus et al. 2022, eq. 4 to 6): 1 when all experts are used alike, E when one is used for all.
    /// </returns>
    public (Variable Output, Variable BalanceLoss) Forward(ITape tape, Variable x, bool isLimited = true)
    {
        int rows = x.Shape[0];
        Variable scores = tape.Linear(x, _router); // [N, E]
        ReadOnlyMemory<int> choices = Choose(tape, scores); // [N, U]: places in scores
        Variable weights = tape.Softmax(tape.Elements(scores, choices, new Shape(rows, _usedCount)));
        int capacity = isLimited && _capacityFactor > 0 ? (int)Math.Ceiling(_capacityFactor * rows * _usedCount / _experts.Length) : rows;
        Memory<int> tokens = tape.Indices(choices.Length), places = tape.Indices(choices.Length); // of all experts, one after the other
        int taken = 0, answerCount = 0;
        for (int e = 0; e < _experts.Length; e++)
        {
            int count = Assign(choices.Span, e, capacity, tokens.Span[taken..], places.Span[taken..]);
            if (count == 0) continue;
            Variable answer = _experts[e].Forward(tape, tape.Embedding(x, tokens.Slice(taken, count))); // [n, C]
            _answers[answerCount++] = tape.ScaleRows(answer, tape.Elements(weights, places.Slice(taken, count), new Shape(count, 1)));
            taken += count;
        }
        Variable output = tape.ScatterRows(tape.JoinRows(_answers.AsSpan(0, answerCount)), tokens[..taken], rows);
        return (output, BalanceLoss(tape, scores, choices.Span));
    }

    // The U highest scores of each row; of equal ones the first.
    private ReadOnlyMemory<int> Choose(ITape tape, Variable scores)
    {
        int rows = scores.Shape[0], experts = scores.Shape[1];
        Memory<int> choices = tape.Indices(rows * _usedCount);
        Span<int> places = choices.Span;
        for (int n = 0; n < rows; n++)
        {
            ReadOnlySpan<float> row = scores.Data.Slice(n * experts, experts);
            Span<int> chosen = places.Slice(n * _usedCount, _usedCount);
            for (int u = 0; u < _usedCount; u++)
            {
                int best = -1;
                for (int e = 0; e < experts; e++)
                    if (!chosen[..u].Contains(n * experts + e) && (best < 0 || row[e] > row[best])) best = e;
                chosen[u] = n * experts + best;
            }
        }
        return choices;
    }

    // Writes the tokens that an expert takes, and the places of their weights in [N, U]; returns how many.
    private int Assign(ReadOnlySpan<int> choices, int expert, int capacity, Span<int> tokens, Span<int> places)
    {
        int count = 0;
        for (int i = 0; i < choices.Length && count < capacity; i++)
        {
            if (choices[i] % _experts.Length != expert) continue;
            (tokens[count], places[count]) = (i / _usedCount, i);
            count++;
        }
        return count;
    }

    private Variable BalanceLoss(ITape tape, Variable scores, ReadOnlySpan<int> choices)
    {
        int experts = _experts.Length;
        Array.Clear(_shares);
        foreach (int choice in choices) _shares[choice % experts] += 1.0 / choices.Length;
        Variable shares = tape.Constant(_shares, new Shape(1, experts)); // as a weight [1, E]: a product with every row
        return tape.Scale(tape.Sum(tape.Linear(tape.Softmax(scores), shares)), (double)experts / scores.Shape[0]);
    }
}
