using System.Text.Json;
using LlmFromScratch.Models;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Tests.Training;

/// <summary>A whole GPT-2 forward and backward against tiny_models.json, in float32 and in double. The file holds query, key and value as one matrix.</summary>
public class TinyGptPyTorchReferenceTests
{
    public static TheoryData<int, bool> GptCases() =>
        ReferenceData.CasesOnBothPaths("tiny_models", candidate => candidate.GetProperty("kind").GetString() == "gpt");

    [Theory, MemberData(nameof(GptCases))]
    public void Gpt_ReferenceCase_MatchesLogitsLossAndEveryGradient(int index, bool exact)
    {
        JsonElement data = ReferenceData.Case("tiny_models", index), input = data.GetProperty("in"), expected = data.GetProperty("out");
        JsonElement parameters = input.GetProperty("params"), grads = expected.GetProperty("grads");
        DecoderModel model = new(Config(data.GetProperty("config"), tied: !parameters.TryGetProperty("head", out _)), seed: 0);
        using ReferencePath path = new(exact);
        foreach ((string name, Variable[] parts) in Groups(model))
        {
            double[] values = parameters.GetProperty(name).Doubles();
            Assert.Equal(values.Length, parts.Sum(part => part.Shape.Count));
            int start = 0;
            foreach (Variable part in parts)
            {
                path.Fill(part, values.AsSpan(start, (int)part.Shape.Count));
                start += (int)part.Shape.Count;
            }
        }

        Variable logits = model.Forward(path.Tape, input.GetProperty("ids").Ints(), input.GetProperty("ids").Size(0));
        path.AssertClose("logits", expected.GetProperty("logits"), path.Values(logits));
        Variable loss = path.Tape.CrossEntropy(logits, input.GetProperty("targets").Ints());
        path.AssertClose("loss", expected.GetProperty("loss"), path.Values(loss));
        path.Tape.Backward(loss, [1f]);

        (string Name, Variable[] Parts)[] groups = [.. Groups(model)];
        Assert.Equal(grads.EnumerateObject().Select(grad => grad.Name).Order(), groups.Select(group => group.Name).Order());
        foreach ((string name, Variable[] parts) in groups)
            path.AssertClose(name, grads.GetProperty(name), [.. parts.SelectMany(path.Gradient)]);
    }

    private static ModelConfig Config(JsonElement config, bool tied) => new()
    {
        Architecture = "gpt2",
        VocabSize = config.GetProperty("vocab").GetInt32(),
        ContextLength = config.GetProperty("context").GetInt32(),
        EmbeddingSize = config.GetProperty("dim").GetInt32(),
        LayerCount = config.GetProperty("layers").GetInt32(),
        HeadCount = config.GetProperty("heads").GetInt32(),
        KvHeadCount = config.GetProperty("kv_heads").GetInt32(),
        HeadSize = config.GetProperty("dim").GetInt32() / config.GetProperty("heads").GetInt32(),
        FeedForwardSize = config.GetProperty("ffn").GetInt32(),
        NormEpsilon = (float)config.GetProperty("eps").GetDouble(),
        NormKind = NormKind.Layer,
        Rope = null,
        FeedForwardKind = FeedForwardKind.Gelu,
        Biases = Biases.QueryKeyValue | Biases.AttentionOutput | Biases.FeedForward,
        TiedHead = tied,
    };

    // The model's weights by their names in the file, in the order of the file's rows.
    private static IEnumerable<(string Name, Variable[] Parts)> Groups(DecoderModel model) =>
        model.Parameters.GroupBy(parameter => ReferenceName(parameter.Name)).Select(group => (group.Key, group.ToArray()));

    // blk.0.attn_k.bias -> 0.qkv.b
    private static string ReferenceName(string name)
    {
        string[] parts = name.Split('.');
        if (parts.Length == 2 || parts[0] == "output_norm") return parts[0] switch
        {
            "token_embd" => "tok",
            "position_embd" => "pos",
            "output_norm" => "lnf." + parts[1][0],
            _ => "head",
        };
        string layer = parts[2] switch
        {
            "attn_norm" => "ln1",
            "attn_q" or "attn_k" or "attn_v" => "qkv",
            "attn_output" => "proj",
            "ffn_norm" => "ln2",
            "ffn_up" => "fc",
            string down => down == "ffn_down" ? "out" : throw new InvalidDataException($"{name} has no counterpart in tiny_models.json."),
        };
        return $"{parts[1]}.{layer}.{parts[3][0]}";
    }
}
