using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Training.Layers;

/// <summary>
/// A recurrent layer over a batch of sequences. Rows stand step by step: [T·B, C], the B rows of step 0 first. The gates' weights are stacked as in
/// PyTorch: [gates·C, in]; each product has its own bias.
/// </summary>
public sealed class RecurrentLayer
{
    private readonly CellKind _kind;
    private readonly int _size;
    private readonly Variable _inputWeight, _hiddenWeight, _inputBias, _hiddenBias;
    private Variable[] _outputs = []; // of each step, while a forward pass runs

    /// <summary>Makes the layer with weights uniform in <c>±1/√C</c>.</summary>
    /// <param name="parameters">Takes the weights, under "PREFIX.weight_ih", "weight_hh", "bias_ih", "bias_hh".</param>
    /// <param name="prefix">Of the names.</param>
    /// <param name="kind">The cell.</param>
    /// <param name="inputSize">Values of an input row.</param>
    /// <param name="size">C: values of the state.</param>
    public RecurrentLayer(ParameterSet parameters, string prefix, CellKind kind, int inputSize, int size)
    {
        (_kind, _size) = (kind, size);
        int gates = GateCount(kind);
        double bound = 1 / Math.Sqrt(size);
        _inputWeight = parameters.Uniform(prefix + ".weight_ih", new Shape(gates * size, inputSize), bound);
        _hiddenWeight = parameters.Uniform(prefix + ".weight_hh", new Shape(gates * size, size), bound);
        _inputBias = parameters.Uniform(prefix + ".bias_ih", new Shape(gates * size), bound);
        _hiddenBias = parameters.Uniform(prefix + ".bias_hh", new Shape(gates * size), bound);
    }

    /// <summary>How many matrices are stacked in each weight.</summary>
    internal static int GateCount(CellKind kind) => kind switch { CellKind.Rnn => 1, CellKind.Lstm => 4, _ => 3 };

    /// <summary>A state of zeros.</summary>
    /// <param name="batchSize">B.</param>
    public RecurrentState ZeroState(int batchSize)
    {
        Variable zeros = new("state", new Shape(batchSize, _size), requiresGradient: false);
        return new RecurrentState(zeros, _kind == CellKind.Lstm ? zeros : null);
    }

    /// <summary>Runs over all steps.</summary>
    /// <param name="tape">Records.</param>
    /// <param name="x">[T·B, in].</param>
    /// <param name="state">Before the first step; B is its number of rows.</param>
    /// <returns>The hidden states of all steps [T·B, C], and the state after the last.</returns>
    public (Variable Outputs, RecurrentState State) Forward(ITape tape, Variable x, RecurrentState state)
    {
        int batchSize = state.Hidden.Shape[0], steps = x.Shape[0] / batchSize;
        Variable inputs = tape.Linear(x, _inputWeight, _inputBias); // [T·B, gates·C]: does not wait for the state, so all steps at once
        if (_outputs.Length < steps) _outputs = new Variable[steps];
        for (int t = 0; t < steps; t++)
        {
            state = Step(tape, tape.Rows(inputs, t * batchSize, batchSize), state);
            _outputs[t] = state.Hidden;
        }
        return (tape.JoinRows(_outputs.AsSpan(0, steps)), state);
    }

    /// <summary>One step for an input that was already multiplied by the input weights.</summary>
    /// <param name="tape">Records.</param>
    /// <param name="input">[B, gates·C].</param>
    /// <param name="state">Before.</param>
    /// <returns>After.</returns>
    private RecurrentState Step(ITape tape, Variable input, RecurrentState state)
    {
        Variable hidden = tape.Linear(state.Hidden, _hiddenWeight, _hiddenBias); // [B, gates·C]
        return _kind switch
        {
            CellKind.Rnn => new RecurrentState(tape.Activate(tape.Add(input, hidden), Activation.Tanh), null),
            CellKind.Lstm => LstmStep(tape, tape.Add(input, hidden), state),
            _ => GruStep(tape, input, hidden, state),
        };
    }

    // c' = f · c + i · g, h' = o · tanh(c')
    private RecurrentState LstmStep(ITape tape, Variable gates, RecurrentState state)
    {
        Variable input = Gate(tape, gates, 0, Activation.Sigmoid), forget = Gate(tape, gates, 1, Activation.Sigmoid);
        Variable candidate = Gate(tape, gates, 2, Activation.Tanh), output = Gate(tape, gates, 3, Activation.Sigmoid);
        Variable before = state.Cell ?? throw new ArgumentException("RecurrentLayer: the state has no cell; an LSTM needs one.");
        Variable cell = tape.Add(tape.Multiply(forget, before), tape.Multiply(input, candidate));
        return new RecurrentState(tape.Multiply(output, tape.Activate(cell, Activation.Tanh)), cell);
    }

    // r, z = σ(...), n = tanh(W x + r · (U h)), h' = n + z · (h - n)
    private RecurrentState GruStep(ITape tape, Variable input, Variable hidden, RecurrentState state)
    {
        Variable both = tape.Add(input, hidden);
        Variable reset = Gate(tape, both, 0, Activation.Sigmoid), update = Gate(tape, both, 1, Activation.Sigmoid);
        Variable remembered = tape.Multiply(reset, tape.Columns(hidden, 2 * _size, _size));
        Variable candidate = tape.Activate(tape.Add(tape.Columns(input, 2 * _size, _size), remembered), Activation.Tanh);
        return new RecurrentState(tape.Add(candidate, tape.Multiply(update, tape.Subtract(state.Hidden, candidate))), null);
    }

    private Variable Gate(ITape tape, Variable gates, int index, Activation activation) =>
        tape.Activate(tape.Columns(gates, index * _size, _size), activation);
}
