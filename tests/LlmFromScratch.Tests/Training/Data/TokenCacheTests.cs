using LlmFromScratch.Training.Data;

namespace LlmFromScratch.Tests.Training.Data;

public sealed class TokenCacheTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Tokenize_TwoDocuments_JoinsThemByTheEndId()
    {
        const string corpus = "ab\nc\n<|endoftext|>\n\n<|endoftext|>\nd\n<|endoftext|>\n";
        Assert.Equal(['a', 'b', '\n', 'c', 256, 'd', 256], TokenCache.Tokenize(corpus, new ByteTokenizer())); // the blank document is left out
    }

    [Fact]
    public void Load_SecondTime_ReadsTheCache()
    {
        (string corpus, string cache) = Write("ab\n");
        int[] ids = TokenCache.Load(corpus, new ByteTokenizer(), cache);
        byte[] bytes = File.ReadAllBytes(cache);
        bytes[^4] = 7; // the last id's lowest byte: only a reader of the cache sees it
        bytes[^3] = 0;
        File.WriteAllBytes(cache, bytes);
        Assert.Equal(['a', 'b', 256], ids);
        Assert.Equal(['a', 'b', 7], TokenCache.Load(corpus, new ByteTokenizer(), cache));
    }

    [Fact]
    public void Load_ChangedCorpus_TokenizesAnew()
    {
        (string corpus, string cache) = Write("ab\n");
        TokenCache.Load(corpus, new ByteTokenizer(), cache);
        File.WriteAllText(corpus, "xy\n");
        Assert.Equal(['x', 'y', 256], TokenCache.Load(corpus, new ByteTokenizer(), cache));
    }

    private (string Corpus, string Cache) Write(string text)
    {
        string corpus = Path.Combine(_directory, "corpus.txt");
        File.WriteAllText(corpus, text);
        return (corpus, Path.Combine(_directory, "tokens.bin"));
    }
}
