namespace LlmFromScratch.Tokenization;

/// <summary>A tree of byte strings, each with an id: finds all strings that start at a place of a text in one walk.</summary>
internal sealed class ByteTrie
{
    private readonly Dictionary<long, int> _children = []; // node * 256 + byte -> node
    private readonly List<int> _ids = [-1]; // for each node, the string that ends there; node 0 is the root

    /// <summary>Whether there is no string.</summary>
    public bool IsEmpty => _ids.Count == 1;

    /// <summary>Adds a string; of equal ones the last counts if <paramref name="replaces"/>, else the first. An empty one is left out.</summary>
    public void Add(ReadOnlySpan<byte> text, int id, bool replaces = true)
    {
        int node = 0;
        foreach (byte next in text)
        {
            if (!_children.TryGetValue(node * 256L + next, out int child))
            {
                child = _ids.Count;
                _ids.Add(-1);
                _children.Add(node * 256L + next, child);
            }
            node = child;
        }
        if (node != 0 && (replaces || _ids[node] < 0)) _ids[node] = id;
    }

    /// <summary>Goes one byte down; false where no string goes on so. Id is the string that ends here, or -1.</summary>
    public bool TryStep(ref int node, byte next, out int id)
    {
        bool exists = _children.TryGetValue(node * 256L + next, out node);
        id = exists ? _ids[node] : -1;
        return exists;
    }
}
