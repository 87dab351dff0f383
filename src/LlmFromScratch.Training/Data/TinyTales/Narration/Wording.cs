using System.Text;
using LlmFromScratch.Numerics;

namespace LlmFromScratch.Training.Data.TinyTales.Narration;

/// <summary>
/// Which of a plot's frames a tale may speak. About one frame in twelve is held out (by a hash of its text, so that the choice is the same in every
/// version), never the only one that a plot offers.
/// </summary>
internal sealed class Wording(TaleSplit split)
{
    private const uint HeldOutEvery = 12;

    /// <summary>Whether a held-out frame has been spoken.</summary>
    public bool SpokeHeldOut { get; private set; }

    /// <summary>One of the frames that the split allows.</summary>
    public string Pick(ReadOnlySpan<string> frames, SeededRandom random)
    {
        int heldOut = 0;
        foreach (string frame in frames) heldOut += IsHeldOut(frame) ? 1 : 0;
        if (heldOut == 0 || heldOut == frames.Length) return frames[random.NextInt(frames.Length)];
        bool wanted = split == TaleSplit.HeldOutFrames;
        SpokeHeldOut |= wanted;
        List<string> allowed = [];
        foreach (string frame in frames)
            if (IsHeldOut(frame) == wanted) allowed.Add(frame);
        return allowed[random.NextInt(allowed.Count)];
    }

    /// <summary>Whether training tales do without this frame where there is another one.</summary>
    public static bool IsHeldOut(string frame) => Hash(frame) % HeldOutEvery == 0;

    /// <summary>The 32-bit FNV-1a hash of the text's UTF-8 bytes, its high half folded into the low one.</summary>
    public static uint Hash(string text)
    {
        uint hash = 2166136261;
        foreach (byte value in Encoding.UTF8.GetBytes(text)) hash = (hash ^ value) * 16777619;
        return hash ^ (hash >> 16);
    }
}
