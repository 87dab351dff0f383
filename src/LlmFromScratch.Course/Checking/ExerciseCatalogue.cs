namespace LlmFromScratch.Course.Checking;

/// <summary>All exercises: every class of this assembly that derives from <see cref="Exercise"/>.</summary>
internal static class ExerciseCatalogue
{
    private static readonly Lazy<IReadOnlyList<Exercise>> Exercises = new(() =>
    [
        .. typeof(Exercise).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(Exercise)) && !type.IsAbstract)
            .Select(type => (Exercise)Activator.CreateInstance(type)!) // never null: only Nullable<T> gives null
            .OrderBy(exercise => Version.Parse(exercise.Id)), // 6.10 comes after 6.9
    ]);

    /// <summary>The exercises in the order of their numbers.</summary>
    public static IReadOnlyList<Exercise> All => Exercises.Value;

    /// <summary>The exercise with a number.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists what there is.</exception>
    public static Exercise Find(string id) => All.FirstOrDefault(exercise => exercise.Id == id)
        ?? throw new ArgumentException($"Check: expected the number of an exercise, got \"{id}\". There are {string.Join(", ", All.Select(exercise => exercise.Id))}.", nameof(id));
}
