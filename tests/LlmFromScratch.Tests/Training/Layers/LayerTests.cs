using LlmFromScratch.Models;
using LlmFromScratch.Tensors;
using LlmFromScratch.Tests.Training.Autograd;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Layers;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Tests.Training.Layers;

/// <summary>Layers and whole blocks against central differences and by property.</summary>
public class LayerTests
{
    [Fact]
    public void Moe_TwoOfFourExperts_MatchesCentralDifferences()
    {
        ParameterSet parameters = new(seed: 2);
        MoeLayer layer = new(parameters, "ffn_", new LayerSizes(5, 3, 0.7, 0.7), expertCount: 4, usedCount: 2, Activation.Silu);
        Variable x = Gradients.Random("x", new Shape(6, 5), 1);
        Gradients.Check(tape => layer.Forward(tape, x).Output, [x, .. parameters.All]);
        Gradients.Check(tape => layer.Forward(tape, x).BalanceLoss, x, parameters["ffn_gate_inp.weight"]);
    }

    [Fact]
    public void Moe_AllExpertsUsed_IsTheirMeanWeightedByTheSoftmax()
    {
        ParameterSet parameters = new(seed: 2);
        MoeLayer layer = new(parameters, "ffn_", new LayerSizes(4, 3, 0.7, 0.7), 2, 2, Activation.Silu);
        parameters["ffn_gate_inp.weight"].Data.Clear(); // both experts: weight 1/2
        Variable x = Gradients.Random("x", new Shape(3, 4), 1);
        using Tape tape = new();
        (Variable output, Variable balance) = layer.Forward(tape, x);
        Assert.Equal(1, balance.Data[0], 1e-6f);
        Variable[] alone = [.. Enumerable.Range(0, 2).Select(e => tape.Linear(
            tape.SiluMul(tape.Linear(x, parameters[$"ffn_gate.{e}.weight"]), tape.Linear(x, parameters[$"ffn_up.{e}.weight"])), parameters[$"ffn_down.{e}.weight"]))];
        for (int i = 0; i < 12; i++) Assert.Equal((alone[0].Data[i] + alone[1].Data[i]) / 2, output.Data[i], 1e-6f);
    }

    [Fact]
    public void Moe_CapacityOfOne_LetsTheOtherTokensPass()
    {
        ParameterSet parameters = new(seed: 2);
        MoeLayer layer = new(parameters, "ffn_", new LayerSizes(4, 3, 0.7, 0.7), 2, 1, Activation.Silu, capacityFactor: 0.5);
        parameters["ffn_gate_inp.weight"].Data.Clear(); // equal scores: all tokens choose expert 0
        Variable x = Gradients.Random("x", new Shape(4, 4), 1);
        using Tape tape = new();
        float[] output = layer.Forward(tape, x).Output.Data.ToArray();
        Assert.Contains(output[..4], value => value != 0); // ⌈0.5 · 4 · 1 / 2⌉ = 1 token
        Assert.All(output[4..], value => Assert.Equal(0, value));
    }

    public static TheoryData<string> Kinds() => ["llama", "gpt2", "moe", "gemma", "qwen"];

    [Theory, MemberData(nameof(Kinds))]
    public void Decoder_EachKind_FloatEqualsDouble(string kind)
    {
        DecoderModel model = Decoders.Random(kind);
        int[] ids = [1, 7, 3, 3, 9, 0, 4, 2, 8, 5], targets = [7, 3, 3, 9, 0, 4, 2, 8, 5, 1];
        // Softmax does not see what is added to the scores of all keys: the gradient of the keys' bias is 0 and its float form pure rounding.
        Gradients.CheckFast(tape => tape.Scale(model.Loss(tape, ids, targets, 2), 10), [.. model.Parameters.Where(parameter => !parameter.Name.EndsWith("attn_k.bias"))]);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Decoder_EachKind_HasAsManyParametersAsItsConfigSays(string kind) =>
        Assert.Equal(Decoders.Config(kind).ParameterCount, Decoders.Random(kind).Parameters.Sum(parameter => parameter.Shape.Count));
}
