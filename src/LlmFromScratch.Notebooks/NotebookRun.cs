using System.Globalization;
using System.Text.Json.Nodes;
using LlmFromScratch.Notebooks.Checking;
using LlmFromScratch.Notebooks.Execution;
using LlmFromScratch.Notebooks.Model;

namespace LlmFromScratch.Notebooks;

/// <summary>
/// One notebook's way through a run. Tags of a cell: <c>raises-exception</c> (it may end in an error), <c>volatile</c> (its outputs differ
/// from run to run: stored once, never compared), <c>expect-fail</c> (its check says ✗, and that is the point), <c>needs-feed</c> (it uses a
/// package that not every feed has).
/// </summary>
internal sealed class NotebookRun
{
    private readonly NotebookFile _notebook;
    private readonly NotebookRunOptions _options;
    private readonly TextWriter _log;
    private readonly ExerciseSolutions? _solutions;
    private readonly List<string> _failures = [];

    private readonly Dictionary<NotebookCell, JsonArray> _outputs = [];

    /// <summary>Prepares the run; with solutions, reads them and compares their numbers with the notebook's.</summary>
    public NotebookRun(NotebookFile notebook, NotebookRunOptions options, TextWriter log)
    {
        (_notebook, _options, _log) = (notebook, options, log);
        bool hasExercises = notebook.Cells.Any(cell => cell.Exercise is not null);
        if (options.UseSolutions && hasExercises)
            _solutions = ExerciseSolutions.Load(ExerciseSolutions.PathFor(notebook.Path));
    }

    /// <summary>Code cells that ran so far.</summary>
    public int CellsRun { get; private set; }

    /// <summary>Code cells that were left out.</summary>
    public int CellsSkipped { get; private set; }

    /// <summary>The managed memory that the cells asked for so far, in bytes; see <see cref="CellResult.AllocatedBytes"/>.</summary>
    public long AllocatedBytes { get; private set; }

    /// <summary>What went wrong so far.</summary>
    public IReadOnlyList<string> Failures => _failures;

    /// <summary>What each code cell shows after the run: its computed outputs, or the stored ones where it did not run.</summary>
    public IReadOnlyDictionary<NotebookCell, JsonArray> Outputs => _outputs;

    /// <summary>The text that <paramref name="cell"/> runs with: its own, or its exercise's solution.</summary>
    public string SourceOf(NotebookCell cell) => (cell.Exercise is null ? null : _solutions?.Find(cell.Exercise)) ?? cell.Source;

