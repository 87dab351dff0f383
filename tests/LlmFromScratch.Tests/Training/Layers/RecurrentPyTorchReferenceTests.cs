using System.Text.Json;
using LlmFromScratch.Tensors;
using LlmFromScratch.Tests.Training.Autograd;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Layers;

namespace LlmFromScratch.Tests.Training.Layers;

/// <summary>The recurrent cells against recurrent.json, in float32 and in double, and against central differences.</summary>
public class RecurrentPyTorchReferenceTests
{
    public static TheoryData<int, bool> AllCases() => ReferenceData.CasesOnBothPaths("recurrent", _ => true);

    [Theory, MemberData(nameof(AllCases))]
    public void Cell_ReferenceCase_MatchesEveryHiddenStateAndTheLastCell(int index, bool exact)
    {
        JsonElement data = ReferenceData.Case("recurrent", index), input = data.GetProperty("in"), expected = data.GetProperty("out");
        CellKind kind = data.GetProperty("cell").GetString() switch
        {
            "rnn_tanh" => CellKind.Rnn,
            "lstm" => CellKind.Lstm,
            "gru" => CellKind.Gru,
            string other => throw new NotSupportedException($"recurrent.json: cell is {other}; expected rnn_tanh, lstm or gru."),
            null => throw new InvalidDataException("recurrent.json: cell is missing."),
        };
        JsonElement x = input.GetProperty("x");
        int steps = x.Size(0), batch = x.Size(1), inputSize = x.Size(2), size = input.GetProperty("weight_hh").Size(1);
        using ReferencePath path = new(exact);
        ParameterSet parameters = new(seed: 0);
        RecurrentLayer layer = new(parameters, "cell", kind, inputSize, size);
        foreach (string name in new[] { "weight_ih", "weight_hh", "bias_ih", "bias_hh" }) path.Fill(parameters["cell." + name], input.GetProperty(name));

        (Variable outputs, RecurrentState state) = layer.Forward(path.Tape, path.Leaf(x, "x", steps * batch, inputSize), layer.ZeroState(batch));

        path.AssertClose("h", expected.GetProperty("h"), path.Values(outputs));
        if (state.Cell is not null) path.AssertClose("c_last", expected.GetProperty("c_last"), path.Values(state.Cell));
    }

    [Theory, InlineData(CellKind.Rnn), InlineData(CellKind.Lstm), InlineData(CellKind.Gru)]
    public void Cell_ThreeSteps_MatchesCentralDifferences(CellKind kind)
    {
        ParameterSet parameters = new(seed: 4);
        RecurrentLayer layer = new(parameters, "cell", kind, 3, 5);
        Variable x = Gradients.Random("x", new Shape(3 * 2, 3), 1);
        Gradients.Check(tape => layer.Forward(tape, x, layer.ZeroState(2)).Outputs, [x, .. parameters.All]);
    }
}
