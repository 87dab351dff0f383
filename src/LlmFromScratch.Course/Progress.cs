namespace LlmFromScratch.Course;

/// <summary>
/// Which exercises have been passed, one number a line in a text file. Keeping it never disturbs a check: a file that cannot be written is
/// left alone. The variable LLMFS_PROGRESS names the file, or says "off"; without it the file is .llmfs/progress.txt in the user's folder,
/// and nothing is kept where the variable CI is set.
/// </summary>
internal sealed class Progress(string path)
{
    /// <summary>The file that the environment asks for; null when it asks for none.</summary>
    public static Progress? FromEnvironment()
    {
        string? path = Environment.GetEnvironmentVariable("LLMFS_PROGRESS");
        if (!string.IsNullOrEmpty(path)) return path == "off" ? null : new Progress(path);
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        bool isAutomatic = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI"));
        return isAutomatic || home.Length == 0 ? null : new Progress(Path.Combine(home, ".llmfs", "progress.txt"));
    }

    /// <summary>The exercises passed so far, in the order in which they were passed; none when the file cannot be read.</summary>
    public IReadOnlyList<string> ReadPassed()
    {
        try
        {
            return File.Exists(path) ? [.. File.ReadAllLines(path).Where(line => line.Length > 0)] : [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Notes a pass; a failed try takes nothing away.</summary>
    /// <returns>Whether the file now holds the result.</returns>
    public bool Record(CheckResult result)
    {
        if (result.Outcome != CheckOutcome.Passed) return false;
        if (ReadPassed().Contains(result.ExerciseId)) return true;
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
            File.AppendAllText(path, result.ExerciseId + "\n");
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Removes the exercises that <paramref name="forget"/> names; the file is written beside itself and then exchanged.</summary>
    /// <returns>How many were removed.</returns>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public int Forget(Func<string, bool> forget)
    {
        IReadOnlyList<string> passed = ReadPassed();
        string[] kept = [.. passed.Where(id => !forget(id))];
        if (kept.Length == passed.Count) return 0;
        File.WriteAllLines(path + ".new", kept);
        File.Move(path + ".new", path, overwrite: true);
        return passed.Count - kept.Length;
    }
}
