using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Models.Classic;

namespace LlmFromScratch.Tests.Training.Models.Classic;

/// <summary>The small models of the first chapters learn what can be known exactly.</summary>
public class ClassicModelTests
{
    private static readonly double[][] Corners = [[0, 0], [0, 1], [1, 0], [1, 1]];

    [Theory]
    [InlineData(new[] { 0, 0, 0, 1 })] // and
    [InlineData(new[] { 0, 1, 1, 1 })] // or
    public void Perceptron_SeparableCorners_LearnsThemInFewMoves(int[] targets)
    {
        Perceptron perceptron = new(2);
        Assert.InRange(perceptron.Fit(Corners, targets, maxRounds: 100) ?? int.MaxValue, 1, 20);
        Assert.Equal(targets, Corners.Select(corner => perceptron.Predict(corner)));
    }

    [Fact]
    public void Perceptron_Xor_GivesUp() => Assert.Null(new Perceptron(2).Fit(Corners, [0, 1, 1, 0], maxRounds: 1000)); // no line separates it

    [Fact]
    public void MultiLayerPerceptron_Xor_LearnsIt()
    {
        MultiLayerPerceptron net = new([2, 4, 1], seed: 1);
        Assert.Equal(17, net.Parameters.Count); // 4 · (2 + 1) + 1 · (4 + 1)
        double error = 1;
        for (int step = 0; step < 400; step++) error = net.Step(Corners, [0, 1, 1, 0], 0.3);
        Assert.InRange(error, 0, 0.02);
    }

    [Fact]
    public void LinearRegression_PlantedLine_IsFoundExactlyAndByDescent()
    {
        SeededRandom random = new(1);
        double[][] samples = [.. Enumerable.Range(0, 30).Select(_ => new[] { random.NextGaussian(), random.NextGaussian() })];
        double[] targets = [.. samples.Select(x => 3 * x[0] - 2 * x[1] + 0.5)];
        foreach (LinearRegression line in new[] { LinearRegression.Solve(samples, targets), LinearRegression.Descend(samples, targets, 0.2, 400) })
        {
            Assert.Equal(3, line.Weights[0], 1e-9);
            Assert.Equal(-2, line.Weights[1], 1e-9);
            Assert.Equal(0.5, line.Bias, 1e-9);
            Assert.Equal(1.5, line.Predict([1, 1]), 1e-9);
        }
    }

    [Fact]
    public void LinearRegression_OneInputTwice_IsRefused() =>
        Assert.Throws<ArgumentException>(() => LinearRegression.Solve([[1, 1], [2, 2], [3, 3]], [1, 2, 3]));

    [Fact]
    public void LogisticRegression_CountedShares_GivesThem()
    {
        // At x = 0 one of four is a yes, at x = 1 three of four: σ(b) = 1/4, σ(w + b) = 3/4, so b = -log 3 and w = 2 log 3.
        double[][] samples = [[0], [0], [0], [0], [1], [1], [1], [1]];
        LogisticRegression model = new(1);
        double loss = model.Descend(samples, [1, 0, 0, 0, 1, 1, 1, 0], learningRate: 2, steps: 2000);
        Assert.Equal(2 * Math.Log(3), model.Weights[0], 1e-6);
        Assert.Equal(-Math.Log(3), model.Bias, 1e-6);
        Assert.Equal(-0.25 * Math.Log(0.25) - 0.75 * Math.Log(0.75), loss, 1e-9); // the entropy of what remains unknown
    }

    [Fact]
    public void KMeans_ThreeClouds_FindsThemAndInertiaNeverRises()
    {
        SeededRandom random = new(2);
        (double X, double Y)[] truth = [(0, 0), (10, 0), (0, 10)];
        double[][] points = [.. Enumerable.Range(0, 90).Select(n => new[] { truth[n / 30].X + random.NextGaussian(), truth[n / 30].Y + random.NextGaussian() })];
        KMeans found = KMeans.Fit(points, 3, seed: 3);
        Assert.Equal(3, Enumerable.Range(0, 3).Select(cloud => found.Assignments.Skip(30 * cloud).Take(30).Distinct().Single()).Distinct().Count());
        for (int i = 1; i < found.Inertias.Count; i++) Assert.True(found.Inertias[i] <= found.Inertias[i - 1]);
    }

    [Fact]
    public void PrincipalComponents_PointsOnAPlane_TwoDirectionsRebuildThem()
    {
        SeededRandom random = new(4);
        double[][] points = [.. Enumerable.Range(0, 40).Select(_ => (random.NextGaussian(), random.NextGaussian()))
            .Select(pair => new[] { 5 * pair.Item1 + 1, 3 * pair.Item1 - pair.Item2, 2 * pair.Item2 + 2, pair.Item1 + pair.Item2 })];
        PrincipalComponents found = PrincipalComponents.Fit(points);
        Assert.Equal(0, found.Variances[2], 1e-9);
        Assert.True(found.Variances[0] > found.Variances[1]);
        foreach (double[] point in points)
        {
            double[] rebuilt = found.Reconstruct(found.Project(point, 2));
            for (int i = 0; i < 4; i++) Assert.Equal(point[i], rebuilt[i], 1e-9);
        }
    }

    [Fact]
    public void PrincipalComponents_ByHand_FindsTheDiagonal()
    {
        PrincipalComponents found = PrincipalComponents.Fit([[1, 1], [-1, -1], [0.5, -0.5], [-0.5, 0.5]]);
        Assert.Equal([1, 0.25], found.Variances.Select(variance => Math.Round(variance, 12))); // (2 + 2) / 4 along (1, 1), (0.5 + 0.5) / 4 along (1, -1)
        Assert.Equal(Math.Abs(found.Directions[0][0]), Math.Abs(found.Directions[0][1]), 1e-12);
    }

    [Fact]
    public void Bandit_ThreeLevers_PullsTheBestMostly()
    {
        SeededRandom random = new(5);
        double[] chances = [0.2, 0.8, 0.5];
        EpsilonGreedyBandit bandit = new(3, exploration: 0.1, random);
        for (int pull = 0; pull < 5000; pull++)
        {
            int arm = bandit.Choose();
            bandit.Learn(arm, random.NextDouble() < chances[arm] ? 1 : 0);
        }
        Assert.InRange(bandit.Counts[1], 4500, 4900); // 1 - ε + ε/3 of the pulls
        Assert.Equal(0.8, bandit.Means[1], 0.03);
    }

    [Fact]
    public void QLearning_Corridor_LearnsTheDiscountedWay()
    {
        // Five rooms in a row; action 1 goes right, action 0 left; the fifth pays 1 and ends. Optimal: Q(s, right) = γ^(3 - s).
        const int rooms = 5;
        SeededRandom random = new(6);
        QLearning learner = new(rooms, 2, learningRate: 0.5, discount: 0.9);
        for (int episode = 0; episode < 300; episode++)
            for (int room = 0; room < rooms - 1;)
            {
                int action = learner.Choose(room, exploration: 0.3, random), next = Math.Max(0, room + (action == 1 ? 1 : -1));
                bool isEnd = next == rooms - 1;
                learner.Learn(room, action, isEnd ? 1 : 0, isEnd ? null : next);
                room = next;
            }
        for (int room = 0; room < rooms - 1; room++)
        {
            Assert.Equal(1, learner.Best(room));
            Assert.Equal(Math.Pow(0.9, 3 - room), learner[room, 1], 1e-3);
        }
    }
}
