using LlmFromScratch.Tensors;

namespace LlmFromScratch.Training.Autograd;

/// <summary>
/// The operations that models are built of. <see cref="Tape"/> computes them fast in float32, <see cref="ReferenceTape"/> slowly and clearly in double; a
/// model written over this interface runs on both, and the second says whether the first is right. Everything else (a linear layer with bias, a mean, an LSTM
/// cell) is composed of these. Shape letters: B sequences, T tokens of each, N = B·T rows, C embedding, H heads, K key/value heads, D head size,
/// V vocabulary. Rows of all sequences stand one after the other: [B·T, C].
/// </summary>
/// <remarks>
/// Ids, targets and segments are read again by the backward pass: they must not change before it. Wrong shapes throw <see cref="ArgumentException"/>.
/// </remarks>
public interface ITape
{
    /// <summary>Looks up rows: <c>y[n] = table[ids[n]]</c>; the gradient is added back into the rows (scatter-add).</summary>
    /// <param name="table">[V, C].</param>
    /// <param name="ids">[N], each in [0, V).</param>
    /// <returns>[N, C].</returns>
    Variable Embedding(Variable table, ReadOnlyMemory<int> ids);

    /// <summary>Multiplies by a weight: <c>y = x · Wᵀ</c>; <c>xGrad = yGrad · W</c>, <c>WGrad = yGradᵀ · x</c>.</summary>
    /// <param name="x">[N, in].</param>
    /// <param name="weight">[out, in].</param>
    /// <returns>[N, out].</returns>
    Variable Linear(Variable x, Variable weight);

    /// <summary>Root mean square norm of each row: <c>y = x / √(mean(x²) + ε) · weight</c> (Zhang and Sennrich 2019, eq. 4).</summary>
    /// <param name="x">[N, C].</param>
    /// <param name="weight">[C].</param>
    /// <param name="epsilon">ε, above 0.</param>
    /// <returns>[N, C].</returns>
    Variable RmsNorm(Variable x, Variable weight, float epsilon);

    /// <summary>Norm of each row: <c>y = (x - mean) / √(variance + ε) · weight + bias</c> (Ba et al. 2016, eq. 4); the variance divides by C.</summary>
    /// <param name="x">[N, C].</param>
    /// <param name="weight">[C].</param>
    /// <param name="bias">[C].</param>
    /// <param name="epsilon">ε, above 0.</param>
    /// <returns>[N, C].</returns>
    Variable LayerNorm(Variable x, Variable weight, Variable bias, float epsilon);

    /// <summary>Rotates pairs of each head by <c>position · base^(-2i/D)</c> (Su et al. 2021, RoFormer, eq. 34).</summary>
    /// <param name="x">[B·T, heads·D].</param>
    /// <param name="options">D, T, base, pairing, first position.</param>
    /// <returns>[B·T, heads·D].</returns>
    Variable Rope(Variable x, RopeSettings options);

    /// <summary>
    /// Grouped-query attention within each sequence: <c>y[t, h] = Σ_s softmax_s(scale · q[t, h] · k[s, g] + bias[h, s - t + T - 1]) · v[s, g]</c>,
    /// <c>g = h / (H / K)</c>. When causal, the T queries are the last of the S positions and see nothing after themselves.
    /// </summary>
    /// <param name="q">[B·T, H·D].</param>
    /// <param name="k">[B·S, K·D].</param>
    /// <param name="v">[B·S, K·D].</param>
    /// <param name="options">B, H, K, scale, cap, and which keys a query sees.</param>
    /// <param name="bias">[H, T + S - 1], one value for each distance (ALiBi, T5), or null.</param>
    /// <returns>[B·T, H·D].</returns>
    Variable Attention(Variable q, Variable k, Variable v, AttentionSettings options, Variable? bias = null);

    /// <summary>Applies a function to each value; any shape.</summary>
    Variable Activate(Variable x, Activation activation);

    /// <summary>The gate of SwiGLU: <c>y = silu(gate) · up</c> with <c>silu(x) = x / (1 + e^-x)</c> (Shazeer 2020, eq. 6).</summary>
    /// <param name="gate">[N, F].</param>
    /// <param name="up">[N, F].</param>
    /// <returns>[N, F].</returns>
    Variable SiluMul(Variable gate, Variable up);

    /// <summary>Adds two variables of one shape: the residual connection.</summary>
    Variable Add(Variable a, Variable b);

    /// <summary>Adds a row to every row: <c>y[n] = x[n] + row</c>, a bias.</summary>
    /// <param name="x">[N, C].</param>
    /// <param name="row">[C].</param>
    /// <returns>[N, C].</returns>
    Variable AddRow(Variable x, Variable row);

    /// <summary>Multiplies two variables of one shape, value by value.</summary>
    Variable Multiply(Variable a, Variable b);

    /// <summary>Multiplies every row by its own factor: <c>y[n] = x[n] · factors[n]</c>.</summary>
    /// <param name="x">[N, C].</param>
    /// <param name="factors">[N, 1].</param>
    /// <returns>[N, C].</returns>
    Variable ScaleRows(Variable x, Variable factors);

    /// <summary>Multiplies every value by a constant.</summary>
    Variable Scale(Variable x, double factor);

