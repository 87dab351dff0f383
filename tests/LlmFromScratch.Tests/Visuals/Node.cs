using System.Diagnostics;

namespace LlmFromScratch.Tests.Visuals;

/// <summary>Runs JavaScript in a node process of its own.</summary>
internal static class Node
{
    public static bool IsInstalled { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, OperatingSystem.IsWindows() ? "node.exe" : "node")));

    /// <summary>What the script prints; fails with the error output when it does not end well.</summary>
    public static string Run(string script)
    {
        var start = new ProcessStartInfo("node", "-") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException("node did not start");
        Task<string> error = process.StandardError.ReadToEndAsync();
        Task feeding = Task.Run(() =>
        {
            process.StandardInput.Write(script);
            process.StandardInput.Close();
        });
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        feeding.Wait();
        Assert.True(process.ExitCode == 0, error.Result);
        return output;
    }
}
