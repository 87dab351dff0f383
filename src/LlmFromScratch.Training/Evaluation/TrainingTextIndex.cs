namespace LlmFromScratch.Training.Evaluation;

/// <summary>Finds how much of a text a model may have by heart: which of its word sequences stand in the training text, and the training sentence nearest to one of its own.</summary>
public sealed class TrainingTextIndex
{
    /// <summary>Words of a sequence that counts as taken over.</summary>
    public const int SequenceLength = 8;

    private readonly Dictionary<string, int> _words = [];
    private readonly List<(string Text, int[] Words)> _sentences = [];
    private readonly HashSet<ulong> _sequences = []; // hashes of all sequences of eight words

    /// <summary>Reads a corpus.</summary>
    /// <param name="documents">The training documents.</param>
    public TrainingTextIndex(IEnumerable<string> documents)
    {
        HashSet<string> seen = [];
        foreach (string document in documents)
        {
            foreach (ulong hash in Sequences(document)) _sequences.Add(hash);
            foreach (string sentence in Text.Sentences(document))
                if (seen.Add(sentence)) _sentences.Add((sentence, Set(sentence, add: true)));
        }
    }

    /// <summary>The share of a text's sequences of eight words that stand in the training text; 0 for a shorter text.</summary>
    public double Overlap(string text)
    {
        int known = 0, all = 0;
        foreach (ulong hash in Sequences(text))
        {
            all++;
            if (_sequences.Contains(hash)) known++;
        }
        return all == 0 ? 0 : (double)known / all;
    }

    /// <summary>The training sentence that shares most words with a sentence, and how many: <c>common / (words of either)</c>.</summary>
    public (string Sentence, double Similarity) Nearest(string sentence)
    {
        int[] words = Set(sentence, add: false);
        (string Sentence, double Similarity) best = ("", 0);
        foreach ((string text, int[] other) in _sentences)
        {
            double most = (double)Math.Min(words.Length, other.Length) / Math.Max(1, Math.Max(words.Length, other.Length));
            if (most <= best.Similarity) continue; // even if all words were common
            int common = Common(words, other);
            double similarity = (double)common / (words.Length + other.Length - common);
            if (similarity > best.Similarity) best = (text, similarity);
        }
        return best;
    }

    // Sorted numbers of the different words; words that the training text lacks share the number -1.
    private int[] Set(string sentence, bool add)
    {
        HashSet<int> numbers = [];
        foreach (string word in Text.Words(sentence))
        {
            if (!_words.TryGetValue(word, out int number))
            {
                number = add ? _words.Count : -1;
                if (add) _words.Add(word, number);
            }
            numbers.Add(number);
        }
        int[] sorted = [.. numbers];
        Array.Sort(sorted);
        return sorted;
    }

    private static int Common(int[] a, int[] b)
    {
        int common = 0;
        for (int i = 0, j = 0; i < a.Length && j < b.Length; )
        {
            int difference = a[i].CompareTo(b[j]);
            if (difference == 0) common++;
            if (difference <= 0) i++;
            if (difference >= 0) j++;
        }
        return common;
    }

    // FNV-1a over the letters of eight words, 64 bits: among ten million sequences a false hit has a chance of about one in a million million.
    private static IEnumerable<ulong> Sequences(string text)
    {
        IReadOnlyList<string> words = Text.Words(text);
        for (int start = 0; start + SequenceLength <= words.Count; start++)
        {
            ulong hash = 14695981039346656037;
            for (int i = start; i < start + SequenceLength; i++)
            {
                foreach (char letter in words[i]) hash = (hash ^ letter) * 1099511628211;
                hash = (hash ^ ' ') * 1099511628211;
            }
            yield return hash;
        }
    }
}
