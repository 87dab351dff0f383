namespace LlmFromScratch.Course.Checking;

/// <summary>
/// Finds the call that drew an array of random numbers. Cases take their long inputs from <see cref="Lab.RandomNormal"/> with small seeds, some of them
/// scaled; so the seed can be found by drawing again, and no case has to say it twice.
/// </summary>
internal static class SeededNumbers
{
    private const ulong MostSeed = 200;

    /// <summary>For example <c>Lab.Scale(Lab.RandomNormal(25, 53), 0.4f)</c>; null when no seed gives these numbers.</summary>
    /// <param name="values">At least two numbers.</param>
    public static string? SourceOf(float[] values)
    {
        for (ulong seed = 1; seed <= MostSeed; seed++)
        {
            float[] two = Lab.RandomNormal(2, seed); // the first numbers do not depend on how many are drawn
            float factor = MathF.Round(values[0] / two[0], 3);
            if (!Lab.Scale(two, factor).AsSpan().SequenceEqual(values.AsSpan(0, 2)) || !Lab.Scale(Lab.RandomNormal(values.Length, seed), factor).AsSpan().SequenceEqual(values)) continue;
            string drawn = $"Lab.RandomNormal({values.Length}, {seed})";
            return factor == 1 ? drawn : $"Lab.Scale({drawn}, {Literal.Of(factor)})";
        }
        return null;
    }
}
