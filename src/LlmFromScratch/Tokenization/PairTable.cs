using System.Runtime.InteropServices;

namespace LlmFromScratch.Tokenization;

/// <summary>
/// The words of a corpus while merges are learned: each word once with its count, how often each pair of neighbours occurs, and in which words.
/// A queue orders the pairs; an entry whose count is out of date is put back with the right one when its turn comes.
/// </summary>
internal sealed class PairTable
{
    private sealed class Entry
    {
        public long Count;
        public readonly List<int> Words = []; // may name a word that has lost the pair, or a word twice: both do no harm
    }

    private readonly List<(int[] Ids, int Length, long Count)> _words = [];
    private readonly Dictionary<(int Left, int Right), Entry> _pairs = [];
    private readonly PriorityQueue<(int Left, int Right), (long NegativeCount, int Left, int Right)> _queue = new();
    private readonly HashSet<(int Left, int Right)> _changed = []; // pairs that became more frequent in this step

    /// <summary>Adds a word that occurs <paramref name="count"/> times; all words come before the first pair is taken.</summary>
    public void Add(ReadOnlySpan<byte> word, long count)
    {
        int[] ids = new int[word.Length];
        for (int i = 0; i < ids.Length; i++) ids[i] = word[i];
        _words.Add((ids, ids.Length, count));
        for (int i = 1; i < ids.Length; i++) Change((ids[i - 1], ids[i]), count, _words.Count - 1);
    }

    /// <summary>The most frequent pair, the smallest ids among equals; false when no word has two symbols left.</summary>
    public bool TryTakeMostFrequent(out int left, out int right, out long count)
    {
        Enqueue();
        while (_queue.TryDequeue(out (int Left, int Right) pair, out (long NegativeCount, int, int) priority))
        {
            ((left, right), count) = (pair, _pairs.TryGetValue(pair, out Entry? entry) ? entry.Count : 0);
            if (count == 0) continue;
            if (count == -priority.NegativeCount) return true;
            _queue.Enqueue(pair, (-count, left, right));
        }
        (left, right, count) = (0, 0, 0);
        return false;
    }

    /// <summary>Merges the pair in every word that has it, from the left.</summary>
    public void Apply(BpeMerge merge)
    {
        Entry entry = _pairs[(merge.Left, merge.Right)];
        _pairs.Remove((merge.Left, merge.Right)); // its words are walked below; what is left of its count goes with it
        foreach (int word in entry.Words) ApplyToWord(word, merge);
        _pairs.Remove((merge.Left, merge.Right));
    }

    private void ApplyToWord(int word, BpeMerge merge)
    {
        (int[] ids, int length, long count) = _words[word];
        int kept = 0; // ids[..kept] is the word's new start, ids[i..length] its old rest
        for (int i = 0; i < length; i++)
        {
            if (i + 1 == length || ids[i] != merge.Left || ids[i + 1] != merge.Right)
            {
                ids[kept++] = ids[i];
                continue;
            }
            if (kept > 0)
            {
                Change((ids[kept - 1], merge.Left), -count, word);
                Change((ids[kept - 1], merge.Id), count, word);
            }
            if (i + 2 < length)
            {
                Change((merge.Right, ids[i + 2]), -count, word);
                Change((merge.Id, ids[i + 2]), count, word);
            }
            ids[kept++] = merge.Id;
            i++; // the right half is used up
        }
        _words[word] = (ids, kept, count);
    }

    private void Change((int Left, int Right) pair, long by, int word)
    {
        ref Entry? entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_pairs, pair, out _);
        entry ??= new Entry();
        entry.Count += by;
        if (by < 0) return;
        if (entry.Words.Count == 0 || entry.Words[^1] != word) entry.Words.Add(word);
        _changed.Add(pair);
    }

    private void Enqueue()
    {
        foreach ((int Left, int Right) pair in _changed)
            if (_pairs.TryGetValue(pair, out Entry? entry) && entry.Count > 0) _queue.Enqueue(pair, (-entry.Count, pair.Left, pair.Right));
        _changed.Clear();
    }
}
