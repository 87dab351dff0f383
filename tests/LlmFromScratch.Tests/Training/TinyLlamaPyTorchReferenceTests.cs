using System.Text.Json;
using LlmFromScratch.Models;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Tests.Training;

/// <summary>A whole llama forward and backward against tiny_models.json, in float32 and in double.</summary>
public class TinyLlamaPyTorchReferenceTests
{
    public static TheoryData<int, bool> LlamaCases() =>
        ReferenceData.CasesOnBothPaths("tiny_models", candidate => candidate.GetProperty("kind").GetString() == "llama");

    [Theory, MemberData(nameof(LlamaCases))]
    public void Llama_ReferenceCase_MatchesLogitsLossAndEveryGradient(int index, bool exact)
    {
        JsonElement data = ReferenceData.Case("tiny_models", index), input = data.GetProperty("in"), expected = data.GetProperty("out");
        JsonElement parameters = input.GetProperty("params"), grads = expected.GetProperty("grads");
        DecoderModel model = new(Config(data.GetProperty("config"), tied: !parameters.TryGetProperty("head", out _)), seed: 0);
        using ReferencePath path = new(exact);
        foreach (Variable parameter in model.Parameters) path.Fill(parameter, parameters.GetProperty(ReferenceName(parameter.Name)));
        int sequences = input.GetProperty("ids").Size(0);

        Variable logits = model.Forward(path.Tape, input.GetProperty("ids").Ints(), sequences);
        path.AssertClose("logits", expected.GetProperty("logits"), path.Values(logits));
        Variable loss = path.Tape.CrossEntropy(logits, input.GetProperty("targets").Ints());
        path.AssertClose("loss", expected.GetProperty("loss"), path.Values(loss));
        path.Tape.Backward(loss, [1f]);

        Assert.Equal(grads.EnumerateObject().Count(), model.Parameters.Count);
        foreach (Variable parameter in model.Parameters)
            path.AssertClose(parameter.Name, grads.GetProperty(ReferenceName(parameter.Name)), path.Gradient(parameter));
    }

    private static ModelConfig Config(JsonElement config, bool tied) => new()
    {
        Architecture = "llama",
        VocabSize = config.GetProperty("vocab").GetInt32(),
        ContextLength = config.GetProperty("context").GetInt32(),
        EmbeddingSize = config.GetProperty("dim").GetInt32(),
        LayerCount = config.GetProperty("layers").GetInt32(),
        HeadCount = config.GetProperty("heads").GetInt32(),
        KvHeadCount = config.GetProperty("kv_heads").GetInt32(),
        HeadSize = config.GetProperty("dim").GetInt32() / config.GetProperty("heads").GetInt32(),
        FeedForwardSize = config.GetProperty("ffn").GetInt32(),
        NormEpsilon = (float)config.GetProperty("eps").GetDouble(),
        TiedHead = tied,
    };

    // blk.0.attn_q.weight -> 0.q
    private static string ReferenceName(string name)
    {
        string[] parts = name.Split('.');
        return parts[0] switch
        {
            "token_embd" => "tok",
            "output_norm" => "rmsf",
            "output" => "head",
            _ => parts[1] + "." + parts[2] switch
            {
                "attn_norm" => "rms1",
                "attn_output" => "o",
                "ffn_norm" => "rms2",
                string matrix => matrix[(matrix.IndexOf('_') + 1)..],
            },
        };
    }
}
