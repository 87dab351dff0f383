using System.Text.Json;
using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Tests.Training.Autograd;

/// <summary>Operations and their gradients against layers.json and probability.json, in float32 and in double.</summary>
public class OperationsPyTorchReferenceTests
{
    public static TheoryData<int, bool> LayerCases() => ReferenceData.CasesOnBothPaths("layers", _ => true);

    public static TheoryData<int, bool> ProbabilityCases() => ReferenceData.CasesOnBothPaths("probability", _ => true);

    [Theory, MemberData(nameof(LayerCases))]
    public void Activations_ReferenceCase_MatchValuesAndGradients(int index, bool exact)
    {
        (string Name, Activation Activation)[] activations = [("relu", Activation.Relu), ("gelu_erf", Activation.GeluErf), ("gelu_tanh", Activation.GeluTanh),
            ("silu", Activation.Silu), ("sigmoid", Activation.Sigmoid), ("tanh", Activation.Tanh)];
        foreach ((string name, Activation activation) in activations)
            Check(index, exact, name, (tape, x, _, _, _) => tape.Activate(x, activation));
    }

    [Theory, MemberData(nameof(LayerCases))]
    public void LayerNorm_ReferenceCase_MatchesValuesAndGradients(int index, bool exact) =>
        Check(index, exact, "layer_norm", (tape, x, weight, bias, epsilon) => tape.LayerNorm(x, weight, bias, epsilon));

    [Theory, MemberData(nameof(LayerCases))]
    public void RmsNorm_ReferenceCase_MatchesValuesAndGradients(int index, bool exact) =>
        Check(index, exact, "rms_norm", (tape, x, weight, _, epsilon) => tape.RmsNorm(x, weight, epsilon));

    [Theory, MemberData(nameof(LayerCases))]
    public void SwiGlu_ReferenceCase_MatchesValuesAndGradient(int index, bool exact)
    {
        JsonElement data = ReferenceData.Case("layers", index), input = data.GetProperty("in"), expected = data.GetProperty("swiglu");
        using ReferencePath path = new(exact);
        Variable x = path.Leaf(input.GetProperty("x"), "x");
        Variable gate = path.Tape.Linear(x, path.Leaf(expected.GetProperty("w_gate"), "gate"));
        Variable up = path.Tape.Linear(x, path.Leaf(expected.GetProperty("w_up"), "up"));
        Variable y = path.Tape.Linear(path.Tape.SiluMul(gate, up), path.Leaf(expected.GetProperty("w_down"), "down"));
        path.AssertClose("y", expected.GetProperty("y"), path.Values(y));
        path.Backward(y, input.GetProperty("dy"));
        path.AssertClose("dx", expected.GetProperty("dx"), path.Gradient(x));
    }

    [Theory, MemberData(nameof(ProbabilityCases))]
    public void Probability_ReferenceCase_MatchesEveryNumber(int index, bool exact)
    {
        JsonElement data = ReferenceData.Case("probability", index), input = data.GetProperty("in"), expected = data.GetProperty("out");
        using ReferencePath path = new(exact);
        Variable logits = path.Leaf(input.GetProperty("logits"), "logits"), q = path.Leaf(input.GetProperty("q"), "q");
        double[] logQ = [.. input.GetProperty("q").Doubles().Select(PortableMath.Log)];
        int[] targets = input.GetProperty("targets").Ints();
        path.AssertClose("softmax", expected.GetProperty("softmax"), path.Values(path.Tape.Softmax(logits)));
        path.AssertClose("log_softmax", expected.GetProperty("log_softmax"), path.Values(path.Tape.LogSoftmax(logits)));
        path.AssertClose("entropy", expected.GetProperty("entropy_nats"), path.Values(path.Tape.Entropy(logits)));
        path.AssertClose("kl", expected.GetProperty("kl_p_q_nats"), path.Values(path.Tape.KlDivergence(logits, Variable.Constant("log q", q.Shape, logQ))));
        Variable loss = path.Tape.CrossEntropy(logits, targets);
        path.AssertClose("cross_entropy", expected.GetProperty("cross_entropy_mean"), path.Values(loss));
        path.AssertClose("perplexity", expected.GetProperty("perplexity"), path.Values(path.Tape.Activate(loss, Activation.Exp)));
        path.AssertClose("log probability", [-expected.GetProperty("cross_entropy_mean").GetDouble()],
            path.Values(path.Tape.Mean(path.Tape.LogProbability(logits, targets))));
    }

    [Theory, MemberData(nameof(ProbabilityCases))]
    public void CrossEntropy_ReferenceCase_HasTheGradientOfSoftmaxMinusOneHot(int index, bool exact)
    {
        JsonElement data = ReferenceData.Case("probability", index), input = data.GetProperty("in");
        using ReferencePath path = new(exact);
        Variable logits = path.Leaf(input.GetProperty("logits"), "logits");
        int[] targets = input.GetProperty("targets").Ints();
        path.Tape.Backward(path.Tape.CrossEntropy(logits, targets), [1f]);
        int rows = logits.Shape[0], size = logits.Shape[1];
        double[] expected = data.GetProperty("out").GetProperty("softmax").Doubles();
        for (int n = 0; n < rows; n++)
        for (int i = 0; i < size; i++)
            expected[n * size + i] = (expected[n * size + i] - (i == targets[n] ? 1 : 0)) / rows;
        path.AssertClose("dlogits", expected, path.Gradient(logits));
    }

    // Whatever the file names: y, and the gradients dx, dw, db where they are.
    private static void Check(int index, bool exact, string name, Func<ITape, Variable, Variable, Variable, float, Variable> operation)
    {
        JsonElement data = ReferenceData.Case("layers", index), input = data.GetProperty("in"), expected = data.GetProperty("out").GetProperty(name);
        using ReferencePath path = new(exact);
        Variable x = path.Leaf(input.GetProperty("x"), "x"), weight = path.Leaf(input.GetProperty("w"), "w"), bias = path.Leaf(input.GetProperty("b"), "b");
        float epsilon = expected.TryGetProperty("eps", out JsonElement given) ? (float)given.GetDouble() : 0;
        Variable y = operation(path.Tape, x, weight, bias, epsilon);
        path.AssertClose($"{name} y", expected.GetProperty("y"), path.Values(y));
        path.Backward(y, input.GetProperty("dy"));
        foreach ((string gradient, Variable leaf) in new[] { ("dx", x), ("dw", weight), ("db", bias) })
            if (expected.TryGetProperty(gradient, out JsonElement values)) path.AssertClose($"{name} {gradient}", values, path.Gradient(leaf));
    }
}
