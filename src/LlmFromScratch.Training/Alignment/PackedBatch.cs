using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Training.Alignment;

/// <summary>
/// B sequences of T rows, each filled with several examples one after the other. No row sees another example (the segments say which row belongs to which), so a
/// packed example has the loss that it would have alone. What is left over is padding, which nothing counts.
/// </summary>
/// <param name="sequenceCount">B.</param>
/// <param name="tokenCount">T.</param>
public sealed class PackedBatch(int sequenceCount, int tokenCount)
{
    private readonly int[] _used = new int[sequenceCount]; // rows taken of each sequence
    private readonly List<PackedExample> _examples = [];

    /// <summary>B.</summary>
    public int SequenceCount { get; } = sequenceCount;

    /// <summary>T.</summary>
    public int TokenCount { get; } = tokenCount;

    /// <summary>[B·T].</summary>
    public int[] Inputs { get; } = new int[sequenceCount * tokenCount];

    /// <summary>[B·T]: the next token where it is to be learnt, else <see cref="Tape.IgnoredTarget"/>.</summary>
    public int[] Targets { get; } = new int[sequenceCount * tokenCount];

    /// <summary>[B·T]: which example a row belongs to.</summary>
    public int[] Segments { get; } = new int[sequenceCount * tokenCount];

    /// <summary>The examples, in the order in which they were added.</summary>
    public IReadOnlyList<PackedExample> Examples => _examples;

    /// <summary>How many targets count.</summary>
    public int LearntCount { get; private set; }

    /// <summary>Empties the batch.</summary>
    public void Clear()
    {
        Inputs.AsSpan().Clear();
        Targets.AsSpan().Fill(Tape.IgnoredTarget);
        Segments.AsSpan().Clear(); // segment 0 is the padding
        _used.AsSpan().Clear();
        _examples.Clear();
        LearntCount = 0;
    }

    /// <summary>Adds an example to the first sequence that has room, if any has; one that is longer than a sequence is cut at its end.</summary>
    public bool TryAdd(TokenizedExample example)
    {
        int rows = Math.Min(example.Length - 1, TokenCount); // the last token is only a target
        int sequence = 0;
        while (sequence < SequenceCount && _used[sequence] + rows > TokenCount) sequence++;
        if (sequence == SequenceCount) return false;
        int first = sequence * TokenCount + _used[sequence];
        _examples.Add(new PackedExample(first, rows));
        for (int i = 0; i < rows; i++)
        {
            Inputs[first + i] = example.Ids[i];
            Segments[first + i] = _examples.Count;
            if (!example.Learnt[i + 1]) continue;
            Targets[first + i] = example.Ids[i + 1];
            LearntCount++;
        }
        _used[sequence] += rows;
        return true;
    }
}
