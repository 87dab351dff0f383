using LlmFromScratch.Tensors;

namespace LlmFromScratch.Training.Autograd.Reference;

/// <summary>Operations on rows: products with weights, biases, and moving rows and columns about.</summary>
internal static class ReferenceRows
{
    public static Variable Linear(ReferenceTape tape, Variable x, Variable weight)
    {
        Require.Linear(x, weight);
        int rows = x.Shape[0], inSize = x.Shape[1], outSize = weight.Shape[0];
        double[] xs = tape.ValuesOf(x), w = tape.ValuesOf(weight), y = new double[rows * outSize];
        for (int n = 0; n < rows; n++)
        for (int o = 0; o < outSize; o++)
        for (int i = 0; i < inSize; i++)
            y[n * outSize + o] += xs[n * inSize + i] * w[o * inSize + i];
        return tape.Record("linear", new Shape(rows, outSize), y, yGrad =>
        {
            double[] xGrad = tape.GradientOf(x), wGrad = tape.GradientOf(weight);
            for (int n = 0; n < rows; n++)
            for (int o = 0; o < outSize; o++)
            for (int i = 0; i < inSize; i++)
            {
                xGrad[n * inSize + i] += yGrad[n * outSize + o] * w[o * inSize + i];
                wGrad[o * inSize + i] += yGrad[n * outSize + o] * xs[n * inSize + i];
            }
        }, x, weight);
    }

    public static Variable AddRow(ReferenceTape tape, Variable x, Variable row)
    {
        Require.Matrix("AddRow", "x", x);
        Require.Sizes("AddRow", "the row", row, new Shape(x.Shape[1]));
        int size = x.Shape[1];
        double[] xs = tape.ValuesOf(x), values = tape.ValuesOf(row), y = new double[xs.Length];
        for (int i = 0; i < y.Length; i++) y[i] = xs[i] + values[i % size];
        return tape.Record("bias", x.Shape, y, yGrad =>
        {
            double[] xGrad = tape.GradientOf(x), rowGrad = tape.GradientOf(row);
            for (int i = 0; i < yGrad.Length; i++)
            {
                xGrad[i] += yGrad[i];
                rowGrad[i % size] += yGrad[i];
            }
        }, x, row);
    }

    public static Variable ScaleRows(ReferenceTape tape, Variable x, Variable factors)
    {
        Require.Matrix("ScaleRows", "x", x);
        Require.Sizes("ScaleRows", "the factors", factors, new Shape(x.Shape[0], 1));
        int size = x.Shape[1];
        double[] xs = tape.ValuesOf(x), f = tape.ValuesOf(factors), y = new double[xs.Length];
        for (int i = 0; i < y.Length; i++) y[i] = xs[i] * f[i / size];
        return tape.Record("scale rows", x.Shape, y, yGrad =>
        {
            double[] xGrad = tape.GradientOf(x), fGrad = tape.GradientOf(factors);
            for (int i = 0; i < yGrad.Length; i++)
            {
                xGrad[i] += yGrad[i] * f[i / size];
                fGrad[i / size] += yGrad[i] * xs[i];
            }
        }, x, factors);
    }

    public static Variable RowSums(ReferenceTape tape, Variable x)
    {
        Require.Matrix("RowSums", "x", x);
        int size = x.Shape[1];
        double[] xs = tape.ValuesOf(x), y = new double[x.Shape[0]];
        for (int i = 0; i < xs.Length; i++) y[i / size] += xs[i];
        return tape.Record("row sums", new Shape(y.Length, 1), y, yGrad =>
        {
            double[] xGrad = tape.GradientOf(x);
            for (int i = 0; i < xGrad.Length; i++) xGrad[i] += yGrad[i / size];
        }, x);
    }

    public static Variable Embedding(ReferenceTape tape, Variable table, ReadOnlyMemory<int> ids)
    {
        Require.Matrix("Embedding", "the table", table);
        Require.Indices("Embedding", ids.Span, table.Shape[0]);
        int size = table.Shape[1];
        return Gather(tape, "embedding", table, new Shape(ids.Length, size), i => ids.Span[i / size] * size + i % size);
    }

