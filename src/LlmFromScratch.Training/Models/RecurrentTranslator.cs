using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Layers;

namespace LlmFromScratch.Training.Models;

/// <summary>
/// Sequence to sequence with two recurrent nets: one reads a text into its last state, one writes the answer from there (Sutskever et al. 2014). With
/// attention the writer also looks back at every state of the reader, so that a long text need not fit into one vector (Luong et al. 2015, dot form).
/// Rows stand step by step: [S·B], [T·B].
/// </summary>
public sealed class RecurrentTranslator
{
    private readonly ParameterSet _parameters;
    private readonly Variable _sourceTokens, _targetTokens;
    private readonly RecurrentLayer _reader, _writer;
    private readonly LinearLayer? _combine;
    private readonly LinearLayer _head;
    private RecurrentState? _zeros; // every step of a training begins with the same

    /// <summary>Makes a model with random weights.</summary>
    /// <param name="kind">The cell of both nets.</param>
    /// <param name="sourceVocabSize">Tokens of the text.</param>
    /// <param name="targetVocabSize">V: tokens of the answer.</param>
    /// <param name="size">C.</param>
    /// <param name="hasAttention">Whether the writer looks back.</param>
    /// <param name="seed">Of the weights.</param>
    public RecurrentTranslator(CellKind kind, int sourceVocabSize, int targetVocabSize, int size, bool hasAttention, ulong seed)
    {
        _parameters = new ParameterSet(seed);
        _sourceTokens = _parameters.Normal("source_tokens", new Shape(sourceVocabSize, size), 0.5);
        _targetTokens = _parameters.Normal("target_tokens", new Shape(targetVocabSize, size), 0.5);
        _reader = new RecurrentLayer(_parameters, "reader", kind, size, size);
        _writer = new RecurrentLayer(_parameters, "writer", kind, size, size);
        _combine = hasAttention ? new LinearLayer(_parameters, "combine", 2 * size, size, hasBias: false, 1 / Math.Sqrt(2 * size)) : null;
        _head = new LinearLayer(_parameters, "head", size, targetVocabSize, hasBias: true, 1 / Math.Sqrt(size));
    }

    /// <summary>All weights.</summary>
    public IReadOnlyList<Variable> Parameters => _parameters.All;

    /// <summary>Sets all gradients to zero.</summary>
    public void ZeroGradients() => _parameters.ZeroGradients();

    /// <summary>The logits of the next token after every token of the answer so far.</summary>
    /// <param name="tape">Records.</param>
    /// <param name="source">[S·B].</param>
    /// <param name="answer">[T·B]: a start token, then the answer.</param>
    /// <param name="sequenceCount">B.</param>
    /// <returns>[T·B, V].</returns>
    public Variable Forward(ITape tape, ReadOnlyMemory<int> source, ReadOnlyMemory<int> answer, int sequenceCount)
    {
        (Variable read, Variable written) = Run(tape, source, answer, sequenceCount);
        if (_combine is not null)
        {
            Variable keys = ByOther(tape, read, sequenceCount); // [B·S, C]
            Variable found = tape.Attention(ByOther(tape, written, sequenceCount), keys, keys, new AttentionSettings(sequenceCount, 1, 1, Causal: false, Scale: 1));
            found = ByOther(tape, found, answer.Length / sequenceCount); // back to [T·B, C]
            written = tape.Activate(_combine.Forward(tape, tape.JoinColumns(found, written)), Activation.Tanh);
        }
        return _head.Forward(tape, written);
    }

    /// <summary>Writes an answer to one text, each time the most likely token.</summary>
    /// <param name="source">[S].</param>
    /// <param name="startId">What the answer begins after.</param>
    /// <param name="endId">What ends it.</param>
    /// <param name="maxTokens">When to stop otherwise.</param>
    /// <returns>The answer without start and end.</returns>
    public int[] Generate(ReadOnlyMemory<int> source, int startId, int endId, int maxTokens)
    {
        using Tape tape = new();
        using NoGradientScope scope = tape.NoGradient();
        return GreedyAnswer.Write(startId, endId, maxTokens, answer => Forward(tape, source, answer, 1));
    }

    /// <summary>Where the writer looks: for every token of an answer its shares over the tokens of the text, <c>softmax(h_t · s_1, ..., h_t · s_S)</c>.</summary>
    /// <param name="source">[S].</param>
    /// <param name="answer">[T]: a start token, then the answer so far.</param>
    /// <returns>[T, S]; every row sums to 1.</returns>
    /// <exception cref="InvalidOperationException">The model has no attention.</exception>
    public float[] Alignment(ReadOnlyMemory<int> source, ReadOnlyMemory<int> answer)
    {
        if (_combine is null) throw new InvalidOperationException("Alignment: expected a translator with attention, got one without: its writer sees the reader's last state only.");
        using Tape tape = new();
        using NoGradientScope scope = tape.NoGradient();
        (Variable read, Variable written) = Run(tape, source, answer, 1);
        return tape.Softmax(tape.Linear(written, read)).Data.ToArray();
    }

    // The states of the reader [S·B, C] and of the writer [T·B, C], which begins where the reader ended.
    private (Variable Read, Variable Written) Run(ITape tape, ReadOnlyMemory<int> source, ReadOnlyMemory<int> answer, int sequenceCount)
    {
        (Variable read, RecurrentState state) = _reader.Forward(tape, tape.Embedding(_sourceTokens, source), Zeros(sequenceCount));
        return (read, _writer.Forward(tape, tape.Embedding(_targetTokens, answer), state).Outputs);
    }

    private RecurrentState Zeros(int sequenceCount)
    {
        if (_zeros is not { } zeros || zeros.Hidden.Shape[0] != sequenceCount) _zeros = zeros = _reader.ZeroState(sequenceCount);
        return zeros;
    }

    // Rows of [M·inner] -> [inner·M]: from step by step to sequence by sequence, or back.
    private static Variable ByOther(ITape tape, Variable x, int inner)
    {
        int rows = x.Shape[0], outer = rows / inner;
        Memory<int> ids = tape.Indices(rows);
        for (int n = 0; n < rows; n++) ids.Span[n] = n % outer * inner + n / outer;
        return tape.Embedding(x, ids);
    }
}
