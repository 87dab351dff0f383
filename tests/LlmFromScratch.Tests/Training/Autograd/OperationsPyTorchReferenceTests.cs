using System.Text.Json;
using LlmFromScratch.Kernels;
using LlmFromScratch.Kernels.Cpu.Gradients;
using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Tests.Training.Autograd;

/// <summary>Operations and their gradients against attention.json, layers.json and probability.json.</summary>
public class OperationsPyTorchReferenceTests
{
    // The last case of attention.json, sinusoidal positions, waits for the models that have them; so does ALiBi.
    public static TheoryData<int> AttentionCases() => ReferenceData.Cases("attention", candidate => candidate.TryGetProperty("in", out _));

    // layers.json: RMSNorm, SiLU and SwiGLU; its ReLU, GELU, sigmoid, tanh and LayerNorm wait for the operations of GPT-2.
    public static TheoryData<int> LayerCases() =>
        ReferenceData.Cases("layers", candidate => candidate.GetProperty("out").TryGetProperty("rms_norm", out _));

    public static TheoryData<int> ProbabilityCases() =>
        ReferenceData.Cases("probability", candidate => candidate.GetProperty("out").TryGetProperty("cross_entropy_mean", out _));

    [Theory, MemberData(nameof(AttentionCases))]
    public void Attention_ReferenceCase_MatchesForwardAndGradients(int index)
    {
        JsonElement data = ReferenceData.Case("attention", index), input = data.GetProperty("in"), expected = data.GetProperty("out");
        int queries = input.GetProperty("q").Size(0), heads = input.GetProperty("q").Size(1), size = input.GetProperty("q").Size(2);
        int keys = input.GetProperty("k").Size(0), kvHeads = input.GetProperty("k").Size(1);
        Variable q = input.GetProperty("q").Leaf("q", queries, heads * size);
        Variable k = input.GetProperty("k").Leaf("k", keys, kvHeads * size), v = input.GetProperty("v").Leaf("v", keys, kvHeads * size);
        using Tape tape = new();
        Variable y = tape.Attention(q, k, v, new AttentionSettings(1, heads, kvHeads, input.GetProperty("causal").GetBoolean()));
        ReferenceData.AssertClose("y", expected.GetProperty("y"), y.Data);
        tape.Backward(y, input.GetProperty("dy").Floats());
        ReferenceData.AssertClose("dq", expected.GetProperty("dq"), q.Gradient);
        ReferenceData.AssertClose("dk", expected.GetProperty("dk"), k.Gradient);
        ReferenceData.AssertClose("dv", expected.GetProperty("dv"), v.Gradient);
    }

    [Theory, MemberData(nameof(AttentionCases))]
    public void Rope_ReferenceCase_MatchesBothPairings(int index)
    {
        JsonElement data = ReferenceData.Case("attention", index), expected = data.GetProperty("out");
        JsonElement query = data.GetProperty("in").GetProperty("q");
        int rows = query.Size(0), heads = query.Size(1), size = query.Size(2);
        Variable q = query.Leaf("q", rows, heads * size);
        using Tape tape = new();
        RopeSettings settings = new(size, rows, FirstPosition: 3);
        ReferenceData.AssertClose("interleaved", expected.GetProperty("rope_interleaved_q"), tape.Rope(q, settings).Data);
        ReferenceData.AssertClose("half", expected.GetProperty("rope_half_q"), tape.Rope(q, settings with { Pairing = RopePairing.Half }).Data);
    }

    [Theory, MemberData(nameof(LayerCases))]
    public void RmsNorm_ReferenceCase_MatchesForwardAndGradients(int index)
    {
        JsonElement data = ReferenceData.Case("layers", index), input = data.GetProperty("in");
        JsonElement expected = data.GetProperty("out").GetProperty("rms_norm");
        Variable x = input.GetProperty("x").Leaf("x"), weight = input.GetProperty("w").Leaf("w");
        using Tape tape = new();
        Variable y = tape.RmsNorm(x, weight, (float)expected.GetProperty("eps").GetDouble());
        ReferenceData.AssertClose("y", expected.GetProperty("y"), y.Data);
        tape.Backward(y, input.GetProperty("dy").Floats());
        ReferenceData.AssertClose("dx", expected.GetProperty("dx"), x.Gradient);
        ReferenceData.AssertClose("dw", expected.GetProperty("dw"), weight.Gradient);
    }

    [Theory, MemberData(nameof(LayerCases))]
    public void SwiGlu_ReferenceCase_MatchesForwardAndGradient(int index)
    {
        JsonElement data = ReferenceData.Case("layers", index), input = data.GetProperty("in"), expected = data.GetProperty("swiglu");
        Variable x = input.GetProperty("x").Leaf("x");
        using Tape tape = new();
        Variable gate = tape.Linear(x, expected.GetProperty("w_gate").Leaf("gate"));
        Variable up = tape.Linear(x, expected.GetProperty("w_up").Leaf("up"));
        Variable y = tape.Linear(tape.SiluMul(gate, up), expected.GetProperty("w_down").Leaf("down"));
        ReferenceData.AssertClose("y", expected.GetProperty("y"), y.Data);
        tape.Backward(y, input.GetProperty("dy").Floats());
        ReferenceData.AssertClose("dx", expected.GetProperty("dx"), x.Gradient);
    }

    [Theory, MemberData(nameof(LayerCases))]
    public void Silu_ReferenceCase_MatchesForwardAndGradient(int index)
    {
        JsonElement data = ReferenceData.Case("layers", index), input = data.GetProperty("in");
        JsonElement expected = data.GetProperty("out").GetProperty("silu");
        Variable x = input.GetProperty("x").Leaf("x"), ones = new("ones", x.Shape); // SiLU alone is the gate with an up of 1
        ones.Data.Fill(1);
        using Tape tape = new();
        Variable y = tape.SiluMul(x, ones);
        ReferenceData.AssertClose("y", expected.GetProperty("y"), y.Data);
        tape.Backward(y, input.GetProperty("dy").Floats());
        ReferenceData.AssertClose("dx", expected.GetProperty("dx"), x.Gradient);
    }

    [Theory, MemberData(nameof(ProbabilityCases))]
    public void CrossEntropy_ReferenceCase_MatchesLossAndGradient(int index)
    {
        JsonElement data = ReferenceData.Case("probability", index), input = data.GetProperty("in"), expected = data.GetProperty("out");
        Variable logits = input.GetProperty("logits").Leaf("logits");
        int[] targets = input.GetProperty("targets").Ints();
        float[] softmax = expected.GetProperty("softmax").Floats();
        using Tape tape = new();
        float loss = tape.Backward(tape.CrossEntropy(logits, targets));
        double mean = expected.GetProperty("cross_entropy_mean").GetDouble();
        Assert.InRange(loss, mean - 1e-5 * mean, mean + 1e-5 * mean);
        int rows = logits.Shape[0], size = logits.Shape[1];
        for (int n = 0; n < rows; n++)
        for (int i = 0; i < size; i++) // (softmax - onehot) / N
            Assert.Equal((softmax[n * size + i] - (i == targets[n] ? 1 : 0)) / rows, logits.Gradient[n * size + i], 1e-6f);
    }
}
