using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using LlmFromScratch.Notebooks.Formatting;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;

namespace LlmFromScratch.Notebooks.Execution;

/// <summary>
/// A C# session as a notebook has it: each cell sees what the cells before it declared. Compiled with Roslyn scripting as C# 13, optimized,
/// unsafe code allowed; the default usings are .NET Interactive's and no more, so that a cell that runs here runs there. One session runs one cell at a time.
/// </summary>
public sealed class NotebookSession : IDisposable
{
    private static readonly string[] DefaultUsings =
    [
        "System", "System.Text", "System.Collections", "System.Collections.Generic", "System.Threading.Tasks", "System.Linq",
        typeof(CellDisplay).FullName!, // a class has a full name
    ];

    private readonly string _folder;
    private readonly TimeSpan _timeout;
    private readonly bool _isInteractive;
    private readonly AssemblyReferences _references;
    private readonly RichFormatter _formatter = new();
    private readonly Dictionary<int, string> _sources = [];
    private ScriptState<object>? _state;
    private bool _isOver;

    /// <summary>An empty session.</summary>
    /// <param name="folder">Where relative paths start: the notebook's folder.</param>
    /// <param name="timeout">The time that one cell may take, above zero.</param>
    /// <param name="isInteractive">
    /// Whether a person sits before it: a cell that is cancelled then ends with an error, and the session goes on with what earlier cells declared.
    /// Otherwise cancelling ends the session, because nobody would know what the cell had changed.
    /// </param>
    public NotebookSession(string folder, TimeSpan timeout, bool isInteractive = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, TimeSpan.Zero);
        _folder = Path.GetFullPath(folder);
        _timeout = timeout;
        _isInteractive = isInteractive;
        _references = new AssemblyReferences(_folder);
        AppContext.SetData(CellGuard.RunName, (Action<Action, CancellationToken>)CellGuard.Run);
    }

    /// <summary>Runs one cell. An exception in it is part of the result; it is not thrown.</summary>
    /// <param name="source">The cell's text.</param>
    /// <param name="language">The language that the text begins in, <c>csharp</c> as a rule.</param>
    /// <param name="cellNumber">The number that errors name.</param>
    /// <param name="executionCount">The number that the cell's result carries.</param>
    /// <param name="cancellation">Stops the cell, after which the session is over.</param>
    /// <param name="listener">Gets each output as it is made, printed text many times a second; null when the result is enough.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was used, and the session is not interactive.</exception>
    /// <exception cref="InvalidOperationException">An earlier cell had to be stopped.</exception>
    public async Task<CellResult> RunAsync(string source, string language, int cellNumber, int executionCount, CancellationToken cancellation,
        Action<JsonObject>? listener = null)
    {
        if (_isOver)
            throw new InvalidOperationException("NotebookSession: an earlier cell had to be stopped, so its state is not known; start a new session.");
        cancellation.ThrowIfCancellationRequested();
        _sources[cellNumber] = source;
        using var recorder = new OutputRecorder(listener);
        long start = Stopwatch.GetTimestamp(), allocatedBefore = GC.GetTotalAllocatedBytes();
        CellEnd end;
        Task<Exception?>? body;
        using (new ConsoleCapture(recorder, _folder))
        {
            (end, body) = await CellThread.RunAsync(() =>
            {
                CellDisplay.Enter(recorder, _formatter);
                return RunSegmentsAsync(source, language, cellNumber, executionCount, recorder);
            }, _timeout, cancellation);
        }
        bool isInterrupted = end != CellEnd.Completed && cancellation.IsCancellationRequested;
        _isOver = end == CellEnd.Abandoned || (end == CellEnd.Stopped && !_isInteractive);
        if (!_isInteractive && isInterrupted)
            cancellation.ThrowIfCancellationRequested();

        CellError? error = end switch
        {
            CellEnd.Completed => FailureOf(body) is { } failure ? CellError.From(failure, cellNumber, _sources) : null,
            CellEnd.Stopped when isInterrupted => CellError.Plain("Interrupted", $"cell {cellNumber} was interrupted; what it changed before stays changed."),
            CellEnd.Stopped => CellError.Plain("TimeoutException", $"cell {cellNumber} was stopped after {Seconds(_timeout)} s, the time limit for a cell. Is there an endless loop?"),
            _ when isInterrupted => CellError.Plain("Interrupted", $"cell {cellNumber} cannot be stopped; it runs on until this process ends. Restart the kernel."),
            _ => CellError.Plain("TimeoutException", $"cell {cellNumber} went past {Seconds(_timeout)} s, the time limit for a cell, and cannot be stopped; it runs on until this process ends."),
        };
        if (error is not null)
            recorder.Error(error);
        string? message = error is null ? null : string.Join('\n', error.Traceback);
        return new CellResult(recorder.Take(), message, _isOver, Stopwatch.GetElapsedTime(start), GC.GetTotalAllocatedBytes() - allocatedBefore);
    }

    /// <summary>Ends the session; assemblies stay loaded for the next one.</summary>
    public void Dispose() => _references.Dispose();

    // The task fails when the runner's own steps did (compiling, formatting); what the cell threw is its result.
    private static Exception? FailureOf(Task<Exception?>? body) =>
        body is null ? null : body.IsCompletedSuccessfully ? body.Result : body.Exception?.InnerException ?? new TaskCanceledException(body);

    private async Task<Exception?> RunSegmentsAsync(string source, string language, int cellNumber, int executionCount, OutputRecorder recorder)
    {
        foreach (CellSegment segment in CellSegment.Split(source, language, cellNumber))
        {
            long start = Stopwatch.GetTimestamp();
            if (segment.Language == CellSegment.CSharp)
            {
                if (await RunCodeAsync(segment.Text, cellNumber, executionCount, recorder) is { } exception)
                    return exception;
            }
            else
            {
                recorder.Display(RichFormatter.Bundle(segment.MimeType, segment.TextWith(ValueOf)));
            }
            if (segment.IsTimed)
                recorder.Display(RichFormatter.Bundle("text/plain", string.Create(CultureInfo.InvariantCulture, $"Wall time: {Stopwatch.GetElapsedTime(start).TotalMilliseconds:0.00}ms")));
        }
        return null;
    }

    private async Task<Exception?> RunCodeAsync(string code, int cellNumber, int executionCount, OutputRecorder recorder)
    {
        _references.Load(code, cellNumber);
        (Script<object> script, ImmutableArray<Diagnostic> diagnostics) = await Task.Run(() => Compile(code, cellNumber)); // elsewhere: nothing stops the compiler
        foreach (Diagnostic remark in diagnostics.Where(diagnostic => diagnostic.Severity is DiagnosticSeverity.Warning or DiagnosticSeverity.Info))
            recorder.Print("stderr", $"{CellError.TextOf(remark)}\n"); // .NET Interactive shows the compiler's remarks too

        // An exception of the cell comes back in the state, so that what the cell declared before it stays declared.
        _state = _state is null
            ? await script.RunAsync(globals: null, static _ => true)
            : await script.RunFromAsync(_state, static _ => true);
        if (_state.Exception is null && _state.ReturnValue is { } value)
            recorder.Result(_formatter.Format(value), executionCount);
        return _state.Exception;
    }

    // What runs is the guarded text; what the compiler has to say is about the text that was written.
    private (Script<object> Script, ImmutableArray<Diagnostic> Remarks) Compile(string code, int cellNumber)
    {
        Script<object> written = ScriptFor(code, cellNumber);
        string guardedCode = GuardedCode.Of(written.GetCompilation(), CellError.FileNameOf(cellNumber));
        Script<object> guarded = guardedCode == code ? written : ScriptFor(guardedCode, cellNumber);
        ImmutableArray<Diagnostic> diagnostics = guarded.GetCompilation().GetDiagnostics();
        if (guarded != written && !diagnostics.IsEmpty)
            diagnostics = written.GetCompilation().GetDiagnostics();
        Diagnostic[] errors = [.. diagnostics.Where(IsError)];
        if (errors.Length > 0)
            throw new CompilationErrorException(errors[0].GetMessage(), [.. errors]);
        if (guarded.GetCompilation().GetDiagnostics().Any(IsError))
            guarded = written; // code that the guard does not fit runs as it is, and cannot be stopped
        guarded.CreateDelegate(); // emits and loads the code, so that the run need not
        return (guarded, diagnostics);
    }

    private static bool IsError(Diagnostic diagnostic) => diagnostic.Severity == DiagnosticSeverity.Error;

    /// <summary>The text of a cell as the script that would run next, after all cells before it; not compiled yet.</summary>
    internal Script<object> ScriptFor(string code, int cellNumber) => _state is null
        ? CSharpScript.Create<object>(code, OptionsFor(cellNumber), globalsType: null, _references.Loader)
        : _state.Script.ContinueWith<object>(code, OptionsFor(cellNumber));

    private object? ValueOf(string name) => _state?.GetVariable(name) is { } variable ? variable.Value : throw new ArgumentException(
        $"no earlier cell or line declares the variable {name}; declared are {string.Join(", ", _state?.Variables.Select(variable => variable.Name).Distinct() ?? [])}.");

    private ScriptOptions OptionsFor(int cellNumber) => ScriptOptions.Default
        .WithReferences(AssemblyReferences.Framework)
        .AddReferences(typeof(CellDisplay).Assembly)
        .WithImports(DefaultUsings)
        .WithLanguageVersion(LanguageVersion.CSharp13)
        .WithOptimizationLevel(OptimizationLevel.Release)
        .WithAllowUnsafe(true)
        .WithEmitDebugInformation(true) // stack traces then name the cell and the line
        .WithFileEncoding(Encoding.UTF8)
        .WithFilePath(CellError.FileNameOf(cellNumber))
        .WithMetadataResolver(ScriptMetadataResolver.Default.WithBaseDirectory(_folder).WithSearchPaths(_folder))
        .WithSourceResolver(ScriptSourceResolver.Default.WithBaseDirectory(_folder));

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.##", CultureInfo.InvariantCulture);
}
