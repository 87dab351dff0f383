using LlmFromScratch.Numerics;

namespace LlmFromScratch.Training.Autograd.Reference;

/// <summary>Operations in which the values of a row depend on the whole row.</summary>
internal static class ReferenceNorms
{
    public static Variable RmsNorm(ReferenceTape tape, Variable x, Variable weight, float epsilon)
    {
        Require.Norm("RmsNorm", x, epsilon, weight);
        int rows = x.Shape[0], size = x.Shape[1];
        double[] xs = tape.ValuesOf(x), w = tape.ValuesOf(weight), y = new double[xs.Length], inverse = new double[rows];
        for (int n = 0; n < rows; n++)
        {
            double squares = 0;
            for (int i = 0; i < size; i++) squares += xs[n * size + i] * xs[n * size + i];
            inverse[n] = 1 / Math.Sqrt(squares / size + ReferenceTape.Exact(epsilon));
            for (int i = 0; i < size; i++) y[n * size + i] = xs[n * size + i] * inverse[n] * w[i];
        }
        return tape.Record("norm", x.Shape, y, yGrad =>
        {
            double[] xGrad = tape.GradientOf(x), wGrad = tape.GradientOf(weight);
            for (int n = 0; n < rows; n++)
            {
                double product = 0; // Σ yGrad · w · x
                for (int i = 0; i < size; i++) product += yGrad[n * size + i] * w[i] * xs[n * size + i];
                for (int i = 0; i < size; i++)
                {
                    xGrad[n * size + i] += inverse[n] * w[i] * yGrad[n * size + i] - xs[n * size + i] * inverse[n] * inverse[n] * inverse[n] / size * product;
                    wGrad[i] += yGrad[n * size + i] * xs[n * size + i] * inverse[n];
                }
            }
        }, x, weight);
    }

    public static Variable LayerNorm(ReferenceTape tape, Variable x, Variable weight, Variable bias, float epsilon)
    {
        Require.Norm("LayerNorm", x, epsilon, weight);
        Require.Sizes("LayerNorm", "the bias", bias, weight.Shape);
        int rows = x.Shape[0], size = x.Shape[1];
        double[] xs = tape.ValuesOf(x), w = tape.ValuesOf(weight), b = tape.ValuesOf(bias);
        double[] y = new double[xs.Length], normed = new double[xs.Length], inverse = new double[rows];
        for (int n = 0; n < rows; n++)
        {
            double mean = 0, variance = 0;
            for (int i = 0; i < size; i++) mean += xs[n * size + i] / size;
            for (int i = 0; i < size; i++) variance += (xs[n * size + i] - mean) * (xs[n * size + i] - mean) / size;
            inverse[n] = 1 / Math.Sqrt(variance + ReferenceTape.Exact(epsilon));
            for (int i = 0; i < size; i++)
            {
                normed[n * size + i] = (xs[n * size + i] - mean) * inverse[n];
                y[n * size + i] = normed[n * size + i] * w[i] + b[i];
            }
        }
        return tape.Record("norm", x.Shape, y, yGrad =>
        {
            double[] xGrad = tape.GradientOf(x), wGrad = tape.GradientOf(weight), bGrad = tape.GradientOf(bias);
            for (int n = 0; n < rows; n++)
            {
                double meanGrad = 0, meanProduct = 0;
                for (int i = 0; i < size; i++)
                {
                    double grad = yGrad[n * size + i] * w[i]; // of the normed value
                    meanGrad += grad / size;
                    meanProduct += grad * normed[n * size + i] / size;
                    wGrad[i] += yGrad[n * size + i] * normed[n * size + i];
                    bGrad[i] += yGrad[n * size + i];
                }
                for (int i = 0; i < size; i++)
                    xGrad[n * size + i] += inverse[n] * (yGrad[n * size + i] * w[i] - meanGrad - normed[n * size + i] * meanProduct);
            }
        }, x, bias, weight);
    }

    public static Variable Softmax(ReferenceTape tape, Variable x)
    {
        Require.Matrix("Softmax", "x", x);
        int rows = x.Shape[0], size = x.Shape[1];
        double[] y = (double[])tape.ValuesOf(x).Clone();
        for (int n = 0; n < rows; n++) SoftmaxInPlace(y.AsSpan(n * size, size));
        return tape.Record("softmax", x.Shape, y, yGrad =>
        {
            double[] xGrad = tape.GradientOf(x);
            for (int n = 0; n < rows; n++)
            {
                double mean = 0; // the mean gradient under the probabilities
                for (int i = 0; i < size; i++) mean += y[n * size + i] * yGrad[n * size + i];
                for (int i = 0; i < size; i++) xGrad[n * size + i] += y[n * size + i] * (yGrad[n * size + i] - mean);
            }
        }, x);
    }

    public static Variable LogSoftmax(ReferenceTape tape, Variable x)
    {
        Require.Matrix("LogSoftmax", "x", x);
        int rows = x.Shape[0], size = x.Shape[1];
        double[] xs = tape.ValuesOf(x), y = new double[xs.Length], probabilities = (double[])xs.Clone();
        for (int n = 0; n < rows; n++)
        {
            SoftmaxInPlace(probabilities.AsSpan(n * size, size));
            double max = double.NegativeInfinity, sum = 0; // not log(probability): that may be log 0
            for (int i = 0; i < size; i++) max = Math.Max(max, xs[n * size + i]);
            for (int i = 0; i < size; i++) sum += PortableMath.Exp(xs[n * size + i] - max);
            for (int i = 0; i < size; i++) y[n * size + i] = xs[n * size + i] - max - PortableMath.Log(sum);
        }
        return tape.Record("log softmax", x.Shape, y, yGrad =>
        {
            double[] xGrad = tape.GradientOf(x);
            for (int n = 0; n < rows; n++)
            {
                double sum = 0;
                for (int i = 0; i < size; i++) sum += yGrad[n * size + i];
                for (int i = 0; i < size; i++) xGrad[n * size + i] += yGrad[n * size + i] - probabilities[n * size + i] * sum;
            }
        }, x);
    }

    /// <summary><c>e^(x - max) / Σ e^(x - max)</c>.</summary>
    public static void SoftmaxInPlace(Span<double> row)
    {
        double max = double.NegativeInfinity, sum = 0;
        foreach (double value in row) max = Math.Max(max, value);
        foreach (ref double value in row)
        {
            value = PortableMath.Exp(value - max);
            sum += value;
        }
        foreach (ref double value in row) value /= sum;
    }
}
