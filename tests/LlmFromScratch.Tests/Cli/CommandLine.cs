using System.Diagnostics;

namespace LlmFromScratch.Tests.Cli;

/// <summary>Runs <c>llmfs</c> as a user does: as a process of its own.</summary>
internal static class CommandLine
{
    public sealed record Result(int ExitCode, string Output, string Error);

    public static Result Run(params string[] arguments) => Run("", arguments);

    public static Result Run(string input, string[] arguments) => Run(input, arguments, []);

    /// <param name="input">What stands on standard input.</param>
    /// <param name="arguments">The arguments.</param>
    /// <param name="environment">Environment variables on top of ours.</param>
    public static Result Run(string input, string[] arguments, params ReadOnlySpan<(string Name, string Value)> environment)
    {
        using Process process = Start(arguments, environment: environment);
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(TimeSpan.FromSeconds(120)))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"llmfs {string.Join(' ', arguments)} did not end within 120 s.");
        }
        return new Result(process.ExitCode, output.Result, error.Result);
    }

    /// <summary>Starts the command and leaves the rest to the caller.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="through">A program, and its arguments, that starts ours: it gets ours behind its own.</param>
    /// <param name="environment">Environment variables on top of ours.</param>
    public static Process Start(string[] arguments, (string Program, string[] Arguments)? through = null, params ReadOnlySpan<(string Name, string Value)> environment)
    {
        string[] ours = ["dotnet", Path.Combine(AppContext.BaseDirectory, "llmfs.dll"), .. arguments];
        string[] all = through is { } other ? [other.Program, .. other.Arguments, .. ours] : ours;
        ProcessStartInfo start = new(all[0], all[1..])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = TestData.SolutionFolder,
        };
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        return Process.Start(start) ?? throw new InvalidOperationException($"{all[0]} did not start.");
    }
}
