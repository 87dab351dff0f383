using LlmFromScratch.Training.Data;
using LlmFromScratch.Training.Data.TinyTales;

namespace LlmFromScratch.Tests.Training.Data;

public sealed class TinyTalesCorpusTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tiny-tales");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Write_SameSeed_GivesTheSameBytes()
    {
        Write(PathOf("a"), seed: 3, bytes: 20_000);
        Write(PathOf("b"), seed: 3, bytes: 20_000);
        Assert.Equal(File.ReadAllBytes(PathOf("a")), File.ReadAllBytes(PathOf("b")));
        Assert.InRange(new FileInfo(PathOf("a")).Length, 20_000, 22_000);
    }

    [Fact]
    public void Write_ThenRead_GivesTheGeneratorsStories()
    {
        Write(PathOf("a"), seed: 3, bytes: 5_000);
        IReadOnlyList<string> stories = TinyTalesCorpus.Read(PathOf("a"));
        TinyTalesGenerator generator = new(3);
        Assert.True(stories.Count > 3);
        Assert.All(stories, s => Assert.Equal(generator.NextStory(), s));
    }

    [Fact]
    public void Write_Stopped_LeavesTheOldFileAndNoPartialOne()
    {
        File.WriteAllText(PathOf("a"), "old");
        Assert.Throws<OperationCanceledException>(() => Write(PathOf("a"), 3, 5_000, cancellationToken: new CancellationToken(true)));
        Assert.Equal("old", File.ReadAllText(PathOf("a")));
        Assert.Single(_folder.GetFiles());
    }

    [Fact]
    public void Write_Progress_EndsWithTheFilesSize()
    {
        Reports reports = new();
        Write(PathOf("a"), 3, 600_000, progress: reports);
        Assert.Equal(new FileInfo(PathOf("a")).Length, reports.Values[^1]);
        Assert.Equal(reports.Values.Order(), reports.Values);
        Assert.Equal(3, reports.Values.Count); // after 256 KiB, after 512 KiB, and at the end
    }

    [Fact]
    public void Write_NoBytes_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => Write(PathOf("a"), 3, 0));

    [Fact]
    public void Read_CutOffFile_ThrowsAndNamesIt()
    {
        File.WriteAllText(PathOf("a"), "One tale.\n<|endoftext|>\nHalf a");
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => TinyTalesCorpus.Read(PathOf("a")));
        Assert.Contains(PathOf("a"), error.Message);
    }

    [Fact]
    public void Statistics_ThreeSmallStories_CountsByHand()
    {
        // Words: 5 + 5 + 3; distinct: the cat's hat fell down sat; trigrams: "the cat's hat", "cat's hat fell", "hat fell down", "the cat's sat".
        TinyTalesStatistics s = TinyTalesCorpus.Statistics(["The cat's hat fell down.", "The cat's hat fell down.", "The 'cat's' sat."]);
        Assert.Equal((3, 13, 6, 4), (s.Stories, s.Words, s.DistinctWords, s.DistinctTrigrams));
        Assert.Equal(1.0 / 3, s.DuplicateShare, 12);
        Assert.Equal(0, s.OnceShare);
    }

    [Fact]
    public void Samples_InTheRepository_AreWhatTheGeneratorsMakeNow()
    {
        foreach (GeneratedCorpus corpus in GeneratedCorpora.All)
        {
            FileInfo sample = new(DataFile($"{corpus.Name}-sample{corpus.Extension}"));
            Assert.InRange(sample.Length, 1, 60_000);
            corpus.Write(PathOf("a"), seed: 1, bytes: sample.Length / 1000 * 1000); // the README asks for round thousands
            Assert.Equal(File.ReadAllText(sample.FullName), File.ReadAllText(PathOf("a")));
        }
    }

    [Fact]
    public void Readme_StatisticsTable_IsWhatTheCodePrints()
    {
        Write(PathOf("a"), seed: 1, bytes: 1_000_000);
        string table = TinyTalesCorpus.Statistics(TinyTalesCorpus.Read(PathOf("a"))).ToMarkdown();
        string exact = table[..table.IndexOf("| gzip", StringComparison.Ordinal)]; // the last row depends on the runtime's zlib
        Assert.Contains(exact, File.ReadAllText(DataFile("README.md")));
    }

    private static void Write(string path, ulong seed, long bytes, IProgress<long>? progress = null, CancellationToken cancellationToken = default) =>
        GeneratedCorpora.Get("tiny-tales").Write(path, seed, bytes, TaleSplit.Training, progress, cancellationToken);

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private static string DataFile(string name)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "LlmFromScratch.sln"))) folder = folder.Parent;
        Assert.NotNull(folder);
        return Path.Combine(folder.FullName, "data", name);
    }

    private sealed class Reports : IProgress<long>
    {
        public List<long> Values { get; } = [];

        public void Report(long value) => Values.Add(value);
    }
}