    /// <summary>Runs all cells, then stores their outputs if the options ask for it.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        _log.WriteLine(_notebook.Name);
        ReportUnusedSolutions();
        List<NotebookCell> codeCells = [.. _notebook.Cells.Where(cell => cell.IsCode)];
        using var session = new NotebookSession(_notebook.Folder, _options.CellTimeout);
        bool isBroken = false;
        for (int i = 0; i < codeCells.Count; i++)
        {
            // The count is the cell's place among the code cells, run or not, so that it is the same on every feed.
            if (isBroken || (codeCells[i].HasTag("needs-feed") && !_options.IsFullFeed))
                Skip(codeCells[i]);
            else
                isBroken = !await RunCellAsync(session, codeCells[i], executionCount: i + 1, cancellation);
        }
        if (_options.Write)
            Store(codeCells);
    }

    private async Task<bool> RunCellAsync(NotebookSession session, NotebookCell cell, int executionCount, CancellationToken cancellation)
    {
        int failuresBefore = _failures.Count;
        if (_solutions is not null && cell.Exercise is not null && _solutions.Find(cell.Exercise) is null)
            Fail(cell, $"exercise {cell.Exercise}: expected #region {cell.Exercise} in solutions/{Path.GetFileName(_solutions.Path)}, got none.");
        CellResult result = await session.RunAsync(SourceOf(cell), cell.Language, cell.Number, executionCount, cancellation);
        CellsRun++;
        AllocatedBytes += result.AllocatedBytes;
        bool isBroken = result.Error is not null && (result.IsSessionOver || !cell.HasTag("raises-exception"));
        if (isBroken)
            Fail(cell, $"ended in an error, so the cells after it did not run:\n{Indent(result.Error!)}"); // isBroken implies an error
        ReadChecks(cell, result.Outputs);
        if (_failures.Count > failuresBefore && CellPrint.Of(result.Outputs) is { Length: > 0 } printed)
            _failures[^1] += $"\n      The cell printed:\n{Indent(printed)}";
        if (_options.Check && !isBroken && !cell.HasTag("volatile") && OutputComparer.FindDifference(cell.Outputs, result.Outputs) is { } difference)
            Fail(cell, $"{difference}\n      (expected is what the file holds; --write stores the new outputs, if they are right)");

        _outputs[cell] = result.Outputs;
        string state = _failures.Count == failuresBefore ? "ok    " : "FAILED";
        _log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  cell {cell.Number,3}  {state} {result.Elapsed.TotalSeconds,7:0.00} s {Megabytes(result.AllocatedBytes),9}"));
        foreach (string failure in _failures.Skip(failuresBefore))
            _log.WriteLine($"    {failure}");
        return !isBroken;
    }

    private void ReadChecks(NotebookCell cell, JsonArray outputs)
    {
        CheckVerdict verdict = CheckVerdict.Read(outputs);
        if (!cell.HasTag("expect-fail"))
        {
            foreach (string failed in verdict.Failed)
                Fail(cell, $"a check did not pass: {failed.Replace("\n", "\n      ")}");
        }
        else if (verdict.Failed.Count == 0 && !_options.UseSolutions)
        {
            Fail(cell, "is tagged expect-fail: expected a check that says ✗, got none.");
        }
        if (!_options.UseSolutions)
            return;
        foreach (string notDone in verdict.NotDone)
            Fail(cell, $"with its solution a check must pass, got: {notDone}");
        if (cell.Exercise is not null && verdict.Passed.Count + verdict.Failed.Count + verdict.NotDone.Count == 0)
            Fail(cell, $"exercise {cell.Exercise}: expected a check that says ✓, got no check's output.");
    }

    private void ReportUnusedSolutions()
    {
        HashSet<string?> asked = [.. _notebook.Cells.Select(cell => cell.Exercise)];
        foreach (string exercise in _solutions?.Exercises.Where(exercise => !asked.Contains(exercise)) ?? [])
        {
            _failures.Add($"solutions: #region {exercise} belongs to no cell; expected a code cell with \"exercise\": \"{exercise}\" in its metadata.");
            _log.WriteLine($"    {_failures[^1]}");
        }
    }

    private void Skip(NotebookCell cell)
    {
        CellsSkipped++;
        _outputs[cell] = cell.Outputs;
        _log.WriteLine($"  cell {cell.Number,3}  skipped");
    }

    private void Store(List<NotebookCell> codeCells)
    {
        if (_failures.Count > 0)
        {
            _log.WriteLine("  not written, because of the failures");
            return;
        }
        for (int i = 0; i < codeCells.Count; i++)
        {
            NotebookCell cell = codeCells[i];
            bool isKept = ReferenceEquals(_outputs[cell], cell.Outputs) || (cell.HasTag("volatile") && cell.Outputs.Count > 0);
            if (isKept)
                cell.StoreCount(i + 1);
            else
                cell.Store((JsonArray)_outputs[cell].DeepClone(), i + 1);
        }
        _log.WriteLine(_notebook.Save() ? "  written" : "  written: no byte changed");
    }

    /// <summary>For example "12.3 MB".</summary>
    public static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:#,0.0} MB");

    private void Fail(NotebookCell cell, string what) => _failures.Add($"cell {cell.Number}: {what}");

    private static string Indent(string text) => "      " + text.Replace("\n", "\n      ");
}
