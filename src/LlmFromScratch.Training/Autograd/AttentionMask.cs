using LlmFromScratch.Kernels.Cpu.Gradients;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Training.Autograd;

/// <summary>What both tapes need of attention's settings: the sizes, and the range of keys that each query sees by causal order, window and segments.</summary>
internal static class AttentionMask
{
    /// <summary>Checks the inputs against each other.</summary>
    public static AttentionSizes Sizes(Variable q, Variable k, Variable v, AttentionSettings settings, Variable? bias)
    {
        Require.Matrix("Attention", "q", q);
        Require.Matrix("Attention", "k", k);
        Require.Sizes("Attention", "v", v, k.Shape);
        (int sequences, int heads, int kvHeads) = (settings.SequenceCount, settings.HeadCount, settings.KvHeadCount);
        Require.That(sequences > 0 && heads > 0 && kvHeads > 0 && heads % kvHeads == 0,
            $"Attention: B {sequences}, H {heads}, K {kvHeads}; expected sizes above 0 and H a multiple of K.");
        Require.That(q.Shape[1] % heads == 0 && k.Shape[1] == q.Shape[1] / heads * kvHeads,
            $"Attention: q is {q.Shape} with {heads} heads, k is {k.Shape} with {kvHeads}; expected the same head size.");
        Require.That(q.Shape[0] % sequences == 0 && k.Shape[0] % sequences == 0,
            $"Attention: q is {q.Shape}, k is {k.Shape}; expected rows of {sequences} equal sequences.");
        int queryCount = q.Shape[0] / sequences, keyCount = k.Shape[0] / sequences, headSize = q.Shape[1] / heads;
        Require.That(!settings.Causal || keyCount >= queryCount,
            $"Attention: {queryCount} causal queries, {keyCount} keys; expected at least as many keys.");
        float scale = settings.Scale ?? 1 / MathF.Sqrt(headSize);
        Require.That(scale > 0, $"Attention: the scale is {scale}; expected above 0.");
        Require.That(settings.Window >= 0 && settings.SoftCap >= 0,
            $"Attention: window {settings.Window}, cap {settings.SoftCap}; expected 0 (none) or above.");
        AttentionSizes sizes = new(queryCount, keyCount, heads, kvHeads, headSize, scale, settings.SoftCap);
        if (bias is not null) Require.Sizes("Attention", "the bias", bias, new Shape(heads, sizes.BiasCount));
        return sizes;
    }

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
