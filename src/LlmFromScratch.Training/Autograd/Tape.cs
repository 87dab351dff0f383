using LlmFromScratch.Kernels.Cpu.Gradients;
using LlmFromScratch.Kernels.Cpu.Threading;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Training.Autograd;

/// <summary>
/// Reverse-mode differentiation (Linnainmaa 1970): every operation computes its result at once and is written on the tape;
/// <see cref="Backward(Variable, float)"/> reads the tape from the end and applies the chain rule. Buffers go back to a pool as the tape is read, so
/// the next step finds them there. Work is cut into parts that depend only on the shapes: results have the same bits for any thread count.
/// Shape letters: B sequences, T tokens of each, N = B·T rows, C embedding, H heads, K key/value heads, D head size, V vocabulary.
/// </summary>
/// <remarks>Not thread-safe: one forward or backward at a time. Rows of all sequences stand one after the other: [B·T, C].</remarks>
/// <param name="threadCount">Threads that share the work, at least 1.</param>
public sealed class Tape(int threadCount = 1) : IDisposable
{
    private readonly List<Operation> _operations = [];
    private readonly Dictionary<RopeSettings, float[]> _ropeTables = [];

    internal BufferPool<float> Pool { get; } = new();

    internal BufferPool<KeyRange> Ranges { get; } = new();

    internal ThreadTeam Team { get; } = new(threadCount);

    /// <summary>Looks up rows: <c>y[n] = table[ids[n]]</c>; the gradient is added back into the rows (scatter-add).</summary>
    /// <param name="table">[V, C].</param>
    /// <param name="ids">[N], each in [0, V); not to be changed before the backward pass.</param>
    /// <returns>[N, C].</returns>
    public Variable Embedding(Variable table, ReadOnlyMemory<int> ids) => Record(EmbeddingOperation.Forward(this, table, ids));

    /// <summary>Multiplies by a weight: <c>y = x · Wᵀ</c>; <c>xGrad = yGrad · W</c>, <c>WGrad = yGradᵀ · x</c>.</summary>
    /// <param name="x">[N, in].</param>
    /// <param name="weight">[out, in].</param>
    /// <returns>[N, out].</returns>
    public Variable Linear(Variable x, Variable weight) => Record(LinearOperation.Forward(this, x, weight));

    /// <summary>Root mean square norm of each row: <c>y = x / √(mean(x²) + ε) · weight</c> (Zhang and Sennrich 2019, eq. 4).</summary>
    /// <param name="x">[N, C].</param>
    /// <param name="weight">[C].</param>
    /// <param name="epsilon">ε, above 0.</param>
    /// <returns>[N, C].</returns>
    public Variable RmsNorm(Variable x, Variable weight, float epsilon) => Record(RmsNormOperation.Forward(this, x, weight, epsilon));

    /// <summary>Rotates pairs of each head by <c>position · base^(-2i/D)</c> (Su et al. 2021, RoFormer, eq. 34).</summary>
    /// <param name="x">[B·T, heads·D].</param>
    /// <param name="options">D, T, base, pairing, first position.</param>
    /// <returns>[B·T, heads·D].</returns>
    public Variable Rope(Variable x, RopeSettings options) => Record(RopeOperation.Forward(this, x, options));

    /// <summary>
    /// Grouped-query attention within each sequence: <c>y[t, h] = Σ_s softmax_s(scale · q[t, h] · k[s, g] + bias[h, s - t + T - 1]) · v[s, g]</c>,
    /// <c>g = h / (H / K)</c>. When causal, the T queries are the last of the S positions and see nothing after themselves. The weights never stand in memory
    /// as a whole (Dao et al. 2022, FlashAttention).
    /// </summary>
    /// <param name="q">[B·T, H·D].</param>
    /// <param name="k">[B·S, K·D].</param>
    /// <param name="v">[B·S, K·D].</param>
    /// <param name="options">B, H, K, scale, cap, and which keys a query sees.</param>
    /// <param name="bias">[H, T + S - 1], one value for each distance (ALiBi, T5), or null.</param>
    /// <returns>[B·T, H·D].</returns>
    public Variable Attention(Variable q, Variable k, Variable v, AttentionSettings options, Variable? bias = null) =>
        Record(AttentionOperation.Forward(this, q, k, v, options, bias));

    /// <summary>The gate of SwiGLU: <c>y = silu(gate) · up</c> with <c>silu(x) = x / (1 + e^-x)</c> (Shazeer 2020, eq. 6).</summary>
    /// <param name="gate">[N, F].</param>
    /// <param name="up">[N, F].</param>
    /// <returns>[N, F].</returns>
    public Variable SiluMul(Variable gate, Variable up) => Record(SiluMulOperation.Forward(this, gate, up));

