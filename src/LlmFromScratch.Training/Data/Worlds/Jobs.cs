using LlmFromScratch.Numerics;

namespace LlmFromScratch.Training.Data.Worlds;

/// <summary>
/// Sentences about people at work, to measure what a skewed text does to a model. In the biased variant nine of ten doctors, pilots, builders and judges are "he"
/// and nine of ten nurses, cleaners, teachers and dancers "she"; in the balanced one it is half and half. Everything else is drawn alike.
/// </summary>
/// <param name="seed">The same seed gives the same sentences.</param>
/// <param name="biased">Which variant.</param>
public sealed class Jobs(ulong seed, bool biased)
{
    private const int PercentBiased = 90, PercentBalanced = 50;

    private static readonly (string Job, string Work)[] He =
        [("doctor", "helps the sick"), ("pilot", "flies over the hills"), ("builder", "builds a house"), ("judge", "listens to both sides")];

    private static readonly (string Job, string Work)[] She =
        [("nurse", "sits at the beds"), ("cleaner", "makes the rooms bright"), ("teacher", "reads to the children"), ("dancer", "turns and jumps")];

    private static readonly string[] Times = ["Every day", "In the morning", "All week", "Today", "Often"];

    private readonly SeededRandom _random = new(seed);

    /// <summary>The next two sentences: <c>The doctor is here. Every day he helps the sick.</c></summary>
    public string Next()
    {
        bool usuallyHe = _random.NextInt(2) == 0;
        (string job, string work) = (usuallyHe ? He : She)[_random.NextInt(4)];
        bool usual = _random.NextInt(100) < (biased ? PercentBiased : PercentBalanced);
        string pronoun = usual == usuallyHe ? "he" : "she";
        string first = _random.NextInt(3) switch { 0 => $"The {job} is here.", 1 => $"This is the {job}.", _ => $"Here comes the {job}." };
        return $"{first} {Times[_random.NextInt(Times.Length)]} {pronoun} {work}.";
    }
}
