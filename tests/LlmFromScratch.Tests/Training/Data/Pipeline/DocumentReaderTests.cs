using LlmFromScratch.Training.Data.Pipeline;

namespace LlmFromScratch.Tests.Training.Data.Pipeline;

public sealed class DocumentReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_BlankLines_EndDocuments()
    {
        string path = _folder.With("book.txt", "\n\na\r\nb\r\n\r\n  \nc\n");
        Assert.Equal([new("a\nb", "book", "MIT"), new("c", "book", "MIT")], new DocumentReader { Licence = "MIT" }.Read(path));
    }

    [Fact]
    public void Read_Join_GathersBlocksUntilTheyAreLongEnough()
    {
        string path = _folder.With("book.txt", "aaa\n\nbbb\n\n\nccc\n\nd\n");
        Assert.Equal(["aaa\n\nbbb", "ccc\n\nd"], new DocumentReader { JoinCharacters = 7 }.Read(path).Select(document => document.Text));
    }

    [Fact]
    public void Read_SeparatorLines_EndDocumentsAndBlankLinesDoNot()
    {
        string path = _folder.With("tales.txt", "a\n\nb\n<|endoftext|>\n<|endoftext|>\nc <|endoftext|>\n<|endoftext|>\nlast");
        Assert.Equal(["a\n\nb", "c <|endoftext|>", "last"], new DocumentReader().Read(path).Select(document => document.Text));
    }

    [Fact]
    public void Read_JsonLines_TakeTheirOwnSourceAndLicence()
    {
        string path = _folder.With("set.jsonl", """
            {"text": "one\r\ntwo\n", "source": "wiki", "licence": "CC-BY-SA-4.0", "id": 7}

            {"text": "three", "license": "MIT"}
            {"text": "four", "source": null}
            {"text": ""}
            """);
        Assert.Equal([new("one\ntwo", "wiki", "CC-BY-SA-4.0"), new("three", "set", "MIT"), new("four", "set", "CC0-1.0")], new DocumentReader { Licence = "CC0-1.0" }.Read(path));
    }

    [Theory]
    [InlineData("""{"text": "a"}""" + "\n[1]", "line 2: expected a JSON object, got Array")]
    [InlineData("""{"txt": "a"}""", "line 1: expected a string \"text\", got none")]
    [InlineData("""{"text": 7}""", "line 1: expected a string \"text\", got Number")]
    [InlineData("""{"text": "a""", "line 1: expected a JSON object")]
    public void Read_WrongJson_NamesFileAndLine(string content, string expected)
    {
        string path = _folder.With("bad.jsonl", content);
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => new DocumentReader().Read(path).Count());
        Assert.Contains("bad.jsonl", error.Message);
        Assert.Contains(expected, error.Message);
    }

    [Fact]
    public void Read_NotUtf8_IsRefused()
    {
        string path = _folder.PathOf("latin.txt");
        File.WriteAllBytes(path, [(byte)'a', 0xE9, (byte)'b', (byte)'\n']);
        Assert.Contains("expected UTF-8", Assert.Throws<InvalidDataException>(() => new DocumentReader().Read(path).Count()).Message);
    }
}
