using Spectre.Console;

namespace LlmFromScratch.Cli;

/// <summary>
/// How far a work is, on standard error while it goes on, and gone when it ends: a bar where the whole is known, else a count beside a turning sign.
/// For a terminal; a pipe gets none.
/// </summary>
internal sealed class TerminalProgress : IProgress<int>, IDisposable
{
    private readonly IAnsiConsole _console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _what;
    private readonly double? _total;
    private readonly Task _drawing;
    private ProgressTask? _task;

    /// <summary>Begins to draw.</summary>
    /// <param name="what">What is counted or done.</param>
    /// <param name="total">The whole, where it is known.</param>
    /// <param name="columns">What stands on the line, where it is not the usual.</param>
    public TerminalProgress(string what, double? total = null, params ProgressColumn[] columns)
    {
        (_what, _total) = (what, total);
        if (columns.Length == 0) columns = total is null
            ? [new SpinnerColumn(), new TaskDescriptionColumn(), new ElapsedTimeColumn()]
            : [new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()];
        _drawing = _console.Progress().AutoClear(true).Columns(columns).StartAsync(context =>
        {
            _task = context.AddTask(Markup.Escape(what), maxValue: total is > 0 ? total.Value : 1);
            _task.IsIndeterminate = total is null;
            return _ended.Task;
        });
    }

    /// <summary>Begins to draw, unless standard error is no terminal.</summary>
    public static TerminalProgress? Start(string what, double? total = null) => Console.IsErrorRedirected ? null : new(what, total);

    /// <summary>So many of what is counted are done.</summary>
    public void Report(int value) => Show($"{value:N0} {_what}", value, _total);

    /// <summary>What the line says from now on.</summary>
    /// <param name="text">Any text; it is shown as it is.</param>
    /// <param name="done">How much is done.</param>
    /// <param name="total">Of how much, where it is known.</param>
    public void Show(string text, double done, double? total)
    {
        if (_task is not { } task) return;
        task.Description = Markup.Escape(Printable.Line(text, 200));
        if (total is not ({ } all and > 0)) return;
        task.IsIndeterminate = false;
        (task.MaxValue, task.Value) = (all, done);
    }

    /// <summary>Writes a line of the command's result, above what is drawn where both go to one terminal.</summary>
    public void WriteLine(string line)
    {
        if (Console.IsOutputRedirected) Console.Out.WriteLine(line);
        else _console.WriteLine(line);
    }

    /// <summary>Wipes the line.</summary>
    public void Dispose()
    {
        _ended.TrySetResult();
        _drawing.GetAwaiter().GetResult();
    }
}
