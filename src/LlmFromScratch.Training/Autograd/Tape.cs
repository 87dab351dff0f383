using LlmFromScratch.Kernels.Cpu.Gradients;
using LlmFromScratch.Kernels.Cpu.Threading;
using LlmFromScratch.Numerics;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Training.Autograd;

/// <summary>
/// Reverse-mode differentiation (Linnainmaa 1970) in float32: every operation computes its result at once and is written on the tape;
/// <see cref="Backward(Variable, float)"/> reads the tape from the end and applies the chain rule. Buffers, results and operations go back to pools as the
/// tape is read: after the first step a step of the same shapes allocates nothing. Work is cut into parts that depend only on the shapes: results have the
/// same bits for any thread count. <see cref="ReferenceTape"/> is the clear form of the same operations.
/// </summary>
/// <remarks>Not thread-safe: one forward or backward at a time.</remarks>
/// <param name="threadCount">Threads that share the work, at least 1.</param>
public sealed class Tape(int threadCount = 1) : ITape, IDisposable
{
    /// <summary>The target of a row that has no loss: padding, or a prompt that is given rather than learnt.</summary>
    public const int IgnoredTarget = -1;

    private readonly List<Operation> _operations = [];
    private readonly Dictionary<Type, Stack<Operation>> _idle = [];
    private readonly Dictionary<RopeSettings, float[]> _ropeTables = [];
    private readonly BufferPool<int> _integers = new();
    private readonly List<int[]> _rentedIntegers = [];
    private readonly GradientSwitch _gradientSwitch = new();
    private readonly Stack<Variable> _unused = [];
    private Stack<Variable> _freed = [], _resting = []; // a freed result rests for a whole step: who still holds it reads "freed", not another's values

    internal BufferPool<float> Pool { get; } = new();

    internal BufferPool<KeyRange> Ranges { get; } = new();

    internal ThreadTeam Team { get; } = new(threadCount);

    /// <inheritdoc/>
    public Variable Embedding(Variable table, ReadOnlyMemory<int> ids) => Record(Take<EmbeddingOperation>().Forward(this, table, ids));

    /// <inheritdoc/>
    public Variable Linear(Variable x, Variable weight)
    {
        Variable y = Record(Take<LinearOperation>().Forward(this, x, weight));
        return this.AddAdapter(x, weight, y);
    }

    /// <inheritdoc/>
    public Variable RmsNorm(Variable x, Variable weight, float epsilon) => Record(Take<RmsNormOperation>().Forward(this, x, weight, epsilon));

    /// <inheritdoc/>
    public Variable LayerNorm(Variable x, Variable weight, Variable bias, float epsilon) =>
        Record(Take<LayerNormOperation>().Forward(this, x, weight, bias, epsilon));

    /// <inheritdoc/>
    public Variable Rope(Variable x, RopeSettings options) => Record(Take<RopeOperation>().Forward(this, x, options));

    /// <inheritdoc/>
    public Variable Attention(Variable q, Variable k, Variable v, AttentionSettings options, Variable? bias = null) =>
        Record(Take<AttentionOperation>().Forward(this, q, k, v, options, bias));

    /// <inheritdoc/>
    public Variable Activate(Variable x, Activation activation) => Record(Take<ActivationOperation>().Forward(this, x, activation));

    /// <inheritdoc/>
    public Variable SiluMul(Variable gate, Variable up) => Record(Take<SiluMulOperation>().Forward(this, gate, up));

    /// <inheritdoc/>
    public Variable Add(Variable a, Variable b) => Record(Take<AddOperation>().Forward(this, a, b));

    /// <inheritdoc/>
    public Variable AddRow(Variable x, Variable row) => Record(Take<AddRowOperation>().Forward(this, x, row));

    /// <inheritdoc/>
    public Variable Multiply(Variable a, Variable b) => Record(Take<MultiplyOperation>().Forward(this, a, b));

    /// <inheritdoc/>
    public Variable ScaleRows(Variable x, Variable factors) => Record(Take<ScaleRowsOperation>().Forward(this, x, factors));

    /// <inheritdoc/>
    public Variable Scale(Variable x, double factor) => Record(Take<ScaleOperation>().Forward(this, x, (float)factor));

    /// <inheritdoc/>
    public Variable Softmax(Variable x) => Record(Take<SoftmaxOperation>().Forward(this, x));

    /// <inheritdoc/>
    public Variable LogSoftmax(Variable x) => Record(Take<LogSoftmaxOperation>().Forward(this, x));

    /// <inheritdoc/>
    public Variable Dropout(Variable x, float rate, SeededRandom random) => rate == 0 ? x : Record(Take<DropoutOperation>().Forward(this, x, rate, random));

    /// <inheritdoc/>
    public Variable Columns(Variable x, int first, int count) => Record(Take<ColumnsOperation>().Forward(this, x, first, count));

    /// <inheritdoc/>
    public Variable JoinColumns(Variable a, Variable b) => Record(Take<JoinColumnsOperation>().Forward(this, a, b));

    /// <inheritdoc/>
    public Variable JoinRows(Variable a, Variable b) => Record(Take<JoinRowsOperation>().Forward(this, a, b));

    /// <inheritdoc/>
    public Variable Reshape(Variable x, Shape shape) => Record(Take<ReshapeOperation>().Forward(this, x, shape));

