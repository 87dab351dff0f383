using System.Security.Cryptography;
using System.Text.Json;
using LlmFromScratch.Training.Data.Pipeline;
using LlmFromScratch.Training.Data.TinyTales;

namespace LlmFromScratch.Tests.Training.Data.Pipeline;

public sealed class CorpusCleaningTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_PlantedFaults_AreFoundByTheirStages()
    {
        TinyTalesGenerator generator = new(seed: 21);
        string[] tales = [.. Enumerable.Range(0, 30).Select(_ => generator.NextStory())];
        string near = string.Join(' ', [.. tales[2].Split(' ')[..^3], "and so it ended."]);
        string german = string.Join(' ', (string[])["Der Fuchs lief durch den Wald und suchte seinen alten Freund, den Dachs.",
             "Es war schon spät, und der Mond stand über den Tannen.", "Da hörte er eine Stimme, die aus dem hohlen Baum kam.", "Wer bist du, fragte er, und warum weinst du so?",
             "Ich habe meinen Weg verloren, sagte die kleine Eule.", "Komm mit mir, sagte der Fuchs, ich bringe dich nach Hause."]);
        string secret = generator.NextStory() + " Write to mia@example.org or call +49 30 1234567.";
        string input = _folder.With("mixed.txt", string.Join("\n<|endoftext|>\n", [.. tales, tales[0], near, "That was a short tale.", german, secret]));
        CleaningRequest request = Request(input) with { Licence = "CC0-1.0" };
        FunnelReport funnel = CorpusCleaning.Run(request);
        string[] stages = ["licence", "exact duplicates", "language", "quality", "repetition", "toxicity", "near duplicates", "line duplicates", "personal data"];
        Assert.Equal(stages, funnel.Rows.Select(row => row.Name));
        Dictionary<string, FunnelRow> rows = funnel.Rows.ToDictionary(row => row.Name);
        Assert.Equal(35, rows["licence"].DocumentsIn);
        Assert.Equal((1, 1), (Dropped("exact duplicates"), Dropped("near duplicates")));
        Assert.Equal(1, rows["quality"].Notes["word count"]);
        Assert.Equal(1, rows["language"].Notes["de"]);
        Assert.Equal(new SortedDictionary<string, long> { ["<EMAIL>"] = 1, ["<PHONE>"] = 1 }, rows["personal data"].Notes);
        for (int i = 1; i < funnel.Rows.Count; i++)
            Assert.Equal((funnel.Rows[i - 1].DocumentsOut, funnel.Rows[i - 1].BytesOut), (funnel.Rows[i].DocumentsIn, funnel.Rows[i].BytesIn));
        string written = File.ReadAllText(request.Output);
        Assert.Equal(funnel.Rows[^1].DocumentsOut, TinyTalesCorpus.Read(request.Output).Count);
        Assert.Contains("Write to <EMAIL> or call <PHONE>.", written);
        Assert.DoesNotContain("Fuchs", written);

        long Dropped(string stage) => rows[stage].DocumentsIn - rows[stage].DocumentsOut;
    }

    [Fact]
    public void Run_Manifest_NamesFilesSourcesAndLicences()
    {
        string input = _folder.With("set.jsonl", """
            {"text": "one", "source": "b", "licence": "MIT"}
            {"text": "two", "source": "a", "licence": "CC-BY-4.0"}
            {"text": "four", "source": "a", "licence": "CC-BY-4.0"}
            {"text": "five", "source": "a"}
            """);
        CleaningRequest request = Request(input) with { Skipped = CleaningRequest.StageNames };
        FunnelReport funnel = CorpusCleaning.Run(request);
        using JsonDocument manifest = JsonDocument.Parse(File.ReadAllText(request.Manifest));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(request.Output))), manifest.RootElement.GetProperty("sha256").GetString());
        Assert.Equal("set.jsonl", manifest.RootElement.GetProperty("inputs")[0].GetProperty("file").GetString());
        Assert.Equal(["a CC-BY-4.0 2 7", "b MIT 1 3"], manifest.RootElement.GetProperty("parts").EnumerateArray().Select(part =>
            $"{part.GetProperty("source")} {part.GetProperty("licence")} {part.GetProperty("documents")} {part.GetProperty("bytes")}"));
        using JsonDocument json = JsonDocument.Parse(funnel.ToJson());
        JsonElement stage = json.RootElement.GetProperty("stages")[0];
        Assert.Equal((4, 3), (stage.GetProperty("documentsIn").GetInt32(), stage.GetProperty("documentsOut").GetInt32()));
        Assert.Equal(1, stage.GetProperty("notes").GetProperty("no licence").GetInt32());
        Assert.Contains("| licence | 4 | 3 | 14 | 10 | 71.4 % | no licence 1 |", funnel.ToString());
    }

    [Fact]
    public void Run_Twice_GivesTheSameBytes()
    {
        string input = _folder.With("tales.txt", File.ReadAllText(Path.Combine(TestData.SolutionFolder, "data", "early-tales-sample.txt")));
        CleaningRequest request = Request(input) with { Licence = "CC0-1.0", Mixing = new MixingSettings { Seed = 4 } };
        CorpusCleaning.Run(request);
        (byte[] corpus, string manifest) first = (File.ReadAllBytes(request.Output), File.ReadAllText(request.Manifest));
        CorpusCleaning.Run(request);
        Assert.Equal(first.corpus, File.ReadAllBytes(request.Output));
        Assert.Equal(first.manifest, File.ReadAllText(request.Manifest));
    }

    [Fact]
    public void Run_Mixture_TakesSourcesByWeightAndEndsWhenOneIsUsedUp()
    {
        string input = _folder.With("set.jsonl", string.Concat(Enumerable.Range(0, 400).Select(i =>
            $$"""{"text": "text {{i}}", "source": "{{(i < 300 ? "web" : "books")}}", "licence": "MIT"}""" + "\n")));
        CleaningRequest request = Request(input, "out.jsonl") with
        {
            Skipped = CleaningRequest.StageNames,
            Mixing = new MixingSettings { Weights = new Dictionary<string, double> { ["web"] = 1, ["books"] = 1 }, Epochs = 2 },
        };
        FunnelRow row = CorpusCleaning.Run(request).Rows[^1];
        Document[] drawn = [.. new DocumentReader().Read(request.Output)];
        Assert.Equal(("mixture", 400, drawn.Length), (row.Name, row.DocumentsIn, row.DocumentsOut));
        Assert.Equal(200, row.Notes["from books"]); // both epochs of its 100
        Assert.InRange(row.Notes["from web"], 150, 250);
        Assert.Equal("text 300", drawn.First(document => document.Source == "books").Text);
        Assert.All(drawn.GroupBy(document => document.Text), group => Assert.InRange(group.Count(), 1, 2));
        ArgumentException wrong = Assert.Throws<ArgumentException>(() => CorpusCleaning.Run(request with
        {
            Mixing = new MixingSettings { Weights = new Dictionary<string, double> { ["web"] = 1 } },
        }));
        Assert.Contains("none for the source books", wrong.Message);
    }

    [Fact]
    public void Run_Shuffled_WritesEveryDocumentOnceInAnOrderThatTheSeedDecides()
    {
        string[] texts = [.. Enumerable.Range(0, 400).Select(i => $"text {i:000}")];
        string input = _folder.With("set.jsonl", string.Concat(texts.Select((text, i) => $$"""{"text": "{{text}}", "source": "{{(i < 300 ? "web" : "books")}}", "licence": "MIT"}""" + "\n")));
        CleaningRequest request = Request(input, "out.jsonl") with { Skipped = CleaningRequest.StageNames };
        string[] first = Texts(1), mixed = [.. Texts(1, new MixingSettings { Epochs = 1 }).Where(text => string.CompareOrdinal(text, "text 300") < 0)];
        Assert.Equal(texts, Texts(null));
        Assert.Equal(texts, first.Order(StringComparer.Ordinal));
        Assert.Equal(first, Texts(1));
        Assert.NotEqual(first, Texts(2));
        Assert.InRange(first[^100..].Count(text => string.CompareOrdinal(text, "text 300") < 0), 50, 95); // of the last quarter, three quarters as in the whole
        Assert.NotEqual(mixed.Order(StringComparer.Ordinal), mixed); // a mixture takes each source's documents in a drawn order, too
        Assert.Equal(mixed.Length, mixed.Distinct().Count());

        string[] Texts(ulong? seed, MixingSettings? mixing = null)
        {
            CorpusCleaning.Run(request with { ShuffleSeed = seed, Mixing = mixing });
            return [.. new DocumentReader().Read(request.Output).Select(document => document.Text)];
        }
    }

    [Fact]
    public void Run_Cancelled_LeavesNothingBehind()
    {
        string input = _folder.With("tales.txt", "a\n\nb\n");
        using CancellationTokenSource cancel = new();
        cancel.Cancel();
        Assert.Throws<OperationCanceledException>(() => CorpusCleaning.Run(Request(input) with { Mixing = new MixingSettings() }, cancellationToken: cancel.Token));
        Assert.Equal(["tales.txt"], _folder.Names);
    }

    [Fact]
    public void Run_WrongRequests_SayWhatIsWrong()
    {
        string input = _folder.With("tales.txt", "This is a very short text.\n");
        Assert.Contains("state the licence", Assert.Throws<InvalidDataException>(() => CorpusCleaning.Run(Request(input))).Message);
        Assert.Contains("stage \"quality\"", Assert.Throws<InvalidDataException>(() => CorpusCleaning.Run(Request(input) with { AllowUnknownLicence = true })).Message);
        Assert.Contains(".txt or .jsonl", Assert.Throws<ArgumentException>(() => CorpusCleaning.Run(Request(input, "out.csv"))).Message);
        Assert.Contains("no stage", Assert.Throws<ArgumentException>(() => CorpusCleaning.Run(Request(input) with { Skipped = ["magic"] })).Message);
        Assert.Contains("another file to write", Assert.Throws<ArgumentException>(() => CorpusCleaning.Run(Request(input, "tales.txt"))).Message);
        CleaningRequest request = Request(input) with { AllowUnknownLicence = true, Skipped = CleaningRequest.StageNames };
        foreach (CleaningRequest twice in (CleaningRequest[])[request with { Report = input }, request with { Manifest = request.Output }, request with { Report = request.Manifest }])
            Assert.Contains("another one for each", Assert.Throws<ArgumentException>(() => CorpusCleaning.Run(twice)).Message);
        Assert.Throws<FileNotFoundException>(() => CorpusCleaning.Run(Request(_folder.PathOf("none.txt"))));
        Assert.Equal(["tales.txt"], _folder.Names);
    }

    [Fact]
    public void Run_SeparatorInsideAJsonText_IsRefusedForText()
    {
        string input = _folder.With("set.jsonl", """{"text": "a\n<|endoftext|>\nb", "licence": "MIT"}""");
        Assert.Contains("cut it in two", Assert.Throws<InvalidDataException>(() => CorpusCleaning.Run(Request(input) with { Skipped = CleaningRequest.StageNames })).Message);
    }

    private CleaningRequest Request(string input, string output = "out.txt") => new()
    {
        Inputs = [input], Output = _folder.PathOf(output), Manifest = _folder.PathOf(output) + ".manifest.json",
    };
}
