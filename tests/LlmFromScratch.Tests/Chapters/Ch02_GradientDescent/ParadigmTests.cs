using LlmFromScratch.Notebooks.Model;
using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Data;
using LlmFromScratch.Training.Models.Classic;

namespace LlmFromScratch.Tests.Chapters.Ch02_GradientDescent;

[Trait("Chapter", "02")]
public class ParadigmTests
{
    [Fact]
    public void Regression_SolvedAndDescended_Agree()
    {
        double[][] x = [[-2], [-1], [0], [1], [2]];
        double[] y = [-2.9, -1.2, 1.1, 2.8, 5.2];
        LinearRegression solved = LinearRegression.Solve(x, y), walked = LinearRegression.Descend(x, y, 0.1, 500);
        Assert.Equal(solved.Weights[0], walked.Weights[0], 1e-9);
        Assert.Equal(solved.Bias, walked.Bias, 1e-9);
    }

    [Fact]
    public void Logistic_TwoBlobs_AreToldApart()
    {
        (double[][] points, int[] kinds) = Blobs();
        var neuron = new LogisticRegression(2);
        neuron.Descend(points, kinds, 0.5, 200);
        Assert.True(points.Zip(kinds).Count(pair => (neuron.Probability(pair.First) > 0.5 ? 1 : 0) == pair.Second) >= 190);
    }

    [Fact]
    public void KMeans_ItsInertia_NeverRises()
    {
        for (ulong seed = 1; seed <= 10; seed++)
        {
            IReadOnlyList<double> inertias = KMeans.Fit(Blobs().Points, 4, seed).Inertias;
            Assert.All(Enumerable.Range(1, inertias.Count - 1), i => Assert.True(inertias[i] <= inertias[i - 1] + 1e-9));
        }
    }

    [Fact]
    public void PrincipalComponents_OfAPlaneInSpace_KeepItExactly()
    {
        SeededRandom random = new(3);
        double[][] points = [.. Enumerable.Range(0, 50).Select(_ => (U: random.NextGaussian(), V: random.NextGaussian())).Select(p => new[] { p.U + p.V, p.U - 2 * p.V, 3 * p.V, 5.0 })];
        PrincipalComponents axes = PrincipalComponents.Fit(points);
        Assert.All(points, point => Assert.Equal(0, axes.Reconstruct(axes.Project(point, 2)).Zip(point, (a, b) => Math.Abs(a - b)).Max(), 1e-9)); // rank 2: two directions are enough
    }

    [Fact]
    public void AssociationRules_OfFiveBaskets_HaveTheSupportCountedByHand()
    {
        string[][] baskets = [["bread", "milk"], ["bread", "nappies", "beer"], ["milk", "nappies", "beer"], ["bread", "milk", "nappies", "beer"], ["bread", "milk", "nappies"]];
        double Support(params string[] goods) => baskets.Count(basket => goods.All(basket.Contains)) / 5.0;
        Assert.Equal(0.6, Support("nappies", "beer"), 1e-12);
        Assert.Equal(1, Support("nappies", "beer") / Support("beer"), 1e-12);
        Assert.Equal(0.75, Support("bread", "milk") / Support("bread"), 1e-12);
    }

    [Fact]
    public void Bandit_WhoTriesATenth_LosesLessThanOneWhoNeverTries()
    {
        Assert.True(Regret(0.1) < Regret(0) / 3);
        Assert.True(Regret(0.1) < Regret(1) / 3);
    }

    [Fact]
    public void QLearning_OnTheGrid_FindsTheWayAroundThePit()
    {
        var agent = new QLearning(16, 4, 0.5, 0.9);
        var dice = new SeededRandom(1);
        for (int episode = 0; episode < 400; episode++)
            for (int state = 0, step = 0; step < 50; step++)
            {
                int action = agent.Choose(state, 0.2, dice), next = Go(state, action);
                bool isDone = next is 15 or 5;
                agent.Learn(state, action, next == 15 ? 1 : next == 5 ? -1 : -0.02, isDone ? null : next);
                if (isDone) break;
                state = next;
            }
        int at = 0, steps = 0;
        for (; at != 15 && steps < 20; steps++)
        {
            at = Go(at, agent.Best(at));
            Assert.NotEqual(5, at);
        }
        Assert.Equal(6, steps); // the shortest way
    }

    [Fact]
    public void Labels_OfATrainingBatch_AreTheInputShiftedByOne()
    {
        TokenDataset dataset = new(Enumerable.Range(0, 1000).ToArray(), heldOutShare: 0.1);
        TokenBatch batch = new(2, 16);
        dataset.FillRandom(batch, new SeededRandom(1));
        for (int i = 0; i < 32; i++) Assert.Equal(batch.Inputs[i] + 1, batch.Targets[i]); // the ids count up, so the next token is the next number
    }

    [Fact]
    public void Timeline_OfTheChapter_NamesWhoCameBefore()
    {
        string text = string.Concat(NotebookFile.Load(Path.Combine(TestData.SolutionFolder, "notebooks", "02-gradient-descent.ipynb")).Cells.Select(cell => cell.Source));
        Assert.All(new[] { "McCulloch and Pitts", "1943", "SNARC, in 1951", "1957 and 1958" }, source => Assert.Contains(source, text));
    }

    private static (double[][] Points, int[] Kinds) Blobs()
    {
        SeededRandom random = new(5);
        return ([.. Enumerable.Range(0, 200).Select(i => new[] { random.NextGaussian() + (i % 2 == 0 ? 2 : -2), random.NextGaussian() + (i % 2 == 0 ? 1 : -1) })],
            [.. Enumerable.Range(0, 200).Select(i => 1 - i % 2)]);
    }

    private static double Regret(double exploration)
    {
        double[] pays = [.. Enumerable.Range(0, 10).Select(i => 0.1 + 0.07 * (i * 7 % 10))];
        var coins = new SeededRandom(3);
        var gambler = new EpsilonGreedyBandit(10, exploration, new SeededRandom(4));
        double lost = 0;
        for (int pull = 0; pull < 5000; pull++)
        {
            int arm = gambler.Choose();
            gambler.Learn(arm, coins.NextDouble() < pays[arm] ? 1 : 0);
            lost += pays.Max() - pays[arm];
        }
        return lost;
    }

    private static int Go(int state, int action)
    {
        (int row, int column) = (state / 4 + new[] { -1, 0, 1, 0 }[action], state % 4 + new[] { 0, 1, 0, -1 }[action]);
        return row is < 0 or > 3 || column is < 0 or > 3 ? state : row * 4 + column;
    }
}
