using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using LlmFromScratch.Training.Alignment;

namespace LlmFromScratch.Tests.Training.Alignment;

/// <summary>Every loss of alignment.json in double; β, clip, γ and λ come from the file's note, sizes from its tensors. Gradients against central differences.</summary>
public class AlignmentPyTorchReferenceTests
{
    private const double Tolerance = 1e-10; // of the expected value
    private const double Step = 1e-5, GradientTolerance = 1e-7; // of central differences: the error is about Step²

    public static TheoryData<int> AllCases() => ReferenceData.Cases("alignment", _ => true);

    [Theory, MemberData(nameof(AllCases))]
    public void Losses_ReferenceCase_MatchToTheLastDigits(int index)
    {
        double[] chosen = Input(index, "policy_chosen"), referenceChosen = Input(index, "ref_chosen");
        AssertClose(index, "dpo", PreferenceLosses.Dpo(Pairs(index), Option("beta"), new double[chosen.Length]));
        AssertClose(index, "ipo", PreferenceLosses.Ipo(Pairs(index), Option("beta"), new double[chosen.Length]));
        double[] won = Input(index, "reward_w");
        AssertClose(index, "bradley_terry", PreferenceLosses.BradleyTerry(won, Input(index, "reward_l"), new double[won.Length]));
        double[] logp = Input(index, "logp");
        AssertClose(index, "ppo", PolicyLosses.Ppo(logp, Input(index, "old_logp"), Input(index, "advantage"), Option("clip"), new double[logp.Length]));
        AssertClose(index, "kl_k3", PolicyLosses.Kl(chosen, referenceChosen, new double[chosen.Length]));
    }

    [Theory, MemberData(nameof(AllCases))]
    public void Gae_ReferenceCase_MatchesToTheLastDigits(int index)
    {
        double[] expected = Output(index, "gae").Doubles(), actual = new double[expected.Length];
        Advantages.Gae(Input(index, "rewards"), Input(index, "values"), Option("gamma"), Option("lambda"), actual);
        double largest = expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], Tolerance * largest);
    }

    [Theory, MemberData(nameof(AllCases))]
    public void Gradients_ReferenceCase_AreThoseOfCentralDifferences(int index)
    {
        double[] chosen = Input(index, "policy_chosen"), reference = Input(index, "ref_chosen"), logp = Input(index, "logp");
        double[] won = Input(index, "reward_w"), lost = Input(index, "reward_l"), old = Input(index, "old_logp"), advantage = Input(index, "advantage");
        double beta = Option("beta"), clip = Option("clip");
        AssertGradient(chosen, (x, gradient) => PreferenceLosses.Dpo(WithChosen(Pairs(index), x), beta, gradient));
        AssertGradient(chosen, (x, gradient) => PreferenceLosses.Ipo(WithChosen(Pairs(index), x), beta, gradient));
        AssertGradient(won, (x, gradient) => PreferenceLosses.BradleyTerry(x, lost, gradient));
        AssertGradient(logp, (x, gradient) => PolicyLosses.Ppo(x, old, advantage, clip, gradient));
        AssertGradient(chosen, (x, gradient) => PolicyLosses.Kl(x, reference, gradient));
        AssertGradient(logp, (x, gradient) => PolicyLosses.Value(x, old, gradient));
    }

    private static AnswerPair[] Pairs(int index)
    {
        double[] pc = Input(index, "policy_chosen"), pr = Input(index, "policy_rejected"), rc = Input(index, "ref_chosen"), rr = Input(index, "ref_rejected");
        return [.. pc.Select((value, i) => new AnswerPair(value, pr[i], rc[i], rr[i]))];
    }

    private static AnswerPair[] WithChosen(AnswerPair[] pairs, double[] chosen) => [.. pairs.Select((pair, i) => pair with { PolicyChosen = chosen[i] })];

    private static void AssertGradient(double[] x, Func<double[], double[], double> loss)
    {
        double[] gradient = new double[x.Length], unused = new double[x.Length];
        loss(x, gradient);
        for (int i = 0; i < x.Length; i++)
        {
            double[] above = [.. x], below = [.. x];
            above[i] += Step;
            below[i] -= Step;
            Assert.Equal((loss(above, unused) - loss(below, unused)) / (2 * Step), gradient[i], GradientTolerance * (1 + Math.Abs(gradient[i])));
        }
    }

    private static void AssertClose(int index, string name, double actual)
    {
        double expected = Output(index, name).GetDouble();
        Assert.Equal(expected, actual, Tolerance * Math.Abs(expected));
    }

    private static double[] Input(int index, string name) => ReferenceData.Case("alignment", index).GetProperty("in").GetProperty(name).Doubles();

    private static JsonElement Output(int index, string name) => ReferenceData.Case("alignment", index).GetProperty("out").GetProperty(name);

    private static double Option(string name)
    {
        string note = ReferenceData.Load("alignment").GetProperty("note").GetString() ?? "";
        Match match = Regex.Match(note, $@"\b{name} (\d*\.?\d+)");
        Assert.True(match.Success, $"the note says no {name}: {note}");
        return double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
    }
}
