namespace LlmFromScratch.Sampling;

/// <summary>
/// Brings the best candidates to the front: logit descending, then id ascending. Each candidate becomes one 64-bit key that sorts like that, so no two are
/// equal and the result is the same on every machine. Finding the best k of V takes about V steps (Hoare's quickselect), sorting them k log k.
/// </summary>
internal sealed class CandidateOrder(int vocabSize)
{
    private const int SmallEnoughToSort = 64;
    private const int MostRounds = 64; // a round halves the range on average; where pivots are hopeless, sorting bounds the time
    private readonly ulong[] _keys = new ulong[vocabSize];

    /// <summary>Puts the best <paramref name="count"/> first, in order; the rest follows in any order.</summary>
    /// <param name="logits">[n], no NaN; -0 becomes 0.</param>
    /// <param name="ids">[n], moved with them.</param>
    /// <param name="count">1 to n.</param>
    public void Apply(Span<float> logits, Span<int> ids, int count)
    {
        if (count == 1)
        {
            MoveBestFirst(logits, ids);
            return;
        }
        Span<ulong> keys = _keys.AsSpan(0, ids.Length);
        for (int i = 0; i < keys.Length; i++) keys[i] = Key(logits[i], ids[i]);
        if (count < keys.Length) MoveSmallestFirst(keys, count);
        keys[..count].Sort();
        for (int i = 0; i < keys.Length; i++) (logits[i], ids[i]) = (LogitOf(keys[i]), (int)(uint)keys[i]);
    }

    private static void MoveBestFirst(Span<float> logits, Span<int> ids)
    {
        int best = 0;
        for (int i = 1; i < logits.Length; i++)
            if (logits[i] > logits[best] || (logits[i] == logits[best] && ids[i] < ids[best])) best = i;
        (logits[0], logits[best]) = (logits[best], logits[0]);
        (ids[0], ids[best]) = (ids[best], ids[0]);
    }

    private static void MoveSmallestFirst(Span<ulong> keys, int count)
    {
        int low = 0, high = keys.Length - 1;
        for (int round = 0; high - low >= SmallEnoughToSort && round < MostRounds; round++)
        {
            ulong pivot = Median(keys[low], keys[low + (high - low) / 2], keys[high]);
            int left = low, right = high;
            while (left <= right)
            {
                while (keys[left] < pivot) left++;
                while (keys[right] > pivot) right--;
                if (left > right) break;
                (keys[left], keys[right]) = (keys[right], keys[left]);
                (left, right) = (left + 1, right - 1);
            }
            if (count - 1 <= right) high = right; // low..right are at most the pivot, left..high at least
            else if (count - 1 >= left) low = left;
            else return;
        }
        keys[low..(high + 1)].Sort();
    }

    private static ulong Median(ulong a, ulong b, ulong c) => Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));

    // Larger logits get smaller keys; the id stands in the low half.
    private static ulong Key(float logit, int id)
    {
        uint bits = BitConverter.SingleToUInt32Bits(logit + 0f); // + 0 turns -0 into +0, which must tie with it
        uint ascending = (bits & 0x80000000) != 0 ? ~bits : bits | 0x80000000; // orders like the floats do
        return (ulong)~ascending << 32 | (uint)id;
    }

    private static float LogitOf(ulong key)
    {
        uint ascending = ~(uint)(key >> 32);
        return BitConverter.UInt32BitsToSingle((ascending & 0x80000000) != 0 ? ascending & 0x7FFFFFFF : ~ascending);
    }
}
