using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Training.Models;

/// <summary>The position of each row in its document, for learned positions: they start again where a packed document begins.</summary>
internal sealed class DecoderPositions
{
    private readonly Dictionary<(int Sequences, int Tokens), ReadOnlyMemory<int>> _whole = []; // positions of one document a sequence do not change

    /// <summary>[B·T].</summary>
    /// <param name="tape">Holds the positions of packed documents, until it is freed.</param>
    /// <param name="sequenceCount">B.</param>
    /// <param name="tokenCount">T.</param>
    /// <param name="segments">[B·T]: the document of each row, or empty.</param>
    public ReadOnlyMemory<int> Of(ITape tape, int sequenceCount, int tokenCount, ReadOnlySpan<int> segments)
    {
        if (segments.IsEmpty && _whole.TryGetValue((sequenceCount, tokenCount), out ReadOnlyMemory<int> known)) return known;
        int count = sequenceCount * tokenCount;
        Memory<int> positions = segments.IsEmpty ? new int[count] : tape.Indices(count);
        for (int n = 0; n < count; n++)
            positions.Span[n] = n % tokenCount == 0 || (!segments.IsEmpty && segments[n] != segments[n - 1]) ? 0 : positions.Span[n - 1] + 1;
        if (segments.IsEmpty) _whole.Add((sequenceCount, tokenCount), positions);
        return positions;
    }
}
