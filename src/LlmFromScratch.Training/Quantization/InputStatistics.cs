namespace LlmFromScratch.Training.Quantization;

/// <summary>What calibration text showed of a linear layer's inputs x: how they vary together, and how large each is.</summary>
/// <param name="size">n: values of an input.</param>
public sealed class InputStatistics(int size)
{
    /// <summary>n.</summary>
    public int Size { get; } = size;

    /// <summary>Inputs seen.</summary>
    public int Count { get; private set; }

    /// <summary>[n, n]: <c>Σ x xᵀ</c>. The layer's squared error by a change e of a weight row is <c>e H eᵀ</c>.</summary>
    public float[] Products { get; } = new float[size * size];

    /// <summary>[n]: <c>Σ |x|</c>.</summary>
    public double[] Magnitudes { get; } = new double[size];

    /// <summary>Adds inputs.</summary>
    /// <param name="rows">[T, n].</param>
    /// <param name="multiply">Adds <c>rowsᵀ · rows</c> to the products; on whatever threads there are.</param>
    internal void Add(ReadOnlySpan<float> rows, Action multiply)
    {
        multiply();
        for (int i = 0; i < rows.Length; i++) Magnitudes[i % Size] += Math.Abs(rows[i]);
        Count += rows.Length / Size;
    }

    /// <summary><c>Σ over rows of (exact - changed) H (exact - changed)ᵀ / inputs</c>: the mean squared error of the layer's output on the calibration text.</summary>
    /// <param name="exact">[out, n].</param>
    /// <param name="changed">[out, n].</param>
    public double Error(ReadOnlySpan<float> exact, ReadOnlySpan<float> changed)
    {
        double sum = 0;
        for (int row = 0; row < exact.Length / Size; row++)
            sum += RowError(exact.Slice(row * Size, Size), changed.Slice(row * Size, Size));
        return sum / Math.Max(1, Count);
    }

    /// <summary><c>(exact - changed) H (exact - changed)ᵀ</c> of one row.</summary>
    internal double RowError(ReadOnlySpan<float> exact, ReadOnlySpan<float> changed)
    {
        double sum = 0;
        for (int i = 0; i < Size; i++)
        {
            double difference = exact[i] - changed[i], product = 0;
            if (difference == 0) continue;
            for (int j = 0; j < Size; j++) product += (double)Products[i * Size + j] * (exact[j] - changed[j]);
            sum += difference * product;
        }
        return sum;
    }
}
