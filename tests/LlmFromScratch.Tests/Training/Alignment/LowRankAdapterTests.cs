using LlmFromScratch.Numerics;
using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Alignment;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Configuration;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Tests.Training.Alignment;

public class LowRankAdapterTests
{
    private const float Tolerance = 1e-5f; // of logits near 1: one product or two

    private static readonly int[] Ids = [3, 80, 12, 255, 7, 7, 41, 298];

    [Fact]
    public void Merged_SmallMatrix_IsTheSumOfBoth()
    {
        Variable weight = new Variable("w", new Shape(2, 2)).Fill([1, 2, 3, 4]);
        LowRankAdapter adapter = new(weight, rank: 1, scale: 0.5f, new SeededRandom(1));
        adapter.Down.Fill([10, 20]);
        adapter.Up.Fill([1, 2]);
        Assert.Equal([1 + 5, 2 + 10, 3 + 10, 4 + 20], adapter.Merged()); // W + 0.5 · [1; 2] · [10, 20]
    }

    [Theory]
    [InlineData("F32")]
    [InlineData("Q8_0")]
    public void Merge_TrainedAdapters_GivesTheSameLogits(string baseType)
    {
        FineTunedModel tuned = new(new ParentModel(TinyChat.Model(), TinyChat.Tokenizer), new LoraConfig { Rank = 3, BaseType = baseType }, seed: 4);
        SeededRandom random = new(2);
        foreach (Variable parameter in tuned.Parameters)
            foreach (ref float value in parameter.Data) value = (float)(0.2 * random.NextGaussian());
        float[] unmerged = Logits(tuned.Model);
        tuned.Merge();
        float[] merged = Logits(tuned.Model);
        Assert.NotEqual(Logits(TinyChat.Model()), merged);
        for (int i = 0; i < merged.Length; i++) Assert.Equal(unmerged[i], merged[i], Tolerance * (1 + Math.Abs(merged[i])));
    }

    [Fact]
    public void FreshAdapters_OnExactWeights_ChangeNothing() =>
        Assert.Equal(Logits(TinyChat.Model()), Logits(new FineTunedModel(new ParentModel(TinyChat.Model(), TinyChat.Tokenizer), new LoraConfig { Rank = 2 }, 1).Model));

    [Fact]
    public void Backward_FrozenModel_GivesGradientsToAdaptersOnly()
    {
        FineTunedModel tuned = new(new ParentModel(TinyChat.Model(), TinyChat.Tokenizer), new LoraConfig { Rank = 2 }, 1);
        using Tape tape = new();
        tape.Backward(tuned.Model.Loss(tape, Ids, Ids, 1));
        Assert.All(tuned.Model.Parameters, weight => Assert.False(weight.RequiresGradient));
        Assert.Equal(2 * 7, tuned.Parameters.Count); // two for each matrix of the one block
        Assert.All(tuned.Parameters, parameter => Assert.Equal(parameter.Name.EndsWith("up", StringComparison.Ordinal),
            parameter.Gradient.ToArray().Any(value => value != 0))); // Up is zero, so nothing reaches Down yet
    }

    [Fact]
    public void QuantizedBase_FrozenMatrices_HaveTheValuesOfTheFile()
    {
        FineTunedModel tuned = new(new ParentModel(TinyChat.Model(), TinyChat.Tokenizer), new LoraConfig { Rank = 1, BaseType = "Q8_0" }, 1);
        Variable exact = TinyChat.Model()["blk.0.ffn_up.weight"], frozen = tuned.Model["blk.0.ffn_up.weight"];
        using Tensor stored = GgufExport.ToTensor(exact, DType.Q8_0);
        float[] expected = new float[exact.Data.Length];
        LlmFromScratch.Kernels.Quantization.RowCodec.Decode(DType.Q8_0, stored.Bytes, expected);
        Assert.Equal(expected, frozen.Data.ToArray());
        Assert.NotEqual(exact.Data.ToArray(), frozen.Data.ToArray());
    }

    private static float[] Logits(DecoderModel model)
    {
        using Tape tape = new();
        return model.Forward(tape, Ids, 1).Data.ToArray();
    }
}
