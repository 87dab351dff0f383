using LlmFromScratch.Training.Alignment;

namespace LlmFromScratch.Tests.Training.Alignment;

public class PolicyLossTests
{
    [Fact]
    public void Ppo_TokensBeyondTheClip_HaveNoGradient()
    {
        // r = 1.5, 1.5, 0.5, 0.5 with ε = 0.2: a good token that rose enough and a bad one that fell enough are left alone, the others are not.
        double up = Math.Log(1.5), down = Math.Log(0.5);
        double[] gradient = new double[4];
        double loss = PolicyLosses.Ppo([up, up, down, down], [0, 0, 0, 0], [1, -1, 1, -1], 0.2, gradient);
        Assert.Equal(-(1.2 - 1.5 + 0.5 - 0.8) / 4, loss, 1e-12); // min(1.5, 1.2) + min(-1.5, -1.2) + min(0.5, 0.8) + min(-0.5, -0.8)
        Assert.Equal([0, 1.5 / 4, -0.5 / 4, 0], gradient.Select(value => Math.Round(value, 12)));
    }

    [Fact]
    public void Dpo_PolicyIsTheReference_IsLogTwo()
    {
        double[] gradient = new double[1];
        Assert.Equal(Math.Log(2), PreferenceLosses.Dpo([new AnswerPair(-3, -5, -3, -5)], 0.1, gradient), 1e-12);
        Assert.Equal(-0.05, gradient[0], 1e-12); // -β σ(0)
    }

    [Fact]
    public void ChosenLikelihood_TwoPairs_IsTheMeanOfNatsAToken()
    {
        double[] gradient = new double[2];
        Assert.Equal(0.5 * (3.0 / 6 + 8.0 / 4) / 2, PreferenceLosses.ChosenLikelihood([new AnswerPair(-3, -5, -3, -5), new AnswerPair(-8, -5, 0, 0)], [6, 4], 0.5, gradient), 1e-12);
        Assert.Equal([-0.5 / 6 / 2, -0.5 / 4 / 2], gradient);
    }

    [Fact]
    public void Dpo_HugeMargins_StayFinite()
    {
        double[] gradient = new double[2];
        double loss = PreferenceLosses.Dpo([new AnswerPair(-1e5, 0, 0, 0), new AnswerPair(0, -1e5, 0, 0)], 1, gradient);
        Assert.Equal(5e4, loss, 1e-6); // 1e5 for the pair that is wrong, 0 for the other
        Assert.Equal([-0.5, 0], gradient);
    }

    [Fact]
    public void Gae_LambdaOne_IsTheDiscountedSumLessTheValue()
    {
        double[] advantages = new double[3]; // γ = 0.5: 1 + 0.5 · 2 + 0.25 · 4 = 3, less the value 10
        Advantages.Gae([1, 2, 4], [10, 20, 30, 0], 0.5, 1, advantages);
        Assert.Equal([-7, -16, -26], advantages); // 2 + 0.5 · 4 - 20; 4 - 30
    }

    [Fact]
    public void Group_Rewards_AreCentredAndScaled()
    {
        double[] advantages = new double[4]; // mean 2, deviation 1
        Advantages.Group([1, 3, 3, 1], advantages);
        Assert.Equal([-1, 1, 1, -1], advantages.Select(value => Math.Round(value, 6)));
        Advantages.Group([5, 5, 5, 5], advantages);
        Assert.Equal([0, 0, 0, 0], advantages); // nothing to learn from a group that agrees
    }
}
