using LlmFromScratch.Course;
using LlmFromScratch.Course.Checking;
using LlmFromScratch.Numerics;
using LlmFromScratch.Tensors;
using LlmFromScratch.Tests.Training.Autograd;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Layers;

namespace LlmFromScratch.Tests.Chapters.Ch05_BeforeAttention;

[Trait("Chapter", "05")]
public class CellTests
{
    private const int InputSize = 3, Size = 4, Steps = 20;

    [Fact]
    public void Rnn_ThreeTokensByHand_LeavesAnotherStateInAnotherOrder() // W = (2 0, 0 1), U = (0.5 0, -1 0.5): h = (tanh 2, 0), then (tanh(0.5 h), tanh(1 - h))
    {
        double fox = PortableMath.Tanh(2), ball = PortableMath.Tanh(1);
        Assert.Equal([PortableMath.Tanh(0.5 * fox), PortableMath.Tanh(1 - fox)], Last([1, 0, 0, 1]), Near);
        Assert.Equal([fox, PortableMath.Tanh(0.5 * ball)], Last([0, 1, 1, 0]), Near);
        static bool Near(double a, double b) => Math.Abs(a - b) < 1e-6;
        static double[] Last(float[] x)
        {
            (ParameterSet parameters, RecurrentLayer layer) = Layer(CellKind.Rnn, 2, 2);
            parameters["cell.weight_ih"].Fill([2, 0, 0, 1]);
            parameters["cell.weight_hh"].Fill([0.5f, 0, -1, 0.5f]);
            parameters["cell.bias_ih"].Data.Clear();
            parameters["cell.bias_hh"].Data.Clear();
            return [.. States(layer, x, 2).Outputs[^2..].Select(v => (double)v)];
        }
    }

    [Theory, InlineData(CellKind.Rnn), InlineData(CellKind.Lstm), InlineData(CellKind.Gru)]
    public void Gradient_ThroughTwentySteps_MatchesCentralDifferences(CellKind kind)
    {
        (ParameterSet parameters, RecurrentLayer layer) = Layer(kind, InputSize, Size);
        Variable x = new Variable("x", new Shape(Steps, InputSize)).Fill(Lab.RandomNormal(Steps * InputSize, 5));
        Gradients.Check(tape => layer.Forward(tape, x, layer.ZeroState(1)).State.Hidden, [x, .. parameters.All]); // the last state alone: all of it comes back through time
    }

    [Fact]
    public void Solutions_OfTheExercises_AreTheLibrarysCells()
    {
        float[] x = Lab.RandomNormal(Steps * InputSize, 6);
        (ParameterSet p, RecurrentLayer layer) = Layer(CellKind.Rnn, InputSize, Size);
        var read = (Func<float[], float[], float[], float[], float[]>)ExerciseCatalogue.Find("5.1").CreateSolution();
        float[] outputs = States(layer, x, InputSize).Outputs;
        AssertClose(outputs, read(x, Values(p, "weight_ih"), Values(p, "weight_hh"), Bias(p)));

        var back = (Func<float[], float[], float[], float[]>)ExerciseCatalogue.Find("5.2").CreateSolution();
        using Tape tape = new();
        float[] last = Lab.RandomNormal(Size, 7);
        tape.Backward(layer.Forward(tape, new Variable("x", new Shape(Steps, InputSize)).Fill(x), layer.ZeroState(1)).State.Hidden, last);
        AssertClose(p["cell.weight_hh"].Gradient.ToArray(), back([.. new float[Size], .. outputs], Values(p, "weight_hh"), last));

        (p, layer) = Layer(CellKind.Lstm, InputSize, Size);
        var step = (Func<float[], float[], float[], float[], float[], float[], (float[] H, float[] C)>)ExerciseCatalogue.Find("5.3").CreateSolution();
        (float[] h, float[] c) = (new float[Size], new float[Size]);
        foreach (float[] token in x.Chunk(InputSize)) (h, c) = step(token, h, c, Values(p, "weight_ih"), Values(p, "weight_hh"), Bias(p));
        (outputs, float[]? cell) = States(layer, x, InputSize);
        AssertClose(outputs[^Size..], h);
        AssertClose(cell!, c); // not null: an LSTM has a cell
    }

    [Theory, InlineData(1, 1), InlineData(32, 32), InlineData(100, 256)]
    public void Gru_OfAnySize_HasThreeQuartersOfTheLstmsWeights(int inputSize, int size)
    {
        long gru = Layer(CellKind.Gru, inputSize, size).Parameters.All.Sum(w => w.Shape.Count), lstm = Layer(CellKind.Lstm, inputSize, size).Parameters.All.Sum(w => w.Shape.Count);
        Assert.Equal(3 * lstm, 4 * gru);
        Assert.Equal(3 * (size * inputSize + size * size + 2 * size), gru);
    }

    internal static (ParameterSet Parameters, RecurrentLayer Layer) Layer(CellKind kind, int inputSize, int size)
    {
        ParameterSet parameters = new(seed: 4);
        return (parameters, new RecurrentLayer(parameters, "cell", kind, inputSize, size));
    }

    private static (float[] Outputs, float[]? Cell) States(RecurrentLayer layer, float[] x, int inputSize)
    {
        using Tape tape = new();
        (Variable outputs, RecurrentState state) = layer.Forward(tape, new Variable("x", new Shape(x.Length / inputSize, inputSize)).Fill(x), layer.ZeroState(1));
        return (outputs.Data.ToArray(), state.Cell?.Data.ToArray());
    }

    private static float[] Values(ParameterSet parameters, string name) => parameters["cell." + name].Data.ToArray();

    private static float[] Bias(ParameterSet parameters) => [.. Values(parameters, "bias_ih").Zip(Values(parameters, "bias_hh"), (a, b) => a + b)];

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-5f); // float32 over twenty steps
    }
}
