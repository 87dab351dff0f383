using System.Diagnostics;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Scripting;

namespace LlmFromScratch.Notebooks.Execution;

/// <summary>
/// The error that ended a cell, in words that are the same on every machine: no paths and no frames of the host, only the places in cells.
/// </summary>
/// <param name="Name">The exception's full type name, or <c>CompilationError</c>.</param>
/// <param name="Message">What went wrong.</param>
/// <param name="Traceback">The lines that a front end shows.</param>
internal sealed record CellError(string Name, string Message, IReadOnlyList<string> Traceback)
{
    private const string CellPrefix = "cell ";

    /// <summary>The file name under which a cell is compiled, and which stack traces name.</summary>
    public static string FileNameOf(int cellNumber) => $"{CellPrefix}{cellNumber}";

    /// <summary>Describes what <paramref name="exception"/> did to a cell; <paramref name="sources"/> holds the text of each cell by its number.</summary>
    public static CellError From(Exception exception, int cellNumber, IReadOnlyDictionary<int, string> sources) =>
        exception is CompilationErrorException compilation ? FromDiagnostics(compilation, sources) : FromException(exception, cellNumber, sources);

    /// <summary>An error that the runner itself reports, such as a time limit.</summary>
    public static CellError Plain(string name, string message) => new(name, message, [$"{name}: {message}"]);

    /// <summary>What the compiler says, with its place, such as <c>cell 3, line 2: error CS0103: ...</c>.</summary>
    public static string TextOf(Diagnostic diagnostic)
    {
        FileLinePositionSpan place = diagnostic.Location.GetLineSpan();
        return $"{place.Path}, line {place.StartLinePosition.Line + 1}: {diagnostic.Severity.ToString().ToLowerInvariant()} {diagnostic.Id}: {diagnostic.GetMessage(CultureInfo.InvariantCulture)}";
    }

    private static CellError FromDiagnostics(CompilationErrorException exception, IReadOnlyDictionary<int, string> sources)
    {
        var lines = new List<string>();
        foreach (Diagnostic error in exception.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error))
        {
            FileLinePositionSpan place = error.Location.GetLineSpan();
            lines.Add(TextOf(error));
            AddSourceLine(lines, place.Path, place.StartLinePosition.Line + 1, sources);
        }
        return new CellError("CompilationError", lines[0], lines); // a compilation fails only with an error
    }

    private static CellError FromException(Exception exception, int cellNumber, IReadOnlyDictionary<int, string> sources)
    {
        var lines = new List<string>();
        for (Exception? current = exception; current is not null; current = current.InnerException)
        {
            lines.Add($"{(current == exception ? "" : "---> ")}{current.GetType().FullName}: {current.Message}");
            foreach (StackFrame frame in new StackTrace(current, fNeedFileInfo: true).GetFrames())
            {
                // Debug information holds the full path that the name "cell 3" would have as a file.
                if (Path.GetFileName(frame.GetFileName()) is { } file && file.StartsWith(CellPrefix, StringComparison.Ordinal))
                {
                    lines.Add($"   at {file}, line {frame.GetFileLineNumber()}");
                    AddSourceLine(lines, file, frame.GetFileLineNumber(), sources);
                }
            }
        }
        if (!lines.Any(line => line.StartsWith($"   at {FileNameOf(cellNumber)},", StringComparison.Ordinal)))
            AddLastExpression(lines, cellNumber, sources);
        return new CellError(exception.GetType().FullName ?? exception.GetType().Name, exception.Message, lines);
    }

    // The compiler notes no line for a cell's last expression, the one without a semicolon: when no line is known, it is that one. The
    // runner's own errors (a magic command, a missing file) name their line in the message.
    private static void AddLastExpression(List<string> lines, int cellNumber, IReadOnlyDictionary<int, string> sources)
    {
        SyntaxTree tree = CSharpSyntaxTree.ParseText(sources[cellNumber], CSharpParseOptions.Default.WithKind(SourceCodeKind.Script));
        if (tree.GetCompilationUnitRoot().Members.LastOrDefault() is not GlobalStatementSyntax { Statement: ExpressionStatementSyntax { SemicolonToken.IsMissing: true } last })
            return;
        int line = tree.GetLineSpan(last.Span).StartLinePosition.Line + 1;
        lines.Add($"   at {FileNameOf(cellNumber)}, line {line}");
        AddSourceLine(lines, FileNameOf(cellNumber), line, sources);
    }

    private static void AddSourceLine(List<string> lines, string file, int line, IReadOnlyDictionary<int, string> sources)
    {
        if (!file.StartsWith(CellPrefix, StringComparison.Ordinal) || !int.TryParse(file.AsSpan(CellPrefix.Length), out int cell) || !sources.TryGetValue(cell, out string? source))
            return;
        string[] sourceLines = source.Split('\n');
        if (line <= sourceLines.Length)
            lines.Add($"      {sourceLines[line - 1].Trim()}");
    }
}
