namespace LlmFromScratch.Course.Chapters.Ch03;

/// <summary>
/// The comparer of exercise 3.5's tables: strings by their characters, and it counts. A text of forty letters has 820 pieces; a candidate that looks up many
/// more than that tries all cuts, and is stopped by an exception before it fills time and memory.
/// </summary>
internal sealed class CountedLookups : IEqualityComparer<string>, IAlternateEqualityComparer<ReadOnlySpan<char>, string>
{
    private const int Most = 100_000;
    private int _count;

    /// <inheritdoc/>
    public bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.Ordinal);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Too many look-ups.</exception>
    public int GetHashCode(string text) => GetHashCode(text.AsSpan());

    /// <inheritdoc/>
    public bool Equals(ReadOnlySpan<char> alternate, string other) => alternate.SequenceEqual(other);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Too many look-ups.</exception>
    public int GetHashCode(ReadOnlySpan<char> alternate) => ++_count <= Most ? string.GetHashCode(alternate)
        : throw new InvalidOperationException($"The table was asked {Most:N0} times. A text of forty letters has only 820 different pieces.");

    /// <inheritdoc/>
    public string Create(ReadOnlySpan<char> alternate) => alternate.ToString();
}
