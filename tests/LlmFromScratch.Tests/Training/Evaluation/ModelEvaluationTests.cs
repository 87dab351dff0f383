using System.Text.Json;
using LlmFromScratch.Models;
using LlmFromScratch.Tensors;
using LlmFromScratch.Tests.Training.Alignment;
using LlmFromScratch.Training;
using LlmFromScratch.Training.Alignment;
using LlmFromScratch.Training.Data;
using LlmFromScratch.Training.Data.Dialogues;
using LlmFromScratch.Training.Data.TinyTales;
using LlmFromScratch.Training.Evaluation;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Tests.Training.Evaluation;

public sealed class ModelEvaluationTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Run_FreshChatModel_FillsEverySection()
    {
        string file = Path.Combine(_directory, "chat.gguf"), corpus = Path.Combine(_directory, "corpus.txt");
        GgufExport.Save(TinyChat.Model(), "chat", DType.F32, TinyChat.ChatMl.Write, file);
        File.WriteAllText(corpus, string.Concat(Enumerable.Repeat("the sky is blue. grass is green.\n<|endoftext|>\n", 40)));
        JsonElement world = JsonDocument.Parse("""{"questions":[{"kind":"what","question":"what colour is grass?","answer":"green.","key":"green"}]}""").RootElement;
        ChatExample[] talk = [new([new ChatMessage("user", "grass is green. what colour is grass?"), new ChatMessage("assistant", "green.")], world), new([new ChatMessage("user", "say a word")])]; // the second waits for its answer
        string conversations = TinyChat.SaveLines(_directory, "talk.jsonl", talk);
        Cli.CommandLine.Result result = Cli.CommandLine.Run("eval", "--model", file, "--corpus", corpus, "--held-out-share", "0.1", "--conversations", conversations,
            "--reference", file, "--tales", "1", "--samples", "2", "--prompt", "say a word", "--json");
        Assert.Equal(0, result.ExitCode);
        JsonElement report = JsonDocument.Parse(result.Output).RootElement;
        JsonElement heldOut = report.GetProperty("heldOut");
        double nats = Math.Log(TinyChat.Tokenizer.VocabSize); // nothing is learnt yet: every token is about as likely as any
        Assert.Equal(nats, Math.Log(heldOut.GetProperty("perplexity").GetDouble()), 0.1);
        Assert.Equal(nats / Math.Log(2) * heldOut.GetProperty("tokenCount").GetInt32() / heldOut.GetProperty("byteCount").GetInt64(), heldOut.GetProperty("bitsPerByte").GetDouble(), 0.2);
        Assert.InRange(heldOut.GetProperty("nGramBitsPerByte").GetDouble(), 0, 0.3); // the held-out documents are those of the training text
        Assert.Equal(1, report.GetProperty("answers").GetProperty("asked").GetInt32());
        Assert.Equal(0.5, report.GetProperty("reference").GetProperty("winRate").GetDouble()); // a model beside itself: all ties
        Assert.Equal(0, report.GetProperty("reference").GetProperty("natsPerToken").GetDouble(), 1e-9);
        Assert.Equal(AnswerRules.Names, report.GetProperty("reference").GetProperty("byRule").EnumerateArray().Select(rule => rule.GetProperty("rule").GetString()));
        Assert.All(report.GetProperty("reference").GetProperty("byRule").EnumerateArray(), rule => Assert.Equal((0, 0), (rule.GetProperty("onlyHere").GetInt32(), rule.GetProperty("onlyThere").GetInt32())));
        Assert.Equal(1, report.GetProperty("consistency").GetProperty("told").GetInt32());
        Assert.Equal(2, report.GetProperty("samples").GetArrayLength());
    }

    [Fact]
    public void Run_HeldOutText_IsForetoldInPlaceOfTheCorpusEnd()
    {
        string file = Path.Combine(_directory, "chat.gguf"), corpus = Path.Combine(_directory, "corpus.txt"), known = Path.Combine(_directory, "known.txt"), strange = Path.Combine(_directory, "strange.txt");
        GgufExport.Save(TinyChat.Model(), "chat", DType.F32, TinyChat.ChatMl.Write, file);
        File.WriteAllText(corpus, string.Concat(Enumerable.Repeat("the sky is blue. grass is green.\n<|endoftext|>\n", 40)));
        File.WriteAllText(known, "the sky is blue. grass is green.\n<|endoftext|>\n");
        File.WriteAllText(strange, "quick foxes jump over lazy dogs\n<|endoftext|>\n");
        (double ofKnown, double ofStrange) = (NGramBits(known), NGramBits(strange));
        Assert.InRange(ofKnown, 0, 0.5); // the 5-gram has read it forty times
        Assert.InRange(ofStrange, 3, 12); // and of this no word

        double NGramBits(string heldOut)
        {
            Cli.CommandLine.Result result = Cli.CommandLine.Run("eval", "--model", file, "--corpus", corpus, "--held-out", heldOut, "--samples", "0", "--json");
            Assert.Equal(0, result.ExitCode);
            JsonElement report = JsonDocument.Parse(result.Output).RootElement.GetProperty("heldOut");
            Assert.Equal(new FileInfo(heldOut).Length - "\n<|endoftext|>\n".Length, report.GetProperty("byteCount").GetInt64(), 2.0);
            return report.GetProperty("nGramBitsPerByte").GetDouble();
        }
    }

    /// <summary>What is foretold lies wholly in the part that training with the same share holds out, also where the corpus' end has more tokens a character than the rest.</summary>
    [Theory, InlineData(0.05), InlineData(0.1), InlineData(0.3)]
    public void Read_EndOfManyTokens_HoldsOutNothingThatTrainingReads(double share)
    {
        string corpus = Path.Combine(_directory, "corpus.txt");
        string text = string.Concat(Enumerable.Repeat("the sky is blue. grass is green.\n<|endoftext|>\n", 90)) + string.Concat(Enumerable.Repeat("XQ ZJ KV 7% XQ ZJ KV 7% XQ ZJ KV\n<|endoftext|>\n", 10));
        File.WriteAllText(corpus, text);
        TokenDataset learnt = new(TokenCache.Tokenize(text, TinyChat.Tokenizer), share);
        EvaluationCorpus read = EvaluationCorpus.Read(new EvaluationRequest { Model = "any.gguf", Corpus = corpus, HeldOutShare = share }, TinyChat.Tokenizer, CancellationToken.None)!;
        Assert.Equal(learnt.TrainCount + learnt.HeldOutCount, read.Text.Training.Length + read.Text.HeldOut.Length);
        int between = read.Text.Training.Length - learnt.TrainCount, longest = TinyChat.Tokenizer.Encode(read.HeldOutDocuments[^1]).Length + 1;
        Assert.InRange(between, 0, longest - 1); // the rest of a document whose beginning was learnt
        Assert.Equal(100, read.Documents.Count() + read.HeldOutDocuments.Count);
    }

    /// <summary>Talks: only the answers are foretold, what the user says is given, and samples are looked up in the answers.</summary>
    [Fact]
    public void Run_TalksAsCorpus_ForetellsTheAnswers()
    {
        string file = Path.Combine(_directory, "chat.gguf");
        GgufExport.Save(TinyChat.Model(), "chat", DType.F32, TinyChat.ChatMl.Write, file);
        ChatExample blue = new([new ChatMessage("user", "what colour is the sky?"), new ChatMessage("assistant", "the sky is blue.")]);
        ChatExample green = new([new ChatMessage("user", "what colour is grass?"), new ChatMessage("assistant", "grass is green.")]);
        string corpus = TinyChat.SaveLines(_directory, "talks.jsonl", [.. Enumerable.Repeat(blue, 30), green]), other = TinyChat.SaveLines(_directory, "other.jsonl", [blue, blue]);
        JsonElement atTheEnd = HeldOut(), known = HeldOut("--held-out", other);
        Assert.Equal("grass is green.".Length, atTheEnd.GetProperty("byteCount").GetInt64());
        Assert.Equal(TinyChat.ChatMl.EncodeAnswer("grass is green.").Length, atTheEnd.GetProperty("tokenCount").GetInt32());
        Assert.Equal(2 * "the sky is blue.".Length, known.GetProperty("byteCount").GetInt64());
        Assert.InRange(known.GetProperty("nGramBitsPerByte").GetDouble(), 0, 0.3); // the 5-gram has read it thirty times
        Assert.InRange(atTheEnd.GetProperty("nGramBitsPerByte").GetDouble(), 1, 12);
        Assert.Equal(Math.Log(TinyChat.Tokenizer.VocabSize), Math.Log(known.GetProperty("perplexity").GetDouble()), 0.1); // nothing is learnt yet
        string text = Path.Combine(_directory, "text.txt");
        File.WriteAllText(text, "the sky is blue.\n<|endoftext|>\n");
        Cli.CommandLine.Result mixed = Cli.CommandLine.Run("eval", "--model", file, "--corpus", corpus, "--held-out", text, "--samples", "0");
        Assert.Equal(2, mixed.ExitCode);
        Assert.Contains("expected talks (.jsonl)", mixed.Error);

        JsonElement HeldOut(params string[] more)
        {
            Cli.CommandLine.Result result = Cli.CommandLine.Run(["eval", "--model", file, "--corpus", corpus, "--samples", "1", "--prompt", "say a word", "--json", .. more]);
            Assert.True(result.ExitCode == 0, result.Error);
            JsonElement report = JsonDocument.Parse(result.Output).RootElement;
            Assert.InRange(report.GetProperty("samples")[0].GetProperty("overlap").GetDouble(), 0, 1);
            return report.GetProperty("heldOut");
        }
    }

    [Theory]
    [InlineData("--tales", "-5", "expected 0 or more, got -5")]
    [InlineData("--samples", "-1", "expected 0 or more, got -1")]
    [InlineData("--held-out-share", "2", "expected a number between 0 and 1, got 2")]
    public void Run_NumberOutOfItsRange_IsRefused(string option, string value, string expected)
    {
        Cli.CommandLine.Result result = Cli.CommandLine.Run("eval", "--model", "any.gguf", option, value);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains($"{option}: {expected}", result.Error);
    }

    [Fact]
    public void Run_HeldOutWithoutCorpus_IsRefused()
    {
        Cli.CommandLine.Result result = Cli.CommandLine.Run("eval", "--model", "any.gguf", "--held-out", "text.txt");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("--held-out needs --corpus", result.Error);
    }

    [Fact]
    public void Consistency_TrueAndBrokenTales_AreCounted()
    {
        string tale = new TinyTalesGenerator(3).NextStory();
        string[] told = [tale, "Once upon a time there was a girl", tale]; // the second breaks off
        ConsistencyEvaluation result = ConsistencyEvaluation.Measure(seed => told[(int)seed - 1], told.Length, firstSeed: 1, _ => { }, CancellationToken.None);
        Assert.Equal((3, 2), (result.Told, result.Consistent));
        Assert.NotEmpty(result.Problems);
    }

    [Fact]
    public void Report_Text_NamesEveryNumber()
    {
        EvaluationReport report = new()
        {
            Model = "m.gguf", Parameters = 1234, HeldOut = new HeldOutEvaluation(10, 40, 0.8, 3, 1), Answers = new AnswerEvaluation(4, 3, new Dictionary<string, double> { ["who"] = 0.75 }),
            Samples = [new SampleReport("Once.", 0.25, "Once upon.", 0.5)],
        };
        string text = report.ToString();
        foreach (string part in (string[])["1,234 parameters", "0.8000 bits/byte", "20.0 % below", "3 of 4 right, 75.0 %", "who: 75.0 %", "[25.0 %", "similarity 0.50: Once upon."])
            Assert.Contains(part, text);
    }

    [Fact]
    public void Index_SampleFromTheTrainingText_IsFound()
    {
        TrainingTextIndex index = new(["One day a fox found a red kite by the pond. He was glad.", "The bear slept in his cave all winter long and dreamt of honey."]);
        Assert.Equal(1, index.Overlap("one day a fox found a red kite"));
        Assert.Equal(0, index.Overlap("one day a bear found a red kite by the sea"));
        Assert.Equal(0.5, index.Overlap("The bear slept in his cave all winter then")); // two sequences, of which the first is known
        (string sentence, double similarity) = index.Nearest("A fox found a blue kite by the pond.");
        Assert.Equal("One day a fox found a red kite by the pond.", sentence);
        Assert.Equal(7.0 / 11, similarity, 1e-9); // a, fox, found, kite, by, the, pond in common of eight here and ten there
    }

    [Theory]
    [InlineData("Tell me about Tom.", "", "says something, is finished")]
    [InlineData("Tell me about Tom.", "Tom ran home and then he saw that Mia", "is finished")]
    [InlineData("Tell me about Tom.", "Tom ran all the way home. Tom ran all the way home!", "says nothing twice")]
    [InlineData("Tell me a story about a fox named Pearl.", "Tilly was a little fox.", "tells what was asked")]
    public void AnswerRules_Broken_AreNamed(string prompt, string answer, string broken) =>
        Assert.Equal(broken, string.Join(", ", AnswerRules.Names.Where((_, rule) => !AnswerRules.Kept(prompt, answer)[rule])));

    [Fact]
    public void RuleComparison_TwoAnswers_CountsWhoKeepsWhat()
    {
        RuleComparison[] counted = RuleComparison.Count([([true, true, false], [true, false, true]), ([true, true, true], [true, false, true])], ["a", "b", "c"]);
        Assert.Equal([new("a", 0, 0), new("b", 2, 0), new("c", 0, 1)], counted);
    }

    [Theory]
    [InlineData("Tell me about Tom.", "Tom ran home. He slept.", 6)]
    [InlineData("Tell me about Tom.", "Tom ran all the way home. Tom ran all the way home!", 5)] // says it twice
    [InlineData("Tell me about Tom.", "Munch, crunch! Munch, crunch! He was full.", 6)] // sounds may come again
    [InlineData("Tell me about Tom.", "Tom ran home and then he saw that Mia", 5)] // not finished
    [InlineData("Tell me a story about a fox named Pearl.", "Pearl was a little fox.", 6)]
    [InlineData("Tell me a story about a fox named Pearl.", "Tilly was a little fox.", 5)] // another name
    [InlineData("Do you know a tale about a fox who lost a kite?", "Pearl was a little hare.", 5)] // another kind
    [InlineData("Tell me about Tom.", "", 4)]
    public void AnswerRules_Answers_KeepSoMany(string prompt, string answer, int score) => Assert.Equal(score, AnswerRules.Score(prompt, answer));

    [Theory]
    [InlineData("Tom has it. Tom has it.", 1, false)] // an answer needs no refrain
    [InlineData("Tom has it. Tom has it.", 4, true)]
    [InlineData("Tom has it. Mia has it.", 1, true)]
    public void SaysNothingTwice_LeastWords_AreCounted(string answer, int leastWords, bool expected) => Assert.Equal(expected, AnswerRules.SaysNothingTwice(answer, leastWords));

    [Fact]
    public void AnswerRules_TalesOfTheGenerator_KeepAllThatAreNoMatterOfTaste()
    {
        LlmFromScratch.Numerics.SeededRandom random = new(1);
        foreach (TaleSplit split in Enum.GetValues<TaleSplit>())
        {
            TinyTalesGenerator tales = new(8, split);
            for (int i = 0; i < 300; i++)
            {
                TinyTale tale = tales.NextTale();
                string request = TaleTalk.Request(tale, random);
                int taste = AnswerRules.TurnsToTheListener(tale.Text) ? 1 : 0;
                Assert.True(AnswerRules.Score(request, tale.Text) - taste == 5, $"{split}: {request}\n{tale.Text}");
            }
        }
    }
}