    /// <inheritdoc/>
    public Variable Elements(Variable x, ReadOnlyMemory<int> indices, Shape shape) => Record(Take<ElementsOperation>().Forward(this, x, indices, shape));

    /// <inheritdoc/>
    public Variable ScatterRows(Variable x, ReadOnlyMemory<int> ids, int rowCount) => Record(Take<ScatterRowsOperation>().Forward(this, x, ids, rowCount));

    /// <inheritdoc/>
    public Variable RowSums(Variable x) => Record(Take<RowSumsOperation>().Forward(this, x));

    /// <inheritdoc/>
    public Variable Sum(Variable x) => Record(Take<SumOperation>().Forward(this, x));

    /// <inheritdoc/>
    public Variable LogProbability(Variable logits, ReadOnlyMemory<int> targets) => Record(Take<LogProbabilityOperation>().Forward(this, logits, targets));

    /// <inheritdoc/>
    public Variable CrossEntropy(Variable logits, ReadOnlyMemory<int> targets) => Record(Take<CrossEntropyOperation>().Forward(this, logits, targets));

    /// <inheritdoc/>
    public Variable Constant(ReadOnlySpan<double> values, Shape shape) => Record(Take<ConstantOperation>().Forward(this, values, shape));

    /// <inheritdoc/>
    public Memory<int> Indices(int count)
    {
        int[] buffer = _integers.Rent(count);
        _rentedIntegers.Add(buffer);
        return buffer.AsMemory(0, count);
    }

    /// <inheritdoc/>
    public NoGradientScope NoGradient() => new(_gradientSwitch);

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

    /// <inheritdoc/>
    public void Backward(Variable output, ReadOnlySpan<float> outputGradient)
    {
        Require.That(outputGradient.Length == output.Shape.Count,
            $"Backward: {output.Name} is {output.Shape}, got {outputGradient.Length} gradient values; expected one for each.");
        Require.That(output.RequiresGradient, $"Backward: {output.Name} depends on no leaf that requires a gradient.");
        outputGradient.CopyTo(GradientOf(output).Values);
        for (int i = _operations.Count - 1; i >= 0; i--)
        {
            if (_operations[i].Output.GradientArray is not null) _operations[i].Backward(this); // else nothing that follows led to the output
            Recycle(_operations[i]);
        }
        EndStep();
    }

    /// <inheritdoc/>
    public void Reset()
    {
        foreach (Operation operation in _operations) Recycle(operation);
        EndStep();
    }

    /// <summary>Stops the threads.</summary>
    public void Dispose() => Team.Dispose();

    /// <summary>The name of the first recorded result that holds NaN or infinity, or null: where a loss that is no number comes from.</summary>
    internal string? FirstNotFinite() => _operations.Find(operation => !operation.Output.Data.IsFinite())?.Output.Name;

    /// <summary>A result with a buffer of its own.</summary>
    internal Variable Result(string name, Variable? subject, Shape shape, ReadOnlySpan<Variable?> inputs)
    {
        if (!_unused.TryPop(out Variable? result)) result = new Variable();
        result.Begin(name, subject is { IsLeaf: true } ? subject : null, shape, _gradientSwitch.RequiresGradient(inputs), Pool.Rent((int)shape.Count));
        return result;
    }

    /// <summary>Takes back a result.</summary>
    internal void Free(Variable result)
    {
        result.Free(Pool);
        _freed.Push(result);
    }

    /// <summary>Where to write a gradient. Scratch memory is given back by <see cref="Release"/>.</summary>
    internal GradientTarget GradientOf(Variable variable)
    {
        int size = (int)variable.Shape.Count;
        if (!variable.RequiresGradient) return new GradientTarget(Pool.Rent(size), size, false, false);
        bool accumulate = variable.GradientArray is not null;
        return new GradientTarget(variable.GradientArray ??= Pool.Rent(size), size, accumulate, true);
    }

    /// <summary>Where to add a gradient: zeroed if it is the first.</summary>
    internal GradientTarget GradientToAddTo(Variable variable)
    {
        GradientTarget target = GradientOf(variable);
        if (!target.Accumulate) target.Values.Clear();
        return target;
    }

    /// <summary>Gives scratch memory back that stood for a gradient nobody wants.</summary>
    internal void Release(GradientTarget target)
    {
        if (!target.IsWanted) Pool.Return(target.Array);
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

    internal T Take<T>()
        where T : Operation, new() =>
        _idle.TryGetValue(typeof(T), out Stack<Operation>? stack) && stack.TryPop(out Operation? operation) ? (T)operation : new T();

    internal Variable Record(Operation operation)
    {
        _operations.Add(operation);
        return operation.Output;
    }

    private void Recycle(Operation operation)
    {
        operation.Recycle(this);
        if (!_idle.TryGetValue(operation.GetType(), out Stack<Operation>? stack)) _idle.Add(operation.GetType(), stack = []);
        stack.Push(operation);
    }

    private void EndStep()
    {
        _operations.Clear();
        foreach (int[] buffer in _rentedIntegers) _integers.Return(buffer);
        _rentedIntegers.Clear();
        while (_resting.TryPop(out Variable? result)) _unused.Push(result);
        (_freed, _resting) = (_resting, _freed);
    }
}
