using LlmFromScratch.Kernels.Cpu.Gradients;

namespace LlmFromScratch.Training.Autograd;

/// <summary>Turns causal order, window and segments into the range of keys that each query sees.</summary>
internal static class AttentionMask
{
    /// <summary>Fills the ranges of all queries.</summary>
    /// <param name="settings">B, causal, window, segments.</param>
    /// <param name="queryCount">T.</param>
    /// <param name="keyCount">S.</param>
    /// <param name="visible">[B·T].</param>
    /// <exception cref="ArgumentException">The segments have the wrong length, a segment is no single run, or a query sees no key.</exception>
    public static void Fill(AttentionSettings settings, int queryCount, int keyCount, Span<KeyRange> visible)
    {
        ReadOnlySpan<int> segments = settings.Segments.Span, querySegments = settings.QuerySegments.Span;
        Require.That(segments.IsEmpty || segments.Length == settings.SequenceCount * keyCount,
            $"Attention: {segments.Length} segments; expected one a key, {settings.SequenceCount} · {keyCount}, or none.");
        Require.That(querySegments.IsEmpty || (!segments.IsEmpty && querySegments.Length == settings.SequenceCount * queryCount),
            $"Attention: {querySegments.Length} query segments; expected one a query, {settings.SequenceCount} · {queryCount}, beside those of the keys.");
        for (int sequence = 0; sequence < settings.SequenceCount; sequence++)
        {
            KeyRange run = new(0, keyCount);
            for (int t = 0; t < queryCount; t++)
            {
                int position = keyCount - queryCount + t; // of the query among the keys
                if (!segments.IsEmpty)
                {
                    ReadOnlySpan<int> keys = segments.Slice(sequence * keyCount, keyCount);
                    int segment = querySegments.IsEmpty ? keys[position] : querySegments[sequence * queryCount + t];
                    if (t == 0 || keys[run.First] != segment) run = Run(keys, segment, t);
                }
                int first = settings.Window > 0 ? Math.Max(run.First, position - settings.Window + 1) : run.First;
                int end = settings.Causal ? position + 1 : settings.Window > 0 ? position + settings.Window : keyCount;
                KeyRange range = new(first, Math.Min(end, run.End));
                Require.That(range.First < range.End, $"Attention: query {t} of sequence {sequence} sees no key; expected at least one.");
                visible[sequence * queryCount + t] = range;
            }
        }
    }

    // The keys of one segment, which stand side by side.
    private static KeyRange Run(ReadOnlySpan<int> keys, int segment, int query)
    {
        int first = keys.IndexOf(segment);
        Require.That(first >= 0, $"Attention: query {query} is in segment {segment}, which has no key.");
        int end = first + 1;
        while (end < keys.Length && keys[end] == segment) end++;
        Require.That(!keys[end..].Contains(segment), $"Attention: segment {segment} stands at key {first} and again after key {end}; expected one run of rows.");
        return new KeyRange(first, end);
    }
}
