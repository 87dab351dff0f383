using LlmFromScratch.Tensors;

namespace LlmFromScratch.Training.Quantization;

/// <summary>
/// GPTQ (Frantar et al. 2022): columns are rounded one after the other, and the error of each is made up for by those that are not rounded yet, as far as the
/// inputs of the calibration text go together. A row that this does not help keeps its nearest values, so the layer's error is never above theirs.
/// </summary>
public static class Gptq
{
    private const double Damping = 0.01; // of the mean diagonal, as the paper: inputs that never vary would make H singular

    /// <summary>Quantizes a linear layer.</summary>
    /// <param name="type">Q4_0 or Q4_1.</param>
    /// <param name="shape">[out, in].</param>
    /// <param name="weights">[out, in].</param>
    /// <param name="inputs">Statistics of the layer's inputs.</param>
    public static FourBitMatrix Quantize(DType type, Shape shape, ReadOnlySpan<float> weights, InputStatistics inputs)
    {
        int size = shape[1];
        if (inputs.Size != size) throw new ArgumentException($"Gptq: the weight is {shape}, the inputs have {inputs.Size} values; expected {size}.", nameof(inputs));
        double[] factor = InverseFactor(inputs);
        FourBitMatrix nearest = FourBitMatrix.RoundToNearest(type, shape, weights), corrected = new(type, shape);
        double[] row = new double[size];
        for (int r = 0; r < shape[0]; r++)
        {
            ReadOnlySpan<float> exact = weights.Slice(r * size, size);
            QuantizeRow(exact, corrected, r * size, factor, row);
            if (inputs.RowError(exact, corrected.Values.AsSpan(r * size, size)) > inputs.RowError(exact, nearest.Values.AsSpan(r * size, size)))
                corrected.CopyRow(nearest, r);
        }
        return corrected;
    }

    // Algorithm 1 of the paper for one row: err = (w_j - q_j) / U_jj; w_k -= err · U_jk for k > j.
    private static void QuantizeRow(ReadOnlySpan<float> exact, FourBitMatrix target, int start, double[] factor, double[] row)
    {
        int size = exact.Length;
        for (int i = 0; i < size; i++) row[i] = exact[i];
        FourBitGrid grid = default;
        Span<float> block = stackalloc float[FourBitGrid.BlockSize];
        for (int j = 0; j < size; j++)
        {
            if (j % FourBitGrid.BlockSize == 0)
            {
                for (int i = 0; i < block.Length; i++) block[i] = (float)row[j + i]; // the grid fits the weights as they have become
                grid = target.Begin(start + j, block);
            }
            double error = (row[j] - target.Set(start + j, grid, (float)row[j])) / factor[j * size + j];
            for (int k = j + 1; k < size; k++) row[k] -= error * factor[j * size + k];
        }
    }

    // U, the upper Cholesky factor of the inverse of H + damping: inverse = Uᵀ U.
    private static double[] InverseFactor(InputStatistics inputs)
    {
        int n = inputs.Size;
        double[] matrix = new double[n * n];
        double mean = 0;
        for (int i = 0; i < n; i++) mean += inputs.Products[i * n + i] / (double)n;
        for (int i = 0; i < matrix.Length; i++) matrix[i] = inputs.Products[i];
        for (int i = 0; i < n; i++) matrix[i * n + i] += Math.Max(Damping * mean, 1e-12);
        double[] lower = Cholesky(matrix, n), inverse = Inverse(lower, n), inverseLower = Cholesky(inverse, n), upper = new double[n * n];
        for (int i = 0; i < n; i++)
        for (int j = i; j < n; j++)
            upper[i * n + j] = inverseLower[j * n + i];
        return upper;
    }

    // L with L Lᵀ = a.
    private static double[] Cholesky(double[] a, int n)
    {
        double[] l = new double[n * n];
        for (int i = 0; i < n; i++)
        for (int j = 0; j <= i; j++)
        {
            double sum = a[i * n + j];
            for (int k = 0; k < j; k++) sum -= l[i * n + k] * l[j * n + k];
            l[i * n + j] = i == j ? Math.Sqrt(sum) : sum / l[j * n + j];
        }
        return l;
    }

    // (L Lᵀ)⁻¹ = L⁻ᵀ L⁻¹.
    private static double[] Inverse(double[] l, int n)
    {
        double[] lowerInverse = new double[n * n], inverse = new double[n * n]; // the first holds the transpose of L⁻¹: rows are read in a line
        for (int column = 0; column < n; column++)
        for (int row = column; row < n; row++)
        {
            double sum = row == column ? 1 : 0;
            for (int k = column; k < row; k++) sum -= l[row * n + k] * lowerInverse[column * n + k];
            lowerInverse[column * n + row] = sum / l[row * n + row];
        }
        for (int i = 0; i < n; i++)
        for (int j = 0; j <= i; j++)
        {
            double sum = 0;
            for (int k = i; k < n; k++) sum += lowerInverse[i * n + k] * lowerInverse[j * n + k];
            inverse[i * n + j] = inverse[j * n + i] = sum;
        }
        return inverse;
    }
}
