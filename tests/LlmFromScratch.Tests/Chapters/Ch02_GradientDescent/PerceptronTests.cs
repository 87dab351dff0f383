using LlmFromScratch.Training.Models.Classic;

namespace LlmFromScratch.Tests.Chapters.Ch02_GradientDescent;

[Trait("Chapter", "02")]
public class PerceptronTests
{
    private static readonly double[][] Corners = [[0, 0], [0, 1], [1, 0], [1, 1]];

    [Theory]
    [InlineData(0, 0, 0, 1)]
    [InlineData(0, 1, 1, 1)]
    [InlineData(1, 1, 1, 0)]
    [InlineData(0, 0, 1, 1)]
    public void Perceptron_WhereALineExists_FindsItInFewMoves(params int[] targets) => Assert.InRange(new Perceptron(2).Fit(Corners, targets, 1000) ?? int.MaxValue, 1, 20);

    [Fact]
    public void Xor_OneNeuron_NeverLearnsWhatASmallNetworkDoes()
    {
        Assert.Null(new Perceptron(2).Fit(Corners, [0, 1, 1, 0], 1000));
        var network = new MultiLayerPerceptron([2, 3, 1], seed: 1);
        double[] wanted = [-0.9, 0.9, 0.9, -0.9];
        for (int step = 0; step < 400; step++) network.Step(Corners, wanted, 0.3);
        for (int i = 0; i < 4; i++) Assert.Equal(wanted[i], network.Forward(Corners[i])[0].Data, 0.01);
    }

    [Fact]
    public void Xor_ARateTooLarge_BlowsTheNetworkUp()
    {
        double[] wanted = [-0.9, 0.9, 0.9, -0.9];
        var network = new MultiLayerPerceptron([2, 3, 1], seed: 1);
        for (int step = 0; step < 400; step++) network.Step(Corners, wanted, 1);
        Assert.True(double.IsNaN(network.Step(Corners, wanted, 1)));
    }

    [Fact]
    public void Correction_ByHand_MovesTheWeightsByTheInput()
    {
        var neuron = new Perceptron(2); // weights 0: the sum 0 is not above 0, so the answer is no
        Assert.True(neuron.Learn([2, -3], target: 1));
        Assert.Equal([2, -3], neuron.Weights.ToArray());
        Assert.Equal(1, neuron.Bias);
        Assert.False(neuron.Learn([2, -3], target: 1)); // 4 + 9 + 1 > 0: right now, and nothing moves
        Assert.Equal(1, neuron.Bias);
    }
}
