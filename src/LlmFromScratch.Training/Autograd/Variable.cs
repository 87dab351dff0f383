using LlmFromScratch.Tensors;

namespace LlmFromScratch.Training.Autograd;

/// <summary>
/// A tensor of floats that remembers its gradient: the derivative of the loss by each of its values. A leaf (a weight, an input) is made by
/// its constructor and keeps both; the result of an operation belongs to its <see cref="Tape"/>, is freed when the tape has walked back past it, and the
/// object serves a later step: keep its values, not the variable.
/// </summary>
public sealed class Variable
{
    private string _name;
    private Variable? _subject; // the weight that a result's name ends in
    private float[]? _data, _gradient; // may be longer than the shape: they come from a pool
    private int _count;

    /// <summary>Makes a leaf of zeros.</summary>
    /// <param name="name">Its name in checkpoints, exports and messages.</param>
    /// <param name="shape">Its sizes.</param>
    /// <param name="requiresGradient">Whether <see cref="Tape.Backward(Variable, float)"/> adds to its gradient.</param>
    public Variable(string name, Shape shape, bool requiresGradient = true)
    {
        _name = name;
        Shape = shape;
        RequiresGradient = requiresGradient;
        IsLeaf = true;
        _count = (int)shape.Count;
        _data = new float[shape.Count];
        _gradient = requiresGradient ? new float[shape.Count] : null;
    }

    // A result; the tape fills it with Begin.
    internal Variable() => _name = "";

    /// <summary>The name of a leaf, or of the operation that made a result.</summary>
    public string Name => _subject is null ? _name : $"{_name} {_subject.Name}";

    /// <summary>The sizes, row-major.</summary>
    public Shape Shape { get; private set; }

    /// <summary>The values in double of a constant made by <see cref="Constant"/>.</summary>
    internal double[]? ExactValues { get; private init; }

    /// <summary>Whether a gradient flows to this variable.</summary>
    public bool RequiresGradient { get; private set; }

    /// <summary>Whether this is a weight or an input, not the result of an operation.</summary>
    public bool IsLeaf { get; }

    /// <summary>The values.</summary>
    /// <exception cref="InvalidOperationException">The tape has freed this result.</exception>
    public Span<float> Data => (_data ?? throw new InvalidOperationException(
        $"Variable {Name} {Shape}: its values were freed when the tape walked back or was reset; copy them before.")).AsSpan(0, _count);

    /// <summary>The gradient: what all backward passes since <see cref="ZeroGradient"/> have added up.</summary>
    /// <exception cref="InvalidOperationException">There is none: freed, or not asked for.</exception>
    public Span<float> Gradient => ((RequiresGradient ? _gradient : null) ?? throw new InvalidOperationException(
        $"Variable {Name} {Shape}: there is no gradient; expected a leaf that requires one. Results lose theirs as the tape walks back.")).AsSpan(0, _count);

    internal float[]? GradientArray
    {
        get => _gradient;
        set => _gradient = value;
    }

    /// <summary>Makes a leaf that never learns: positions, masks, one-hot rows. It keeps its values in double for <see cref="ReferenceTape"/>.</summary>
    /// <param name="name">Its name in messages.</param>
    /// <param name="shape">Its sizes.</param>
    /// <param name="values">As many as the shape holds.</param>
    public static Variable Constant(string name, Shape shape, double[] values) =>
        new Variable(name, shape, requiresGradient: false) { ExactValues = values }.Fill(Array.ConvertAll(values, value => (float)value));

    /// <summary>Sets the gradient of a leaf to zero. Gradients add up until this is called.</summary>
    public void ZeroGradient() => Gradient.Clear();

    /// <summary>What learns in a frozen weight's place, see <see cref="LowRankAdapter"/>.</summary>
    internal LowRankAdapter? Adapter { get; set; }

    /// <summary>Makes a leaf a constant: no gradient flows to it any more.</summary>
    internal void Freeze()
    {
        RequiresGradient = false;
        _gradient = null;
    }

    /// <summary>Copies values into the variable.</summary>
    /// <param name="values">As many as the shape holds.</param>
    /// <returns>This variable.</returns>
    public Variable Fill(ReadOnlySpan<float> values)
    {
        if (values.Length != Data.Length) throw new ArgumentException($"Variable {Name}: shape {Shape} holds {Data.Length} values, got {values.Length}.", nameof(values));
        values.CopyTo(Data);
        return this;
    }

    /// <summary>Makes this object a result.</summary>
    internal void Begin(string name, Variable? subject, Shape shape, bool requiresGradient, float[] data)
    {
        (_name, _subject) = (name, subject);
        Shape = shape;
        _count = (int)shape.Count;
        RequiresGradient = requiresGradient;
        _data = data;
    }

    /// <summary>Lets go of a result's values.</summary>
    internal void Forget() => _data = _gradient = null;

    /// <summary>Gives the buffers of a result back.</summary>
    internal void Free(BufferPool<float> pool)
    {
        if (_data is not null) pool.Return(_data);
        if (_gradient is not null) pool.Return(_gradient);
        _data = _gradient = null;
    }
}
