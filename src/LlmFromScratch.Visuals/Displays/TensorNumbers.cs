using LlmFromScratch.Kernels.Reference;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Visuals.Displays;

/// <summary>The numbers of a tensor as far as they are shown: all of them, or evenly spaced rows of a large one, decoded where they are quantized.</summary>
internal sealed class TensorNumbers
{
    private const long Most = 1 << 22; // decoded in a fraction of a second

    private TensorNumbers(float[] values, int rows, int columns) => (Values, Rows, Columns) = (values, rows, columns);

    /// <summary>[Rows, Columns].</summary>
    public float[] Values { get; }

    /// <summary>Rows that were read, of all axes but the last.</summary>
    public int Rows { get; }

    /// <summary>Numbers a row.</summary>
    public int Columns { get; }

    /// <summary>The finite numbers' statistics, <c>std = √(Σ(x - mean)² / N)</c>; null when there is none.</summary>
    public (double Min, double Mean, double Max, double Std)? Statistics()
    {
        double[] finite = [.. Values.Where(float.IsFinite).Select(value => (double)value)];
        if (finite.Length == 0) return null;
        double mean = finite.Sum() / finite.Length;
        return (finite.Min(), mean, finite.Max(), Math.Sqrt(finite.Sum(value => (value - mean) * (value - mean)) / finite.Length));
    }

    /// <summary>How many numbers are NaN or infinite.</summary>
    public int NotFinite => Values.Count(value => !float.IsFinite(value));

    /// <summary>Reads a tensor in host memory that holds at least one number; null for any other.</summary>
    public static TensorNumbers? Read(Tensor tensor)
    {
        if (tensor.Storage is not HostStorage || tensor.Shape.Count == 0 || tensor.Shape.RowCount > int.MaxValue) return null;
        int allRows = (int)tensor.Shape.RowCount, columns = tensor.Shape.RowLength;
        int rows = (int)Math.Clamp(Most / columns, 1, allRows);
        if (tensor.DType == DType.I32) return new TensorNumbers(Array.ConvertAll(tensor.Ints[..(rows * columns)].ToArray(), value => (float)value), rows, columns);

        using var backend = new ReferenceBackend();
        using Tensor which = Tensor.Zeros(new Shape(rows), DType.I32), read = Tensor.Zeros(new Shape(rows, columns));
        for (int i = 0; i < rows; i++) which.Ints[i] = (int)((long)i * allRows / rows);
        backend.Embed(tensor.Reshape(allRows, columns), which, read);
        return new TensorNumbers(read.Floats.ToArray(), rows, columns);
    }
}
