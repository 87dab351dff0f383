using System.Diagnostics;

namespace LlmFromScratch.Package.Tests;

/// <summary>The repository's folder, and commands that are run in it.</summary>
internal static class Repository
{
    /// <summary>The folder that holds LlmFromScratch.sln.</summary>
    public static string Folder { get; } = Find();

    /// <summary>The full path of something in the repository.</summary>
    public static string PathOf(params ReadOnlySpan<string> parts) => Path.Combine([Folder, .. parts]);

    /// <summary>Runs a program in the repository's folder and returns what it printed; fails the test where it fails.</summary>
    public static string Run(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Folder };
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(TimeSpan.FromMinutes(5)))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end within 5 minutes.");
        }
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{output.Result}\n{error.Result}");
        return output.Result;
    }

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "LlmFromScratch.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException($"No LlmFromScratch.sln in '{AppContext.BaseDirectory}' or any folder above it.");
    }
}
