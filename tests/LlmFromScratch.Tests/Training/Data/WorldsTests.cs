using System.Text.Json;
using LlmFromScratch.Training.Data;
using LlmFromScratch.Training.Data.TinyTales;
using LlmFromScratch.Training.Data.Worlds;

namespace LlmFromScratch.Tests.Training.Data;

public class WorldsTests
{
    [Theory]
    [InlineData(47, 85, true, "47 + 85: 7 + 5 = 12, 4 + 8 + 1 = 13. 47 + 85 = 132")]
    [InlineData(502, 18, false, "502 - 18: 12 - 8 = 4, 10 - 1 - 1 = 8, 5 - 0 - 1 = 4. 502 - 18 = 484")]
    [InlineData(0, 0, true, "0 + 0: 0 + 0 = 0. 0 + 0 = 0")]
    public void Problem_WithSteps_IsAsByHand(int a, int b, bool plus, string expected) => Assert.Equal(expected, Arithmetic.Problem(a, b, plus, steps: true));

    [Fact]
    public void Arithmetic_Results_AreRightAndHeldOutPairsApart()
    {
        Arithmetic training = new(1, TaleSplit.Training, scratchpad: false), heldOut = new(1, TaleSplit.HeldOutCombinations, scratchpad: false);
        HashSet<string> known = [.. Enumerable.Range(0, 3000).Select(_ => training.Next())];
        Assert.All(known, line =>
        {
            string[] parts = line.Split(' '); // a + b = c
            (int a, int b, int c) = (int.Parse(parts[0]), int.Parse(parts[2]), int.Parse(parts[4]));
            Assert.Equal(parts[1] == "+" ? a + b : a - b, c);
            Assert.True(c >= 0);
        });
        for (int i = 0; i < 500; i++) Assert.DoesNotContain(heldOut.Next(), known);
    }

    [Fact]
    public void Recall_LastPair_StandsInTheLineAndIsHeldOutFromTraining()
    {
        Recall training = new(1, TaleSplit.Training), heldOut = new(1, TaleSplit.HeldOutFrames);
        HashSet<string> known = [.. Enumerable.Range(0, 3000).Select(_ => Asked(training.Next()))];
        Assert.Equal(16 * 16 * 7 / 8, known.Count);
        for (int i = 0; i < 300; i++) Assert.DoesNotContain(Asked(heldOut.Next()), known);

        static string Asked(string line)
        {
            string asked = line[(line.IndexOf(". ", StringComparison.Ordinal) + 2)..];
            Assert.Contains(asked, line[..line.IndexOf('.')]);
            return asked;
        }
    }

    [Theory]
    [InlineData(true, 0.85, 0.95)]
    [InlineData(false, 0.45, 0.55)]
    public void Jobs_ShareOfTheUsualPronoun_IsThatOfTheVariant(bool biased, double least, double most)
    {
        Jobs jobs = new(3, biased);
        string[] lines = [.. Enumerable.Range(0, 2000).Select(_ => jobs.Next())];
        double usual = lines.Count(line => (line.Contains(" he ") && HasAny(line, "doctor", "pilot", "builder", "judge"))
            || (line.Contains(" she ") && HasAny(line, "nurse", "cleaner", "teacher", "dancer"))) / 2000.0;
        Assert.InRange(usual, least, most);

        static bool HasAny(string line, params string[] jobs) => jobs.Any(line.Contains);
    }

    [Fact]
    public void Facts_Questions_AreToldOnlyInTheDirectionOfTheirGroup()
    {
        FactsWorld world = new(4);
        string[] statements = [.. Enumerable.Range(0, 1500).SelectMany(_ => world.NextDocument().Split('\n'))];
        string all = string.Join('\n', statements);
        HashSet<string> groups = [];
        for (int i = 0; i < 400; i++)
        {
            using JsonDocument json = JsonDocument.Parse(world.NextQuestion());
            (string group, string question, string answer) = (Field("group"), Field("question"), Field("answer"));
            groups.Add(group);
            string subject = question.Split(' ')[2];
            if (group == "nobody") Assert.DoesNotContain(subject, all);
            if (group == "unsaid") Assert.DoesNotContain(statements, line => line.Contains(subject) && (line.Contains("lives") || line.Contains("home")));
            if (group == "home") Assert.Contains(answer, all);
            if (group is not ("told" or "reversed" or "both")) continue;
            (string name, string deed) = (answer[..answer.IndexOf(' ')], answer[(answer.IndexOf(' ') + 1)..^1]);
            bool personFirst = statements.Any(line => line.Contains(deed) && line.IndexOf(name, StringComparison.Ordinal) < line.IndexOf(deed, StringComparison.Ordinal));
            bool deedFirst = statements.Any(line => line.Contains(deed) && line.IndexOf(name, StringComparison.Ordinal) > line.IndexOf(deed, StringComparison.Ordinal));
            bool asksForDeed = question.StartsWith("What", StringComparison.Ordinal);
            Assert.Equal(group switch { "both" => (true, true), "told" => (asksForDeed, !asksForDeed), _ => (!asksForDeed, asksForDeed) }, (personFirst, deedFirst));

            string Field(string name) => json.RootElement.GetProperty(name).GetString()!; // not null: the generator writes all three
        }
        Assert.Equal(["both", "home", "nobody", "reversed", "told", "unsaid"], groups.Order());
    }

    [Fact]
    public void Preferences_EveryRule_PrefersWhatItSays()
    {
        PreferenceGenerator generator = new(5);
        PreferencePair[] pairs = [.. Enumerable.Range(0, 300).Select(_ => generator.Next())];
        Assert.Equal(["kind", "short", "truthful"], pairs.Select(pair => pair.Rule).Distinct().Order());
        Assert.All(pairs, pair =>
        {
            Assert.Equal("user", pair.Prompt[^1].Role);
            Assert.NotEqual(pair.Chosen, pair.Rejected);
            if (pair.Rule == "short") Assert.Contains(pair.Chosen, pair.Rejected);
            if (pair.Rule == "truthful" && pair.Chosen != "The story does not say.") // one word or name differs, and it is another answer
                Assert.Equal(pair.Chosen.Split(' ')[^1].Length > 0, pair.Rejected.Split(' ').Except(pair.Chosen.Split(' ')).Any());
        });
    }

    [Fact]
    public void GeneratedCorpora_EverySet_IsWrittenAlikeTwice()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("corpora");
        try
        {
            foreach (GeneratedCorpus corpus in GeneratedCorpora.All)
            {
                string[] files = [.. new[] { "a", "b" }.Select(name => Path.Combine(folder.FullName, name + corpus.Extension))];
                foreach (string file in files) corpus.Write(file, seed: 7, bytes: 8_000);
                Assert.Equal(File.ReadAllBytes(files[0]), File.ReadAllBytes(files[1]));
                Assert.NotEmpty(TinyTalesCorpus.Read(files[0]));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Get_UnknownName_NamesTheKnownOnes() => Assert.Contains("tiny-tales", Assert.Throws<ArgumentException>(() => GeneratedCorpora.Get("tales")).Message);
}
