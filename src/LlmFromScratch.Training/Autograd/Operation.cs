using LlmFromScratch.Tensors;

namespace LlmFromScratch.Training.Autograd;

/// <summary>
/// One recorded step of the forward pass: it knows its inputs and how a gradient of its output becomes gradients of them. Operations go round like
/// buffers: a tape gives the same object to a later step, so nothing is allocated after the first. The order of use is: taken, <see cref="Begin"/>,
/// forward, perhaps <see cref="Backward(Tape)"/>, <see cref="Free"/>.
/// </summary>
internal abstract class Operation
{
    private readonly Variable?[] _inputs = new Variable?[4];
    private readonly Action<int> _forwardPart, _backwardPart; // made once: a delegate made at each call would be garbage
    private Variable? _output;
    private int _count, _pieceSize;

    protected Operation()
    {
        _forwardPart = part => Forward(part * _pieceSize, Math.Min(_count, (part + 1) * _pieceSize));
        _backwardPart = part => Backward(part * _pieceSize, Math.Min(_count, (part + 1) * _pieceSize));
    }

    /// <summary>What the operation made.</summary>
    public Variable Output => _output ?? throw new InvalidOperationException("Operation: not begun.");

    /// <summary>Adds to the gradients of the inputs what flows back from the gradient of <see cref="Output"/>.</summary>
    public abstract void Backward(Tape tape);

    /// <summary>Gives back what the operation kept beside its inputs and output.</summary>
    public virtual void Free(Tape tape) { }

    /// <summary>Gives the output back and forgets everything, so that the object can be used again.</summary>
    public void Recycle(Tape tape)
    {
        Free(tape);
        tape.Free(Output);
        _output = null;
        _inputs.AsSpan().Clear();
    }

    /// <summary>Notes the inputs and makes the output.</summary>
    protected void Begin(Tape tape, string name, Shape shape, params ReadOnlySpan<Variable?> inputs)
    {
        inputs.CopyTo(_inputs);
        _output = tape.Result(name, inputs.IsEmpty ? null : inputs[^1], shape, inputs);
    }

    /// <summary>An input given to <see cref="Begin"/>.</summary>
    protected Variable Input(int index) => _inputs[index] ?? throw new InvalidOperationException($"Operation: there is no input {index}.");

    /// <summary>An input that may be absent.</summary>
    protected Variable? OptionalInput(int index) => _inputs[index];

    /// <summary>Calls <see cref="Forward(int, int)"/> over [0, count) in pieces that depend only on the count, on all threads.</summary>
    protected void RunForward(Tape tape, int count, int pieceSize) => Run(tape, count, pieceSize, _forwardPart);

    /// <summary>Calls <see cref="Backward(int, int)"/> in the same way.</summary>
    protected void RunBackward(Tape tape, int count, int pieceSize) => Run(tape, count, pieceSize, _backwardPart);

    /// <summary>One piece of the forward pass, for operations that run in pieces.</summary>
    protected virtual void Forward(int first, int end) { }

    /// <summary>One piece of the backward pass.</summary>
    protected virtual void Backward(int first, int end) { }

    private void Run(Tape tape, int count, int pieceSize, Action<int> part)
    {
        (_count, _pieceSize) = (count, pieceSize);
        tape.Team.Run((count + pieceSize - 1) / pieceSize, part);
    }
}
