using LlmFromScratch.Models;
using LlmFromScratch.Sampling;

namespace LlmFromScratch.Inference;

/// <summary>
/// Runs a beam search over a model: all live hypotheses are rows of one forward call, and a hypothesis goes on with a fork of its parent's cache, so the
/// prompt is read once and its cache exists once. Finds more probable texts than greedy does, which for stories is seldom a better one.
/// </summary>
public sealed class BeamGenerator(Transformer model, int? endOfSequence)
{
    private const int BlockSlack = 32; // tokens a beam: its copy of the prompt's last block, and its own last block, both perhaps half empty

    /// <summary>The B best continuations that the search finds, best score first.</summary>
    /// <param name="promptIds">At least one id.</param>
    /// <param name="beamCount">B, at least 1.</param>
    /// <param name="maxTokens">Most tokens of a continuation, at least 1.</param>
    /// <param name="lengthAlpha">α of the length penalty, see <see cref="BeamSearch"/>.</param>
    /// <param name="cancellation">Checked before each step.</param>
    public IReadOnlyList<BeamHypothesis> Search(ReadOnlySpan<int> promptIds, int beamCount, int maxTokens, double lengthAlpha = 0,
        CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTokens, 1);
        BeamSearch search = new(beamCount, lengthAlpha, endOfSequence);
        int context = checked(promptIds.Length + maxTokens);
        int capacity = checked(promptIds.Length + beamCount * (maxTokens + BlockSlack));
        using SequenceBatch batch = new(model, beamCount, context, capacity, maxRows: Math.Max(beamCount, Math.Min(promptIds.Length, 256)));
        ReadPrompt(batch, promptIds, cancellation);
        int[] sequences = [0]; // of each live hypothesis
        float[] logits = new float[beamCount * model.Config.VocabSize]; // [live, V]
        for (int step = 0; step < maxTokens; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (int live = 0; live < sequences.Length; live++)
                batch.Logits(sequences[live]).CopyTo(logits.AsSpan(live * model.Config.VocabSize));
            search.Step(logits.AsSpan(0, sequences.Length * model.Config.VocabSize));
            if (search.Live.Count == 0 || step == maxTokens - 1) break;
            sequences = PassOn(batch, sequences, search);
            for (int live = 0; live < sequences.Length; live++) batch.Add(sequences[live], [search.Live[live].Ids[^1]]);
            batch.Run();
        }
        return search.Ranked();
    }

    private static void ReadPrompt(SequenceBatch batch, ReadOnlySpan<int> promptIds, CancellationToken cancellation)
    {
        if (promptIds.IsEmpty) throw new ArgumentException("Beam search: expected a prompt of at least one token, got none.", nameof(promptIds));
        for (int start = 0; start < promptIds.Length; start += batch.MaxRows)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = Math.Min(batch.MaxRows, promptIds.Length - start);
            batch.Add(0, promptIds.Slice(start, count), wantLogits: start + count == promptIds.Length);
            batch.Run();
        }
    }

    // The first child of a hypothesis takes over its sequence, further ones get forks in the sequences of hypotheses without children.
    private static int[] PassOn(SequenceBatch batch, int[] sequences, BeamSearch search)
    {
        HashSet<int> inherited = [.. search.Parents.Select(parent => sequences[parent])];
        Queue<int> free = new(Enumerable.Range(0, batch.SequenceCount).Where(sequence => !inherited.Contains(sequence)));
        foreach (int sequence in free) batch.Truncate(sequence, 0);
        int[] next = new int[search.Live.Count];
        for (int live = 0; live < next.Length; live++)
        {
            int parent = sequences[search.Parents[live]];
            if (inherited.Remove(parent)) next[live] = parent;
            else batch.Fork(parent, next[live] = free.Dequeue());
        }
        return next;
    }
}
