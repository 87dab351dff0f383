using System.Security.Cryptography;
using LlmFromScratch.Numerics;

namespace LlmFromScratch.Training.Alignment;

/// <summary>Examples to train on, and examples from the end of the file that are held out.</summary>
public sealed class ExampleSet<T>
{
    private readonly List<T> _all = [];
    private readonly int _trainCount;

    /// <summary>Takes what was made of a file with one example a line.</summary>
    /// <param name="path">The file.</param>
    /// <param name="lines">What is kept of each line.</param>
    /// <param name="heldOutCount">How many at its end are held out.</param>
    /// <param name="fits">Whether an example is short enough to be learnt from; the others are left out.</param>
    /// <exception cref="InvalidDataException">Nothing is left to train on.</exception>
    public ExampleSet(string path, IEnumerable<T> lines, int heldOutCount, Func<T, bool> fits)
    {
        foreach (T line in lines)
            if (fits(line)) _all.Add(line);
            else LeftOutCount++;
        _trainCount = _all.Count - heldOutCount;
        if (_trainCount < 1) throw new InvalidDataException($"{path}: {_all.Count + LeftOutCount} examples, of which {LeftOutCount} are longer than a sequence; "
            + $"expected more than the {heldOutCount} that are held out. Is sequenceLength too small?");
        using FileStream file = File.OpenRead(path);
        Fingerprint = Convert.ToHexStringLower(SHA256.HashData(file).AsSpan(0, 8));
    }

    /// <summary>Examples to train on.</summary>
    public int TrainCount => _trainCount;

    /// <summary>Examples that were too long.</summary>
    public int LeftOutCount { get; }

    /// <summary>The held-out examples.</summary>
    public IEnumerable<T> HeldOut => _all.Skip(_trainCount);

    /// <summary>Half of the SHA-256 of the file: a checkpoint of other examples is refused.</summary>
    public string Fingerprint { get; }

    /// <summary>Any example of the training part, all equally likely.</summary>
    public T Draw(SeededRandom random) => _all[random.NextInt(_trainCount)];
}
