namespace LlmFromScratch.Training.Autograd;

/// <summary>Operations put together from those of <see cref="ITape"/>.</summary>
public static class Composites
{
    /// <summary>A linear layer: <c>y = x · Wᵀ + b</c>, or without b where it is null.</summary>
    /// <param name="tape">Records.</param>
    /// <param name="x">[N, in].</param>
    /// <param name="weight">[out, in].</param>
    /// <param name="bias">[out], or null.</param>
    /// <returns>[N, out].</returns>
    public static Variable Linear(this ITape tape, Variable x, Variable weight, Variable? bias)
    {
        Variable y = tape.Linear(x, weight);
        return bias is null ? y : tape.AddRow(y, bias);
    }

    /// <summary><c>y + scale · (x · downᵀ) · upᵀ</c> where the weight has an adapter that learns in its place, else y.</summary>
    internal static Variable AddAdapter(this ITape tape, Variable x, Variable weight, Variable y) => weight.Adapter is not LowRankAdapter adapter ? y
        : tape.Add(y, tape.Scale(tape.Linear(tape.Linear(x, adapter.Down), adapter.Up), adapter.Scale));

    /// <summary><c>a - b</c>, value by value.</summary>
    public static Variable Subtract(this ITape tape, Variable a, Variable b) => tape.Add(a, tape.Scale(b, -1));

    /// <summary>The mean of all values: [1].</summary>
    public static Variable Mean(this ITape tape, Variable x) => tape.Scale(tape.Sum(x), 1.0 / x.Shape.Count);

    /// <summary>The mean of <c>(a - b)²</c>: [1].</summary>
    public static Variable MeanSquaredError(this ITape tape, Variable a, Variable b)
    {
        Variable difference = tape.Subtract(a, b);
        return tape.Mean(tape.Multiply(difference, difference));
    }

    /// <summary>Some neighbouring rows: <c>y[n] = x[first + n]</c>.</summary>
    /// <param name="tape">Records.</param>
    /// <param name="x">[N, C].</param>
    /// <param name="first">The first row.</param>
    /// <param name="count">How many.</param>
    /// <returns>[count, C].</returns>
    public static Variable Rows(this ITape tape, Variable x, int first, int count)
    {
        Memory<int> ids = tape.Indices(count);
        for (int i = 0; i < count; i++) ids.Span[i] = first + i;
        return tape.Embedding(x, ids);
    }

    /// <summary>All rows of some variables, one after the other; joined by halves, so that a row is copied log n times and not n times.</summary>
    /// <param name="tape">Records.</param>
    /// <param name="parts">At least one, with rows of one length.</param>
    public static Variable JoinRows(this ITape tape, ReadOnlySpan<Variable> parts) => parts.Length switch
    {
        0 => throw new ArgumentException("JoinRows: there is nothing to join; expected at least one part."),
        1 => parts[0],
        _ => tape.JoinRows(tape.JoinRows(parts[..(parts.Length / 2)]), tape.JoinRows(parts[(parts.Length / 2)..])),
    };

    /// <summary>The mean cross-entropy of rows with distributions of targets: <c>-1/N · Σ_n Σ_i p[n, i] · log softmax(logits[n])[i]</c> in nats; with all of a row on one token that of its id.</summary>
    /// <param name="tape">Records.</param>
    /// <param name="logits">[N, V].</param>
    /// <param name="probabilities">[N, V]: p; each row sums to 1.</param>
    /// <returns>[1].</returns>
    public static Variable CrossEntropy(this ITape tape, Variable logits, Variable probabilities) =>
        tape.Scale(tape.Sum(tape.Multiply(probabilities, tape.LogSoftmax(logits))), -1.0 / logits.Shape[0]);

    /// <summary>The entropy of each row's distribution in nats: <c>H = -Σ_i p_i log p_i</c> with <c>p = softmax(logits)</c>.</summary>
    /// <param name="tape">Records.</param>
    /// <param name="logits">[N, V].</param>
    /// <returns>[N, 1].</returns>
    public static Variable Entropy(this ITape tape, Variable logits)
    {
        Variable logProbabilities = tape.LogSoftmax(logits);
        return tape.Scale(tape.RowSums(tape.Multiply(tape.Activate(logProbabilities, Activation.Exp), logProbabilities)), -1);
    }

    /// <summary>The Kullback-Leibler divergence of each row in nats: <c>KL(p‖q) = Σ_i p_i (log p_i - log q_i)</c> with <c>p = softmax(logits)</c>.</summary>
    /// <param name="tape">Records.</param>
    /// <param name="logits">[N, V].</param>
    /// <param name="logQ">[N, V]: log q.</param>
    /// <returns>[N, 1].</returns>
    public static Variable KlDivergence(this ITape tape, Variable logits, Variable logQ)
    {
        Variable logP = tape.LogSoftmax(logits);
        return tape.RowSums(tape.Multiply(tape.Activate(logP, Activation.Exp), tape.Subtract(logP, logQ)));
    }
}
