using System.Text.Json;
using System.Text.Json.Nodes;
using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Inference;
using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Data;
using LlmFromScratch.Training.Data.TinyTales;
using LlmFromScratch.Training.Evaluation;
using LlmFromScratch.Training.Interpretability;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Tests.Training.Models;

/// <summary>The committed LSTM, encoder and attention-only model are what their cards say. Their sha256 stands in EmbeddedModelTests.</summary>
public class SmallModelTests
{
    private static readonly string Folder = Path.Combine(TestData.SolutionFolder, "models");

    [Fact]
    public void Induction_BestHead_IsInTheSecondLayerAndLooksBack()
    {
        using LanguageModel model = LanguageModel.Load(Path.Combine(Folder, "tales-induction.gguf"));
        InductionReport report = InductionReport.Measure(model.Transformer, length: 50, textCount: 10, seed: 1); // as llmfs eval --repeats 10
        JsonElement entry = Entry("tales-induction");
        Assert.Equal(1, report.Layer);
        Assert.InRange(report.Score, 0.5, 1);
        Assert.Equal(entry.GetProperty("inductionScore").GetDouble(), report.Score, 0.0006);
        Assert.Equal(entry.GetProperty("firstTimeLoss").GetDouble(), report.FirstTimeLoss, 0.0006);
        Assert.Equal(entry.GetProperty("secondTimeLoss").GetDouble(), report.SecondTimeLoss, 0.0006);
        Assert.InRange(report.SecondTimeLoss, 0, report.FirstTimeLoss / 3);
    }

    [Fact]
    public void Induction_FeedForwardNetworks_AreZeros()
    {
        using GgufFile file = GgufFile.Open(Path.Combine(Folder, "tales-induction.gguf"));
        long zeros = 0, all = 0;
        foreach (GgufTensorInfo tensor in file.Tensors)
        {
            all += tensor.Shape.Count;
            if (!tensor.Name.Contains(".ffn_")) continue;
            zeros += tensor.Shape.Count;
            if (tensor.Shape.Rank == 2) Assert.DoesNotContain(file.GetBytes(tensor.Name).ToArray(), value => value != 0);
        }
        Assert.Equal(Entry("tales-induction").GetProperty("parameters").GetInt64(), all - zeros); // what learnt
    }

    [Fact]
    public void Induction_DuringTraining_HeadAndSecondTimeLossChangeTogether()
    {
        JsonNode[] evaluations = [.. File.ReadLines(Path.Combine(Folder, "tales-induction.evaluations.jsonl")).Select(line => JsonNode.Parse(line)!)]; // objects are not null
        double[] score = [.. evaluations.Select(line => (double)line["inductionScore"]!)], loss = [.. evaluations.Select(line => (double)line["secondTimeLoss"]!)]; // in every line
        Assert.InRange(score[0], 0, 0.1);
        Assert.InRange(score[^1], 0.5, 1);
        int risen = Array.FindIndex(score, value => value > score[^1] / 2), fallen = Array.FindIndex(loss, value => value < (loss[0] + loss[^1]) / 2);
        Assert.InRange(risen - fallen, -4, 4); // evaluations, of 20 steps each
    }

    [Fact]
    public void Lstm_TalesThatItDidNotRead_AreForetoldAsTheCardSays()
    {
        TrainedRecurrent lstm = TrainedRecurrent.Load(Path.Combine(Folder, "tales-lstm.gguf"));
        JsonElement entry = Entry("tales-lstm");
        Assert.Equal(entry.GetProperty("parameters").GetInt64(), lstm.Model.Parameters.Sum(weight => weight.Shape.Count));
        double nats = 0;
        int bytes = 0;
        int end = lstm.Tokenizer.SpecialTokens.EndOfSequence ?? -1;
        foreach (string tale in Tales(count: 12))
        {
            int[] ids = [end, .. lstm.Tokenizer.Encode(tale), end];
            nats -= lstm.LogProbability(ids[..Math.Min(ids.Length, lstm.ContextLength)]);
            bytes += ids.Skip(1).Take(lstm.ContextLength - 1).Sum(id => lstm.Tokenizer.GetBytes(id).Length);
        }
        double expected = entry.GetProperty("heldOutBitsPerByte").GetProperty("newTales").GetDouble();
        Assert.InRange(nats / Math.Log(2) / bytes, expected * 0.8, expected * 1.2); // twelve tales of the nine hundred
    }

    [Fact]
    public void Lstm_LoadedAndSaved_IsTheCommittedFile()
    {
        string path = Path.Combine(Folder, "tales-lstm.gguf"), again = Path.GetTempFileName();
        TrainedRecurrent.Load(path).Save(DType.F16, again);
        bool isSame = File.ReadAllBytes(path).AsSpan().SequenceEqual(File.ReadAllBytes(again));
        File.Delete(again);
        Assert.True(isSame);
    }

    [Fact]
    public void Encoder_MaskedTokensOfTalesThatItDidNotRead_AreGuessedAsTheCardSays()
    {
        TrainedEncoder encoder = TrainedEncoder.Load(Path.Combine(Folder, "tales-encoder.gguf"));
        JsonElement entry = Entry("tales-encoder");
        Assert.Equal(entry.GetProperty("parameters").GetInt64(), encoder.Model.MaskedParameters.Sum(weight => weight.Shape.Count));
        int[] ids = TokenCache.Tokenize(string.Join($"\n{TokenCache.Separator}\n", Tales(count: 12)), encoder.Tokenizer);
        using Tape tape = new();
        MaskedEvaluation result = MaskedEvaluation.Measure(tape, encoder, ids.Chunk(encoder.ContextLength), sequenceCount: 1);
        double expected = entry.GetProperty("maskedAccuracy").GetDouble();
        Assert.InRange(result.Accuracy, expected - 0.08, expected + 0.08); // some three hundred tokens: two standard deviations are 0.05
        Assert.InRange(result.Accuracy, 0.6, 1);
    }

    private static JsonElement Entry(string name)
    {
        using JsonDocument models = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "models.json")));
        return models.RootElement.EnumerateArray().Single(model => model.GetProperty("name").GetString() == name).Clone();
    }

    private static string[] Tales(int count)
    {
        TinyTalesGenerator tales = new(seed: 77);
        return [.. Enumerable.Range(0, count).Select(_ => tales.NextStory())];
    }
}
