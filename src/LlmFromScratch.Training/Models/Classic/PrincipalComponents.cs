namespace LlmFromScratch.Training.Models.Classic;

/// <summary>
/// The directions in which points differ most: eigenvectors of their covariance, by Jacobi's rotations (Pearson 1901; Jacobi 1846). A few of them keep most
/// of what many coordinates say.
/// </summary>
/// <param name="Mean">[d].</param>
/// <param name="Directions">[d][d]: unit vectors, the one of the largest variance first.</param>
/// <param name="Variances">[d]: along each direction.</param>
public sealed record PrincipalComponents(IReadOnlyList<double> Mean, IReadOnlyList<double[]> Directions, IReadOnlyList<double> Variances)
{
    /// <summary>Finds the directions.</summary>
    /// <param name="points">[n][d], at least one.</param>
    public static PrincipalComponents Fit(IReadOnlyList<double[]> points)
    {
        int size = points[0].Length;
        double[] mean = new double[size];
        double[,] covariance = new double[size, size], vectors = new double[size, size];
        foreach (double[] point in points)
            for (int i = 0; i < size; i++) mean[i] += point[i] / points.Count;
        foreach (double[] point in points)
            for (int i = 0; i < size; i++)
                for (int j = 0; j < size; j++) covariance[i, j] += (point[i] - mean[i]) * (point[j] - mean[j]) / points.Count;
        for (int i = 0; i < size; i++) vectors[i, i] = 1;
        Diagonalise(covariance, vectors);
        int[] order = [.. Enumerable.Range(0, size).OrderByDescending(i => covariance[i, i])];
        return new PrincipalComponents(mean, [.. order.Select(column => Enumerable.Range(0, size).Select(row => vectors[row, column]).ToArray())],
            [.. order.Select(i => covariance[i, i])]);
    }

    /// <summary>A point's places along the first directions.</summary>
    /// <param name="point">[d].</param>
    /// <param name="count">How many directions.</param>
    public double[] Project(ReadOnlySpan<double> point, int count)
    {
        double[] places = new double[count];
        for (int c = 0; c < count; c++)
            for (int i = 0; i < point.Length; i++) places[c] += (point[i] - Mean[i]) * Directions[c][i];
        return places;
    }

    /// <summary>The point that has these places along the first directions and the mean's along the others.</summary>
    public double[] Reconstruct(ReadOnlySpan<double> places)
    {
        double[] point = [.. Mean];
        for (int c = 0; c < places.Length; c++)
            for (int i = 0; i < point.Length; i++) point[i] += places[c] * Directions[c][i];
        return point;
    }

    // Turns pairs of axes until nothing stands beside the diagonal; the columns of vectors become the eigenvectors.
    private static void Diagonalise(double[,] matrix, double[,] vectors)
    {
        int size = matrix.GetLength(0);
        for (int round = 0; round < 100; round++)
        {
            double beside = 0, on = 0;
            for (int i = 0; i < size; i++)
                for (int j = 0; j < size; j++)
                    if (i == j) on += matrix[i, i] * matrix[i, i];
                    else beside += matrix[i, j] * matrix[i, j];
            if (beside <= 1e-30 * on) return;
            for (int p = 0; p < size; p++)
                for (int q = p + 1; q < size; q++)
                    if (matrix[p, q] != 0) Turn(matrix, vectors, p, q);
        }
    }

    // The angle makes entry (p, q) zero: tan 2θ = 2 a_pq / (a_qq - a_pp).
    private static void Turn(double[,] matrix, double[,] vectors, int p, int q)
    {
        int size = matrix.GetLength(0);
        double theta = (matrix[q, q] - matrix[p, p]) / (2 * matrix[p, q]);
        double tan = (theta >= 0 ? 1 : -1) / (Math.Abs(theta) + Math.Sqrt(theta * theta + 1)), cos = 1 / Math.Sqrt(tan * tan + 1), sin = tan * cos;
        for (int i = 0; i < size; i++) (matrix[i, p], matrix[i, q]) = (cos * matrix[i, p] - sin * matrix[i, q], sin * matrix[i, p] + cos * matrix[i, q]);
        for (int i = 0; i < size; i++) (matrix[p, i], matrix[q, i]) = (cos * matrix[p, i] - sin * matrix[q, i], sin * matrix[p, i] + cos * matrix[q, i]);
        for (int i = 0; i < size; i++) (vectors[i, p], vectors[i, q]) = (cos * vectors[i, p] - sin * vectors[i, q], sin * vectors[i, p] + cos * vectors[i, q]);
    }
}
