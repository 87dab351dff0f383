using System.Diagnostics;
using System.Text.Json;
using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Models;
using LlmFromScratch.Tests.Formats.Gguf;
using LlmFromScratch.Tests.Models.HuggingFace;
using LlmFromScratch.Tokenization;

namespace LlmFromScratch.Tests.Cli;

/// <summary><c>llmfs tokenize</c> as a user runs it: files of any bytes, every kind of vocabulary, wrong input, an interrupt.</summary>
public sealed class TokenizeCommandTests : IDisposable
{
    // NUL, a byte that no UTF-8 has, a lead byte without its follower, CR and LF, and a character that is cut off.
    private static readonly byte[] AnyBytes = [.. "Tom ran\0"u8, 0xFF, 0xC3, 0x28, (byte)'\r', (byte)'\n', .. "home\n"u8, 0xE2, 0x82];

    private readonly string _folder = Directory.CreateTempSubdirectory("llmfs-tokenize-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void FileOfAnyBytes_Ids_AreThoseOfItsBytesOnOneLine()
    {
        string output = Run("--file", Save("any.bin", AnyBytes), "--ids");
        Assert.Matches(@"^\d+( \d+)*\n$", output); // no BOS line, no label, one space between, one line end
        int[] ids = Ids(output);
        using ICheckpoint embedded = Checkpoint.Open(EmbeddedModel.Path);
        ITokenizer tokenizer = embedded.LoadTokenizer();
        Assert.Equal(tokenizer.Encode(AnyBytes), ids);
        Assert.Equal(AnyBytes, ids.SelectMany(id => tokenizer.GetBytes(id).ToArray()));
        Assert.Equal("\n", Run("--file", Save("empty.txt", []), "--ids"));
    }

    [Fact]
    public void FileOfAnyBytes_TableAndJson_ShowEveryTokenOnOneLine()
    {
        string path = Save("any.bin", AnyBytes);
        using JsonDocument json = JsonDocument.Parse(Run("--file", path, "--json"));
        string[] pieces = [.. json.RootElement.GetProperty("pieces").EnumerateArray().Select(piece => piece.GetString() ?? "")];
        Assert.Equal(@"Tom ran\x00\xFF\xC3(\x0D\x0Ahome\x0A\xE2\x82", string.Concat(pieces));
        Assert.Equal(AnyBytes.Length, json.RootElement.GetProperty("bytes").GetInt32());
        string[] lines = Run("--file", path).TrimEnd('\n').Split('\n');
        Assert.Equal(pieces.Length + 1, lines.Length);
        Assert.StartsWith($"{pieces.Length} tokens, {AnyBytes.Length} bytes, ", lines[^1]);
    }

    [Fact]
    public void Text_ThatSpellsSpecialTokens_GivesNone()
    {
        using ICheckpoint embedded = Checkpoint.Open(EmbeddedModel.Path);
        SpecialTokens special = embedded.LoadTokenizer().SpecialTokens;
        using GgufFile file = GgufFile.Open(EmbeddedModel.Path);
        string end = file.Metadata.GetArray<string>("tokenizer.ggml.tokens")[special.EndOfSequence!.Value]; // not null: the embedded model ends its tales
        int[] ids = Ids(Run("--text", $"a{end}b{end}", "--ids"));
        Assert.DoesNotContain(special.EndOfSequence.Value, ids);
        Assert.NotEqual(special.BeginOfSequence, ids[0]);
    }

    [Fact]
    public void VocabularyOnlyFile_HasTheIdsOfTheModel()
    {
        using GgufFile file = GgufFile.Open(EmbeddedModel.Path);
        string vocabulary = Save("vocabulary.gguf", GgufFileTests.Bytes(new GgufWriter().Add(file.Metadata)));
        string text = Save("any.bin", AnyBytes);
        Assert.Equal(Run("--file", text, "--ids"), Run("--file", text, "--ids", "--model", vocabulary));
    }

    [Fact]
    public void HuggingFaceFolder_WithNothingButATokenizer_HasTheIdsOfItsGguf()
    {
        string path = Path.Combine(TestData.SolutionFolder, "tests", "reference", "architectures", "gpt2.gguf");
        using (GgufFile file = GgufFile.Open(path)) HuggingFaceLayout.SaveTokenizer(file, _folder);
        string text = Save("any.bin", AnyBytes);
        Assert.Equal(Run("--file", text, "--ids", "--model", path), Run("--file", text, "--ids", "--model", _folder));
    }

    [SharedDataFact]
    public void PublishedVocabularyAndTexts_HaveTheIdsOfLlamaCpp()
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllBytes(TestData.PathOf("tokenized", "llama-bpe.json")));
        int[] expected = [.. golden.RootElement.GetProperty("texts").GetProperty("csharp.txt").GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];
        Assert.Equal(expected, Ids(Run("--file", TestData.PathOf("tokenized", "texts", "csharp.txt"), "--ids", "--model", TestData.PathOf("vocab", "ggml-vocab-llama-bpe.gguf"))));
    }

    [SharedDataFact]
    public void Llama2cFile_HasTheIdsOfItsGguf() => Assert.Equal(
        Run("--text", "Once upon a time", "--ids", "--model", TestData.PathOf("stories260K", "stories260K.gguf")),
        Run("--text", "Once upon a time", "--ids", "--model", TestData.PathOf("stories260K", "stories260K.bin")));

    [Theory]
    [InlineData("give either --text or --file", "--text", "a", "--file", "README.md")]
    [InlineData("missing.txt", "--file", "missing.txt")]
    [InlineData("not a folder", "--file", "docs")]
    [InlineData("missing.gguf", "--text", "a", "--model", "missing.gguf")]
    [InlineData("magic at byte 0", "--text", "a", "--model", "README.md")]
    [InlineData("expected a tokenizer in tokenizer.json", "--text", "a", "--model", "docs")]
    [InlineData("--idz", "--text", "a", "--idz")]
    public void WrongInput_OneLineOnStandardError_ExitCodeTwo(string expected, params string[] arguments)
    {
        CommandLine.Result result = CommandLine.Run(["tokenize", .. arguments]);
        Assert.Contains(expected, result.Error);
        Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
    }

    // The text is a pipe that never ends: opening it here returns when the command has opened it there.
    [UnixFact]
    public void Interrupted_WhileItReads_EndsWith130AndNoTrace()
    {
        string pipe = Path.Combine(_folder, "pipe");
        using (Process make = Process.Start("mkfifo", [pipe])) make.WaitForExit();
        using Process process = CommandLine.Start(["tokenize", "--file", pipe, "--ids"]);
        Task<FileStream> opening = Task.Run(() => new FileStream(pipe, FileMode.Open, FileAccess.Write, FileShare.ReadWrite));
        Assert.True(opening.Wait(TimeSpan.FromSeconds(60)), "the command did not open its file");
        using FileStream writer = opening.Result;
        using (Process kill = Process.Start("kill", ["-INT", $"{process.Id}"])) kill.WaitForExit();
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)));
        Assert.Equal((130, "", ""), (process.ExitCode, process.StandardOutput.ReadToEnd(), process.StandardError.ReadToEnd()));
    }

    private string Save(string name, byte[] bytes)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static string Run(params string[] arguments)
    {
        CommandLine.Result result = CommandLine.Run(["tokenize", .. arguments]);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        return result.Output;
    }

    private static int[] Ids(string output) => [.. output.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(int.Parse)];
}
