namespace LlmFromScratch.Inference;

/// <summary>Hands out cache blocks and counts who uses each, so that sequences can share a prefix. Blocks are numbered 0 to Count - 1.</summary>
internal sealed class BlockAllocator
{
    private readonly int[] _useCounts;
    private readonly Stack<int> _free;

    public BlockAllocator(int count)
    {
        _useCounts = new int[count];
        _free = new Stack<int>(count);
        for (int block = count - 1; block >= 0; block--) _free.Push(block); // so that block 0 goes first
    }

    public int Count => _useCounts.Length;

    public int FreeCount => _free.Count;

    public int UseCount(int block) => _useCounts[block];

    /// <summary>A block that nobody used, now with one user.</summary>
    public int Take()
    {
        int block = _free.Pop();
        _useCounts[block] = 1;
        return block;
    }

    public void Share(int block) => _useCounts[block]++;

    public void Release(int block)
    {
        if (--_useCounts[block] == 0) _free.Push(block);
    }
}