    /// <summary><c>y[n, i] = e^(x[n, i]) / Σ_j e^(x[n, j])</c> for each row; the maximum is subtracted first.</summary>
    /// <param name="x">[N, C].</param>
    /// <returns>[N, C].</returns>
    Variable Softmax(Variable x);

    /// <summary><c>y[n, i] = x[n, i] - max - log Σ_j e^(x[n, j] - max)</c>: the logarithm of the softmax, exact where the softmax itself would be 0.</summary>
    /// <param name="x">[N, C].</param>
    /// <returns>[N, C].</returns>
    Variable LogSoftmax(Variable x);

    /// <summary>Sets each value to 0 with probability rate and divides the others by <c>1 - rate</c> (Srivastava et al. 2014).</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="rate">In [0, 1); 0 draws nothing.</param>
    /// <param name="random">Draws one number a call, from which the mask follows: the same seed drops the same values on both tapes.</param>
    Variable Dropout(Variable x, float rate, Numerics.SeededRandom random);

    /// <summary>Some neighbouring columns of every row: <c>y[n, i] = x[n, first + i]</c>.</summary>
    /// <param name="x">[N, C].</param>
    /// <param name="first">The first column.</param>
    /// <param name="count">How many.</param>
    /// <returns>[N, count].</returns>
    Variable Columns(Variable x, int first, int count);

    /// <summary>Rows side by side: <c>y[n] = [a[n], b[n]]</c>.</summary>
    /// <param name="a">[N, A].</param>
    /// <param name="b">[N, B].</param>
    /// <returns>[N, A + B].</returns>
    Variable JoinColumns(Variable a, Variable b);

    /// <summary>Rows one after the other: those of a, then those of b.</summary>
    /// <param name="a">[N, C].</param>
    /// <param name="b">[M, C].</param>
    /// <returns>[N + M, C].</returns>
    Variable JoinRows(Variable a, Variable b);

    /// <summary>The same values in the same order under another shape.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="shape">Holds as many values.</param>
    Variable Reshape(Variable x, Shape shape);

    /// <summary>Picks values by their place in row-major order: <c>y[i] = x[indices[i]]</c>; the gradient is added back (scatter-add).</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="indices">As many as the wanted shape holds.</param>
    /// <param name="shape">The wanted shape.</param>
    Variable Elements(Variable x, ReadOnlyMemory<int> indices, Shape shape);

    /// <summary>Adds rows up where they belong: <c>y[r] = Σ_{n: ids[n] = r} x[n]</c>, the transpose of <see cref="Embedding"/>.</summary>
    /// <param name="x">[N, C].</param>
    /// <param name="ids">[N], each in [0, rowCount).</param>
    /// <param name="rowCount">R.</param>
    /// <returns>[R, C]; rows that no id names are 0.</returns>
    Variable ScatterRows(Variable x, ReadOnlyMemory<int> ids, int rowCount);

    /// <summary>The sum of each row.</summary>
    /// <param name="x">[N, C].</param>
    /// <returns>[N, 1].</returns>
    Variable RowSums(Variable x);

    /// <summary>The sum of all values.</summary>
    /// <returns>[1].</returns>
    Variable Sum(Variable x);

    /// <summary>The logarithm of the probability of each row's target: <c>y[n] = log softmax(logits[n])[targets[n]]</c> in nats.</summary>
    /// <param name="logits">[N, V].</param>
    /// <param name="targets">[N], each in [0, V) or <see cref="Tape.IgnoredTarget"/>.</param>
    /// <returns>[N, 1]; 0 where the target is ignored.</returns>
    Variable LogProbability(Variable logits, ReadOnlyMemory<int> targets);

    /// <summary>The mean over counted rows of <c>-log softmax(logits[n])[targets[n]]</c>, in nats.</summary>
    /// <param name="logits">[N, V].</param>
    /// <param name="targets">[N], each in [0, V), or <see cref="Tape.IgnoredTarget"/> for rows that do not count.</param>
    /// <returns>[1].</returns>
    Variable CrossEntropy(Variable logits, ReadOnlyMemory<int> targets);

    /// <summary>A result that no gradient flows to, made of given values; as <see cref="Variable.Constant"/>, but freed with the tape.</summary>
    /// <param name="values">As many as the shape holds.</param>
    /// <param name="shape">The result's shape.</param>
    Variable Constant(ReadOnlySpan<double> values, Shape shape);

    /// <summary>Integers for ids, indices or targets that are made while a model runs: they last until the tape is freed.</summary>
    /// <param name="count">How many; their values are whatever was left there.</param>
    Memory<int> Indices(int count);

    /// <summary>Until the scope is disposed, results need no gradient: what is computed is a constant for the backward pass.</summary>
    NoGradientScope NoGradient();

    /// <summary>Adds <c>Σ outputGradient · ∂output/∂leaf</c> to the gradient of every leaf, and frees the tape.</summary>
    /// <param name="output">A result of this tape.</param>
    /// <param name="outputGradient">The derivative of whatever is wanted by each value of the output.</param>
    void Backward(Variable output, ReadOnlySpan<float> outputGradient);

    /// <summary>Frees everything recorded without a backward pass: the way to evaluate.</summary>
    void Reset();
}
