using System.Text.RegularExpressions;

namespace LlmFromScratch.Notebooks.Checking;

/// <summary>
/// The solutions of a chapter, <c>solutions/NN-name.cs</c> beside its notebook: each <c>#region 6.3</c> ... <c>#endregion</c> holds the whole
/// cell that takes the place of the cell of exercise 6.3, the call of its check included.
/// </summary>
internal sealed partial class ExerciseSolutions
{
    private readonly Dictionary<string, string> _sourceOfExercise;

    private ExerciseSolutions(string path, Dictionary<string, string> sourceOfExercise)
    {
        Path = path;
        _sourceOfExercise = sourceOfExercise;
    }

    /// <summary>The file that the solutions were read from.</summary>
    public string Path { get; }

    /// <summary>The numbers of the exercises that are solved, in the file's order.</summary>
    public IReadOnlyCollection<string> Exercises => _sourceOfExercise.Keys;

    /// <summary>Where the solutions of the notebook at <paramref name="notebookPath"/> belong.</summary>
    public static string PathFor(string notebookPath) => System.IO.Path.Combine(
        System.IO.Path.GetDirectoryName(notebookPath) ?? "", "solutions", System.IO.Path.GetFileNameWithoutExtension(notebookPath) + ".cs");

    /// <summary>Reads the file at <paramref name="path"/>.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A region is nested, given twice, without a number, or not closed; the message names the line.</exception>
    public static ExerciseSolutions Load(string path)
    {
        string name = System.IO.Path.GetFileName(path);
        string[] lines = File.ReadAllLines(path);
        var sourceOfExercise = new Dictionary<string, string>();
        string? exercise = null;
        int start = 0;
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].Trim();
            if (RegionLine().Match(line) is { Success: true } region)
            {
                if (exercise is not null)
                    throw new InvalidDataException($"solutions/{name}, line {i + 1}: expected #endregion for exercise {exercise} (line {start}), got another #region.");
                exercise = region.Groups[1].Value;
                start = i + 1;
                if (exercise.Length == 0)
                    throw new InvalidDataException($"solutions/{name}, line {i + 1}: expected #region with the number of an exercise, got none.");
            }
            else if (line.StartsWith("#endregion", StringComparison.Ordinal))
            {
                if (exercise is null)
                    throw new InvalidDataException($"solutions/{name}, line {i + 1}: expected #region before it, got #endregion.");
                if (!sourceOfExercise.TryAdd(exercise, Dedent(lines[start..i])))
                    throw new InvalidDataException($"solutions/{name}, line {start}: expected one region for each exercise, got a second one for {exercise}.");
                exercise = null;
            }
        }
        return exercise is null
            ? new ExerciseSolutions(path, sourceOfExercise)
            : throw new InvalidDataException($"solutions/{name}, line {start}: expected #endregion for exercise {exercise}, got the end of the file.");
    }

    /// <summary>The cell that solves <paramref name="exercise"/>, null when the file has none.</summary>
    public string? Find(string exercise) => _sourceOfExercise.GetValueOrDefault(exercise);

    // A region may stand indented, inside a class that lets an editor check it.
    private static string Dedent(string[] lines)
    {
        int indent = lines.Where(line => line.Trim().Length > 0).Select(line => line.Length - line.TrimStart(' ').Length).DefaultIfEmpty(0).Min();
        return string.Join('\n', lines.Select(line => line.Length >= indent ? line[indent..] : "")).Trim('\n');
    }

    [GeneratedRegex(@"^#region\b\s*(.*)$")]
    private static partial Regex RegionLine();
}
