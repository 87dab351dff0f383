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
        ProcessStartInfo start = new("dotnet")
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = TestData.SolutionFolder,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "llmfs.dll"));
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        using Process process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
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
}
