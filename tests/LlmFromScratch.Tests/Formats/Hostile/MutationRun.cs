using System.Diagnostics;

namespace LlmFromScratch.Tests.Formats.Hostile;

/// <summary>Takes mutants of a file through a door of the library and holds each to the contract of hostile files.</summary>
internal static class MutationRun
{
    /// <summary>Bytes for exceptions, their stacks and their messages.</summary>
    private const long Constant = 64 * 1024;

    /// <summary>Longest time for one mutant; a sound one takes a millisecond, so a busy machine does not reach it.</summary>
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(2);

    /// <summary>A sound file: its first bytes, which mutants change, and its whole length; what lies between is zero and only mapped.</summary>
    public sealed record Sample(string Name, byte[] Start, long Length)
    {
        public override string ToString() => Name;
    }

    /// <summary>
    /// Every mutant is let in or refused with <see cref="InvalidDataException"/> or <see cref="NotSupportedException"/>, within 2 s, and what it
    /// allocates in all stays within what the sound file allocates, the mutant's own length, and a constant for messages.
    /// </summary>
    /// <param name="sample">The sound file.</param>
    /// <param name="path">Where mutants are written, an existing file.</param>
    /// <param name="count">How many mutants.</param>
    /// <param name="seed">Of the mutants.</param>
    /// <param name="door">Loads the file of a path as far as it goes; throws what the library throws.</param>
    /// <param name="besides">Bytes of the sound files beside it that the door reads too.</param>
    /// <param name="mustBeSound">Whether the door must let the sample itself in; a vocabulary alone, for example, is no model.</param>
    /// <returns>How many mutants were refused.</returns>
    public static int Check(Sample sample, string path, int count, ulong seed, Action<string> door, long besides = 0, bool mustBeSound = true)
    {
        Write(path, sample.Start, sample.Length);
        Exception? refusal = Record.Exception(() => door(path)); // also makes what is made once
        Assert.True(refusal is null || !mustBeSound, $"{sample}, as it is: {refusal}");
        long sound = Allocated(() => Record.Exception(() => door(path)));

        Mutator mutator = new(seed);
        int refused = 0;
        for (int i = 0; i < count; i++)
        {
            (byte[] bytes, bool isCut) = mutator.Mutate(sample.Start);
            long length = bytes.Length + (isCut ? 0 : sample.Length - sample.Start.Length);
            Write(path, bytes, length);
            Exception? failure = null;
            TimeSpan time = TimeSpan.MaxValue;
            long allocated = 0;
            for (int attempt = 0; attempt < 2 && time >= MostTime; attempt++) // a machine may be busy once; a hang hangs again
            {
                long start = Stopwatch.GetTimestamp();
                allocated = Allocated(() => failure = Record.Exception(() => door(path)));
                time = Stopwatch.GetElapsedTime(start);
            }
            Assert.True(failure is null or InvalidDataException or NotSupportedException, $"{sample}, mutant {i}: {failure}");
            Assert.True(time < MostTime, $"{sample}, mutant {i}: took {time.TotalSeconds:F1} s; {failure?.Message}");
            Assert.True(allocated <= sound + length + besides + Constant,
                $"{sample}, mutant {i} of {length} bytes: allocated {allocated} bytes, the sound file {sound}; {failure?.Message}");
            if (failure is not null) refused++;
        }
        return refused;
    }

    private static long Allocated(Action action)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    // Over the last mutant's bytes: to empty the file first would take ten times as long.
    private static void Write(string path, byte[] start, long length)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Write, FileShare.None, bufferSize: 0);
        stream.Write(start);
        stream.SetLength(length);
    }
}
