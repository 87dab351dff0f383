using System.Diagnostics;
using System.Text.Json;

namespace LlmFromScratch.Tests.Cli;

/// <summary><c>llmfs chat</c> as a process, with the embedded chat model and its template.</summary>
public sealed class ChatCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("llmfs-chat-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Talk_OfSeveralTurns_IsAnsweredAndSavedWithItsRoles()
    {
        string saved = Path.Combine(_folder.FullName, "talk.json");
        CommandLine.Result result = CommandLine.Run($"Tom has a red kite. Mia has a blue ball. Who has the kite?\nHello!\n/save {saved}\n/stats\n/quit\n",
            ["chat", "--temperature", "0", "--max-tokens", "40"]);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("4 messages saved to", result.Output);
        using JsonDocument talk = JsonDocument.Parse(File.ReadAllText(saved));
        Assert.Equal(["user", "assistant", "user", "assistant"], talk.RootElement.EnumerateArray().Select(message => message.GetProperty("role").GetString()));
        string[] answers = [.. talk.RootElement.EnumerateArray().Where((_, i) => i % 2 == 1).Select(message => message.GetProperty("content").GetString() ?? "")];
        Assert.All(answers, answer => Assert.Matches("[A-Za-z].*[.!?\"]$", answer)); // it ended its turn by itself
        Assert.All(answers, answer => Assert.DoesNotContain("<|", answer)); // none of the template's marks is shown
        Assert.All(answers, answer => Assert.Contains(answer, result.Output));
    }

    [Fact]
    public void Commands_ResetSystemAndUnknown_DoWhatTheySay()
    {
        CommandLine.Result result = CommandLine.Run("Hello!\n/reset\n/stats\n/system Be short.\n/nonsense\n/save\n/quit\nNever read.\n", ["chat", "--max-tokens", "12"]);
        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith("0 of", result.Output.Split('\n').Single(line => line.Contains("tokens in context")));
        Assert.Equal(2, result.Error.TrimEnd('\n').Split('\n').Length); // /nonsense, and /save without a file
        Assert.Contains("/nonsense is no command", result.Error);
    }

    // On the reference backend, so that the answer is still being written when the signal comes.
    [UnixFact]
    public void Interrupted_StopsTheAnswerAndNotTheProgram()
    {
        using Process process = CommandLine.Start(["chat", "--backend", "reference", "--threads", "1", "--max-tokens", "400"]);
        process.StandardInput.WriteLine("Tell me a story about a fox who lost a kite.");
        process.StandardInput.Flush();
        char[] first = new char[8];
        Assert.Equal(8, process.StandardOutput.ReadBlock(first)); // it is at work
        using (Process kill = Process.Start("kill", ["-INT", $"{process.Id}"])) kill.WaitForExit();
        process.StandardInput.Write("/stats\n/quit\n");
        process.StandardInput.Close();
        string rest = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)));
        Assert.Equal(0, process.ExitCode);
        Assert.Contains(" ...\n", rest);
        Assert.Contains("tokens in context", rest);
    }
}
