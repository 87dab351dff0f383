using LlmFromScratch.Numerics;

namespace LlmFromScratch.Training.Models.Classic;

/// <summary>
/// k centres, each the mean of the points nearest to it: assign, move, again, until nothing changes (Lloyd 1982). The first centres are points far from
/// each other, drawn with probability by squared distance (Arthur and Vassilvitskii 2007, k-means++).
/// </summary>
/// <param name="Centres">[k][d].</param>
/// <param name="Assignments">[n]: each point's centre.</param>
/// <param name="Inertias">The sum of squared distances to the own centre after each round; it never rises.</param>
public sealed record KMeans(IReadOnlyList<double[]> Centres, IReadOnlyList<int> Assignments, IReadOnlyList<double> Inertias)
{
    /// <summary>Finds the centres.</summary>
    /// <param name="points">[n][d].</param>
    /// <param name="k">How many centres, 1 to n.</param>
    /// <param name="seed">Of the first centres.</param>
    public static KMeans Fit(IReadOnlyList<double[]> points, int k, ulong seed)
    {
        if (k < 1 || k > points.Count) throw new ArgumentOutOfRangeException(nameof(k), k, $"KMeans: expected 1 to {points.Count} centres, one a point at most.");
        double[][] centres = FirstCentres(points, k, new SeededRandom(seed));
        int[] assignments = new int[points.Count];
        List<double> inertias = [];
        for (bool moved = true; moved;)
        {
            double inertia = 0;
            moved = inertias.Count == 0;
            for (int n = 0; n < points.Count; n++)
            {
                int nearest = Nearest(centres, points[n], out double distance);
                moved |= nearest != assignments[n];
                assignments[n] = nearest;
                inertia += distance;
            }
            inertias.Add(inertia);
            Move(points, assignments, centres);
        }
        return new KMeans(centres, assignments, inertias);
    }

    private static double[][] FirstCentres(IReadOnlyList<double[]> points, int k, SeededRandom random)
    {
        List<double[]> centres = [points[random.NextInt(points.Count)]];
        while (centres.Count < k)
        {
            double[] distances = new double[points.Count];
            double sum = 0;
            for (int n = 0; n < points.Count; n++)
            {
                Nearest(centres, points[n], out distances[n]);
                sum += distances[n];
            }
            double place = random.NextDouble() * sum;
            int chosen = 0;
            while (chosen < points.Count - 1 && (place -= distances[chosen]) >= 0) chosen++;
            centres.Add(points[chosen]);
        }
        return [.. centres.Select(centre => (double[])centre.Clone())];
    }

    private static int Nearest(IReadOnlyList<double[]> centres, double[] point, out double distance)
    {
        int nearest = 0;
        distance = double.PositiveInfinity;
        for (int c = 0; c < centres.Count; c++)
        {
            double square = 0;
            for (int i = 0; i < point.Length; i++) square += (point[i] - centres[c][i]) * (point[i] - centres[c][i]);
            if (square < distance) (nearest, distance) = (c, square);
        }
        return nearest;
    }

    private static void Move(IReadOnlyList<double[]> points, int[] assignments, double[][] centres)
    {
        for (int c = 0; c < centres.Length; c++)
        {
            double[] sum = new double[centres[c].Length];
            int count = 0;
            for (int n = 0; n < points.Count; n++)
            {
                if (assignments[n] != c) continue;
                for (int i = 0; i < sum.Length; i++) sum[i] += points[n][i];
                count++;
            }
            if (count == 0) continue; // a centre without points stays
            for (int i = 0; i < sum.Length; i++) centres[c][i] = sum[i] / count;
        }
    }
}
