using System.Runtime.InteropServices;
using System.Text;

namespace LlmFromScratch.Tokenization;

/// <summary>
/// Learns a byte-level vocabulary: start with 256 bytes, find the most frequent pair of neighbours inside words, make it a token, repeat. Among equally
/// frequent pairs the one with the smaller left id goes first, then the smaller right id; so the same texts give the same tokenizer everywhere.
/// A pair whose bytes are a token already merges into that token. Pair counts are kept up to date, not counted anew, so a step costs
/// no more than the words it changes. Source: Sennrich et al. 2016, algorithm 1; Radford et al. 2019. Taught in notebooks/03-byte-pair-encoding.ipynb.
/// </summary>
public sealed class BpeTrainer
{
    private readonly BpeTrainingOptions _options;

    /// <summary>A trainer for one kind of vocabulary.</summary>
    /// <exception cref="ArgumentException">The options cannot be met.</exception>
    public BpeTrainer(BpeTrainingOptions options) => _options = options.Validate();

    /// <summary>Learns from texts; a name of a control token in a text is text like any other.</summary>
    /// <param name="texts">The corpus; the order of the texts does not matter.</param>
    /// <param name="progress">Told of every merge.</param>
    /// <param name="cancellation">Checked for every text and every merge.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public ByteLevelBpeTokenizer Train(
        IEnumerable<string> texts, IProgress<BpeTrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        PairTable pairs = new();
        foreach ((byte[] word, long count) in CountWords(texts, cancellation)) pairs.Add(word, count);

        int target = _options.VocabSize - _options.ControlTokens.Count;
        List<byte[]> tokens = [.. Enumerable.Range(0, 256).Select(value => new[] { (byte)value })];
        Dictionary<byte[], int> idOf = new(new ByteSequenceComparer());
        for (int id = 0; id < tokens.Count; id++) idOf.Add(tokens[id], id);
        List<BpeMerge> merges = [];
        while (tokens.Count < target && pairs.TryTakeMostFrequent(out int left, out int right, out long count))
        {
            cancellation.ThrowIfCancellationRequested();
            byte[] bytes = [.. tokens[left], .. tokens[right]];
            if (idOf.TryAdd(bytes, tokens.Count)) tokens.Add(bytes);
            BpeMerge merge = new(left, right, idOf[bytes]);
            merges.Add(merge);
            pairs.Apply(merge);
            progress?.Report(new BpeTrainingProgress(tokens.Count, target, merge, count));
        }
        return Build(tokens, merges);
    }

    private Dictionary<byte[], long> CountWords(IEnumerable<string> texts, CancellationToken cancellation)
    {
        Dictionary<byte[], long> counts = new(new ByteSequenceComparer());
        Dictionary<byte[], long>.AlternateLookup<ReadOnlySpan<byte>> lookup = counts.GetAlternateLookup<ReadOnlySpan<byte>>();
        foreach (string text in texts)
        {
            cancellation.ThrowIfCancellationRequested();
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            int start = 0;
            foreach (int end in _options.PreTokenizer.Split(bytes))
            {
                CollectionsMarshal.GetValueRefOrAddDefault(lookup, bytes.AsSpan(start..end), out _)++;
                start = end;
            }
        }
        return counts;
    }

    private ByteLevelBpeTokenizer Build(List<byte[]> tokens, List<BpeMerge> merges)
    {
        string[] texts = [.. tokens.Select(bytes => ByteAlphabet.Encode(bytes)), .. _options.ControlTokens];
        TokenKind[] kinds = new TokenKind[texts.Length];
        kinds.AsSpan(0, tokens.Count).Fill(TokenKind.Normal);
        kinds.AsSpan(tokens.Count).Fill(TokenKind.Control);
        SpecialTokens specialTokens = new()
        {
            BeginOfSequence = ControlId(_options.BeginOfSequence, tokens.Count),
            EndOfSequence = ControlId(_options.EndOfSequence, tokens.Count),
            AddBeginOfSequence = _options.BeginOfSequence is not null,
        };
        Vocabulary vocabulary = new("trained vocabulary", texts, kinds);
        return new ByteLevelBpeTokenizer(vocabulary, CollectionsMarshal.AsSpan(merges), specialTokens, _options.PreTokenizer);
    }

    private int? ControlId(string? name, int firstId)
    {
        for (int i = 0; i < _options.ControlTokens.Count; i++)
            if (_options.ControlTokens[i] == name) return firstId + i;
        return null;
    }
}
