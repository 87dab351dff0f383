namespace LlmFromScratch.Tokenization;

/// <summary>A merge as files write it: two tokens with a space between them.</summary>
internal static class BpeMergeText
{
    /// <summary>The merge of a line; false where its parts or their result are no tokens.</summary>
    /// <param name="line">"left right".</param>
    /// <param name="ids">The tokens by their texts.</param>
    /// <param name="merge">The merge.</param>
    public static bool TryParse(string line, IReadOnlyDictionary<string, int> ids, out BpeMerge merge)
    {
        int space = line.Length > 1 ? line.IndexOf(' ', 1) : -1;
        if (space >= 0) return TryMake(line[..space], line[(space + 1)..], ids, out merge);
        merge = default;
        return false;
    }

    /// <summary>The merge of two tokens; false where they or their result are no tokens.</summary>
    public static bool TryMake(string left, string right, IReadOnlyDictionary<string, int> ids, out BpeMerge merge)
    {
        bool exists = ids.TryGetValue(left, out int leftId) & ids.TryGetValue(right, out int rightId) & ids.TryGetValue(left + right, out int id);
        merge = new BpeMerge(leftId, rightId, id);
        return exists;
    }
}