    public static Variable Elements(ReferenceTape tape, Variable x, ReadOnlyMemory<int> indices, Shape shape)
    {
        Require.That(indices.Length == shape.Count, $"Elements: {indices.Length} indices for a result of {shape}; expected one a value.");
        Require.Indices("Elements", indices.Span, (int)x.Shape.Count);
        return Gather(tape, "elements", x, shape, i => indices.Span[i]);
    }

    public static Variable Reshape(ReferenceTape tape, Variable x, Shape shape)
    {
        Require.That(x.Shape.Count == shape.Count, $"Reshape: x is {x.Shape}, the wanted shape {shape} holds another number of values.");
        return Gather(tape, "reshape", x, shape, i => i);
    }

    public static Variable Columns(ReferenceTape tape, Variable x, int first, int count)
    {
        Require.Columns(x, first, count);
        int size = x.Shape[1];
        return Gather(tape, "columns", x, new Shape(x.Shape[0], count), i => i / count * size + first + i % count);
    }

    public static Variable ScatterRows(ReferenceTape tape, Variable x, ReadOnlyMemory<int> ids, int rowCount)
    {
        Require.Matrix("ScatterRows", "x", x);
        Require.That(ids.Length == x.Shape[0], $"ScatterRows: x is {x.Shape}, got {ids.Length} ids; expected one a row.");
        Require.Indices("ScatterRows", ids.Span, rowCount);
        int size = x.Shape[1];
        double[] xs = tape.ValuesOf(x), y = new double[rowCount * size];
        for (int i = 0; i < xs.Length; i++) y[ids.Span[i / size] * size + i % size] += xs[i];
        return tape.Record("scatter", new Shape(rowCount, size), y, yGrad =>
        {
            double[] xGrad = tape.GradientOf(x);
            for (int i = 0; i < xGrad.Length; i++) xGrad[i] += yGrad[ids.Span[i / size] * size + i % size];
        }, x);
    }

    public static Variable JoinColumns(ReferenceTape tape, Variable a, Variable b)
    {
        Require.Matrix("JoinColumns", "a", a);
        Require.Matrix("JoinColumns", "b", b);
        Require.That(a.Shape[0] == b.Shape[0], $"JoinColumns: a is {a.Shape}, b is {b.Shape}; expected as many rows.");
        int left = a.Shape[1], width = left + b.Shape[1];
        return Join(tape, a, b, new Shape(a.Shape[0], width), i => i % width < left,
            i => i % width < left ? i / width * left + i % width : i / width * (width - left) + i % width - left);
    }

    public static Variable JoinRows(ReferenceTape tape, Variable a, Variable b)
    {
        Require.Matrix("JoinRows", "a", a);
        Require.Matrix("JoinRows", "b", b);
        Require.That(a.Shape[1] == b.Shape[1], $"JoinRows: a is {a.Shape}, b is {b.Shape}; expected rows of one length.");
        int count = (int)a.Shape.Count;
        return Join(tape, a, b, new Shape(a.Shape[0] + b.Shape[0], a.Shape[1]), i => i < count, i => i < count ? i : i - count);
    }

    // y[i] = x[place(i)]
    private static Variable Gather(ReferenceTape tape, string name, Variable x, Shape shape, Func<int, int> place)
    {
        double[] xs = tape.ValuesOf(x), y = new double[shape.Count];
        for (int i = 0; i < y.Length; i++) y[i] = xs[place(i)];
        return tape.Record(name, shape, y, yGrad =>
        {
            double[] xGrad = tape.GradientOf(x);
            for (int i = 0; i < yGrad.Length; i++) xGrad[place(i)] += yGrad[i];
        }, x);
    }

    // y[i] = a[place(i)] or b[place(i)]
    private static Variable Join(ReferenceTape tape, Variable a, Variable b, Shape shape, Func<int, bool> isLeft, Func<int, int> place)
    {
        double[] left = tape.ValuesOf(a), right = tape.ValuesOf(b), y = new double[shape.Count];
        for (int i = 0; i < y.Length; i++) y[i] = (isLeft(i) ? left : right)[place(i)];
        return tape.Record("join", shape, y, yGrad =>
        {
            double[] aGrad = tape.GradientOf(a), bGrad = tape.GradientOf(b);
            for (int i = 0; i < yGrad.Length; i++) (isLeft(i) ? aGrad : bGrad)[place(i)] += yGrad[i];
        }, a, b);
    }
}
