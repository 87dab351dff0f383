using LlmFromScratch.Numerics;
using LlmFromScratch.Tests.Training.Autograd;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Tests.Training;

/// <summary>What a decoder does while it learns only: dropout and the experts' capacity.</summary>
public class DecoderLearningTests
{
    private static readonly int[] Ids = [1, 10, 7, 7, 3, 0, 4, 11, 5, 2, 9, 8], Targets = [10, 7, 7, 3, 0, 4, 11, 5, 2, 9, 8, 1];

    [Theory, InlineData("llama"), InlineData("gpt2"), InlineData("moe")]
    public void Loss_WithDropout_HasTheGradientsOfTheReference(string kind)
    {
        DecoderModel model = Decoders.Random(kind, learning: new LearningSettings { Dropout = 0.3f, ExpertCapacity = 1 });
        Variable[] leaves = [.. model.Parameters.Where(weight => !weight.Name.EndsWith("attn_k.bias"))]; // its gradient is 0: a query's scores all move alike
        Gradients.CheckFast(tape => model.Loss(tape, Ids, Targets, 2, dropout: new SeededRandom(3)), leaves);
    }

    [Theory, InlineData("llama"), InlineData("moe")]
    public void Loss_WhileNotLearning_IsThatOfAModelWithoutSettings(string kind)
    {
        DecoderModel plain = Decoders.Random(kind), held = Decoders.Random(kind, learning: new LearningSettings { Dropout = 0.3f, ExpertCapacity = 0.5 });
        Assert.Equal(Loss(plain, null), Loss(held, null));
        Assert.Equal(Loss(plain, null), Loss(plain, new SeededRandom(3)));
        Assert.NotEqual(Loss(held, null), Loss(held, new SeededRandom(3)));
        Assert.NotEqual(Loss(held, new SeededRandom(4)), Loss(held, new SeededRandom(3)));
    }

    [Fact]
    public void Loss_ExpertsWithoutRoom_ChangeItWithoutDropout()
    {
        DecoderModel tight = Decoders.Random("moe", learning: new LearningSettings { ExpertCapacity = 0.3 }), roomy = Decoders.Random("moe", learning: new LearningSettings { ExpertCapacity = 4 });
        Assert.NotEqual(Loss(tight, null), Loss(tight, new SeededRandom(3)));
        Assert.Equal(Loss(roomy, null), Loss(roomy, new SeededRandom(3))); // each expert has room for all
    }

    [Theory, InlineData("llama", false), InlineData("moe", true)]
    public void CrossEntropy_Experts_DoesNotCountTheirBalance(string kind, bool isLess)
    {
        using Tape tape = new();
        float measured = Decoders.Random(kind).CrossEntropy(tape, Ids, Targets, 2).Data[0], learnt = Loss(Decoders.Random(kind), null);
        Assert.Equal(isLess, measured < learnt);
        Assert.InRange(learnt - measured, 0, 0.02); // 0.01 of a loss that is 1 where all experts are used alike
    }

    [Fact]
    public void Dropout_MeanOfManyForwards_IsNearTheLogitsWithoutIt()
    {
        DecoderModel model = new(Decoders.Config("llama"), seed: 5, new LearningSettings { Dropout = 0.1f }); // small weights: nearly linear
        SeededRandom random = new(3);
        double sum = 0;
        for (int i = 0; i < 300; i++) sum += Loss(model, random);
        Assert.InRange(sum / 300 / Loss(model, null), 0.99, 1.01); // 1/(1 - rate) keeps the mean
    }

    private static float Loss(DecoderModel model, SeededRandom? dropout)
    {
        using Tape tape = new();
        return model.Loss(tape, Ids, Targets, 2, dropout: dropout).Data[0];
    }
}
