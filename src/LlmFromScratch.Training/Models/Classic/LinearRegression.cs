namespace LlmFromScratch.Training.Models.Classic;

/// <summary>
/// The line <c>y = w · x + b</c> with the least sum of squared errors: exactly, by the normal equations <c>XᵀX w = Xᵀy</c>, and step by step, by gradient
/// descent (Legendre 1805; Gauss 1809).
/// </summary>
/// <param name="Weights">w.</param>
/// <param name="Bias">b.</param>
public sealed record LinearRegression(IReadOnlyList<double> Weights, double Bias)
{
    /// <summary><c>w · x + b</c>.</summary>
    public double Predict(ReadOnlySpan<double> x)
    {
        double sum = Bias;
        for (int i = 0; i < x.Length; i++) sum += Weights[i] * x[i];
        return sum;
    }

    /// <summary>Solves the normal equations.</summary>
    /// <param name="samples">[n][d], n at least d + 1.</param>
    /// <param name="targets">[n].</param>
    /// <exception cref="ArgumentException">The samples do not determine the weights: too few, or one input is a combination of others.</exception>
    public static LinearRegression Solve(IReadOnlyList<double[]> samples, IReadOnlyList<double> targets)
    {
        int size = samples[0].Length + 1; // the last input is 1: the bias
        double[,] matrix = new double[size, size + 1];
        for (int n = 0; n < samples.Count; n++)
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < size; j++) matrix[i, j] += At(samples[n], i) * At(samples[n], j);
            matrix[i, size] += At(samples[n], i) * targets[n];
        }
        double[] solution = Eliminate(matrix);
        return new LinearRegression(solution[..^1], solution[^1]);
    }

    /// <summary>Takes steps against the gradient of the mean squared error, <c>2/n · Σ (w · x + b - y) x</c>, from zero.</summary>
    /// <param name="samples">[n][d].</param>
    /// <param name="targets">[n].</param>
    /// <param name="learningRate">Length of a step; above <c>1/λ</c>, with λ the largest eigenvalue of XᵀX/n, the steps grow and never end.</param>
    /// <param name="steps">How many.</param>
    public static LinearRegression Descend(IReadOnlyList<double[]> samples, IReadOnlyList<double> targets, double learningRate, int steps)
    {
        double[] weights = new double[samples[0].Length + 1];
        for (int step = 0; step < steps; step++)
        {
            double[] gradient = new double[weights.Length];
            for (int n = 0; n < samples.Count; n++)
            {
                double error = -targets[n];
                for (int i = 0; i < weights.Length; i++) error += weights[i] * At(samples[n], i);
                for (int i = 0; i < weights.Length; i++) gradient[i] += 2 * error * At(samples[n], i) / samples.Count;
            }
            for (int i = 0; i < weights.Length; i++) weights[i] -= learningRate * gradient[i];
        }
        return new LinearRegression(weights[..^1], weights[^1]);
    }

    private static double At(double[] sample, int index) => index < sample.Length ? sample[index] : 1;

    // Gauss-Jordan elimination with the largest pivot of each column; the last column becomes the solution.
    private static double[] Eliminate(double[,] matrix)
    {
        int size = matrix.GetLength(0);
        for (int column = 0; column < size; column++)
        {
            int pivot = column;
            for (int row = column + 1; row < size; row++)
                if (Math.Abs(matrix[row, column]) > Math.Abs(matrix[pivot, column])) pivot = row;
            if (Math.Abs(matrix[pivot, column]) < 1e-12) throw new ArgumentException(
                "LinearRegression: the samples do not determine the weights; expected more samples, and no input that is a combination of others.");
            for (int j = column; j <= size; j++) (matrix[column, j], matrix[pivot, j]) = (matrix[pivot, j], matrix[column, j]);
            for (int row = 0; row < size; row++)
            {
                if (row == column) continue;
                double factor = matrix[row, column] / matrix[column, column];
                for (int j = column; j <= size; j++) matrix[row, j] -= factor * matrix[column, j];
            }
        }
        double[] solution = new double[size];
        for (int i = 0; i < size; i++) solution[i] = matrix[i, size] / matrix[i, i];
        return solution;
    }
}