    /// <summary>Adds two variables of one shape: the residual connection.</summary>
    public Variable Add(Variable a, Variable b) => Record(AddOperation.Forward(this, a, b));

    /// <summary>
    /// The mean over counted rows of <c>-log softmax(logits[n])[targets[n]]</c>, in nats. Rows with target <see cref="IgnoredTarget"/> do not count.
    /// </summary>
    /// <param name="logits">[N, V].</param>
    /// <param name="targets">[N], each in [0, V) or <see cref="IgnoredTarget"/>; not to be changed before the backward pass.</param>
    /// <returns>[1].</returns>
    public Variable CrossEntropy(Variable logits, ReadOnlyMemory<int> targets) => Record(CrossEntropyOperation.Forward(this, logits, targets));

    /// <summary>The target of a row that has no loss: padding, or a prompt that is given rather than learnt.</summary>
    public const int IgnoredTarget = -1;

    /// <summary>Adds the derivative of <paramref name="loss"/> to the gradient of every leaf it depends on, and frees the tape.</summary>
    /// <param name="loss">[1], made by this tape.</param>
    /// <param name="scale">The gradient of the loss itself: 1, or 1/n when n parts of a batch are added up.</param>
    /// <returns>The value of the loss.</returns>
    public float Backward(Variable loss, float scale = 1)
    {
        if (loss.Shape.Count != 1) throw new ArgumentException($"Backward: the loss is {loss.Shape}; expected one value, [1].", nameof(loss));
        float value = loss.Data[0];
        Backward(loss, [scale]);
        return value;
    }

    /// <summary>Adds <c>Σ outputGradient · ∂output/∂leaf</c> to the gradient of every leaf, and frees the tape.</summary>
    /// <param name="output">A result of this tape.</param>
    /// <param name="outputGradient">The derivative of whatever is wanted by each value of the output.</param>
    public void Backward(Variable output, ReadOnlySpan<float> outputGradient)
    {
        Require.That(outputGradient.Length == output.Shape.Count,
            $"Backward: {output.Name} is {output.Shape}, got {outputGradient.Length} gradient values; expected one for each.");
        outputGradient.CopyTo(GradientOf(output, out _));
        for (int i = _operations.Count - 1; i >= 0; i--)
        {
            Operation operation = _operations[i];
            if (operation.Output.GradientArray is not null) operation.Backward(this); // else nothing that follows led to the output
            operation.Free(this);
            operation.Output.Free(Pool);
        }
        _operations.Clear();
    }

    /// <summary>Frees everything recorded without a backward pass: the way to evaluate.</summary>
    public void Reset()
    {
        foreach (Operation operation in _operations)
        {
            operation.Free(this);
            operation.Output.Free(Pool);
        }
        _operations.Clear();
    }

    /// <summary>Stops the threads.</summary>
    public void Dispose() => Team.Dispose();

    /// <summary>The name of the first recorded result that holds NaN or infinity, or null: where a loss that is no number comes from.</summary>
    internal string? FirstNotFinite() => _operations.Find(operation => !operation.Output.Data.IsFinite())?.Output.Name;

    internal Variable Result(string name, Shape shape, params ReadOnlySpan<Variable> inputs)
    {
        bool requiresGradient = false;
        foreach (Variable input in inputs) requiresGradient |= input.RequiresGradient;
        return new Variable(name, shape, requiresGradient, Pool.Rent((int)shape.Count));
    }

    /// <summary>The buffer for a gradient. A result's first gradient overwrites what an earlier step left there; all others are added.</summary>
    internal float[] GradientOf(Variable variable, out bool accumulate)
    {
        accumulate = variable.GradientArray is not null;
        return variable.GradientArray ??= Pool.Rent(variable.DataArray.Length);
    }

    /// <summary>Cosines and sines [T, D/2, 2], computed once for each settings.</summary>
    internal float[] RopeTable(RopeSettings settings)
    {
        if (_ropeTables.TryGetValue(settings, out float[]? table)) return table;
        table = new float[settings.TokenCount * settings.HeadSize];
        RopeGradient.FillTable(settings.FirstPosition, settings.HeadSize, settings.RopeBase, table);
        _ropeTables.Add(settings, table);
        return table;
    }

    /// <summary>Runs <paramref name="body"/>(first, end) over [0, count) in pieces of <paramref name="pieceSize"/>, on all threads.</summary>
    internal void ForEachPiece(int count, int pieceSize, Action<int, int> body) =>
        Team.Run((count + pieceSize - 1) / pieceSize, piece => body(piece * pieceSize, Math.Min(count, (piece + 1) * pieceSize)));

    internal Variable Record(Operation operation)
    {
        _operations.Add(operation);
        return operation.Output;
    }
}
