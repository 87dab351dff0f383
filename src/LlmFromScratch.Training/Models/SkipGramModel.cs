using LlmFromScratch.Numerics;
using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Layers;

namespace LlmFromScratch.Training.Models;

/// <summary>
/// word2vec's skip-gram with negative sampling: a word's vector learns to tell its neighbours from words drawn at random (Mikolov et al. 2013,
/// "Distributed representations of words and phrases", eq. 4). Words with the same neighbours get similar vectors.
/// </summary>
public sealed class SkipGramModel
{
    private readonly ParameterSet _parameters;
    private readonly Variable _words, _contexts; // [V, C]
    private readonly double[] _noise;            // [V]: cumulative probability, by count^0.75
    private double[] _signs = [];                // of the pairs of a pass

    /// <summary>Makes a model with small random word vectors.</summary>
    /// <param name="counts">How often each of V words occurs.</param>
    /// <param name="size">C.</param>
    /// <param name="seed">Of the vectors.</param>
    public SkipGramModel(IReadOnlyList<int> counts, int size, ulong seed)
    {
        _parameters = new ParameterSet(seed);
        _words = _parameters.Uniform("words", new Shape(counts.Count, size), 0.5 / Math.Sqrt(size));
        _contexts = _parameters.Uniform("contexts", new Shape(counts.Count, size), 0.5 / Math.Sqrt(size));
        _noise = new double[counts.Count];
        double sum = 0;
        for (int i = 0; i < counts.Count; i++) _noise[i] = sum += counts[i] == 0 ? 0 : PortableMath.Pow(counts[i], 0.75);
        for (int i = 0; i < counts.Count; i++) _noise[i] /= sum;
    }

    /// <summary>All weights.</summary>
    public IReadOnlyList<Variable> Parameters => _parameters.All;

    /// <summary>The words' vectors [V, C].</summary>
    public Variable Words => _words;

    /// <summary>Sets all gradients to zero.</summary>
    public void ZeroGradients() => _parameters.ZeroGradients();

    /// <summary>
    /// The mean over pairs of <c>-log σ(w · c) - Σ log σ(-w · n)</c> with w the word's vector, c its neighbour's and n those of random words.
    /// </summary>
    /// <param name="tape">Records.</param>
    /// <param name="words">[N].</param>
    /// <param name="neighbours">[N].</param>
    /// <param name="negativeCount">Random words a pair.</param>
    /// <param name="random">Draws them.</param>
    /// <returns>[1].</returns>
    public Variable Loss(ITape tape, ReadOnlySpan<int> words, ReadOnlySpan<int> neighbours, int negativeCount, SeededRandom random)
    {
        int group = 1 + negativeCount, rows = words.Length * group;
        Memory<int> left = tape.Indices(rows), right = tape.Indices(rows);
        if (_signs.Length < rows) _signs = new double[rows];
        for (int n = 0; n < rows; n++)
        {
            bool isNeighbour = n % group == 0;
            left.Span[n] = words[n / group];
            right.Span[n] = isNeighbour ? neighbours[n / group] : Draw(random);
            _signs[n] = isNeighbour ? 1 : -1;
        }
        Variable products = tape.RowSums(tape.Multiply(tape.Embedding(_words, left), tape.Embedding(_contexts, right))); // [rows, 1]
        Variable signed = tape.Multiply(products, tape.Constant(_signs.AsSpan(0, rows), new Shape(rows, 1)));
        return tape.Scale(tape.Sum(tape.Activate(signed, Activation.LogSigmoid)), -1.0 / words.Length);
    }

    /// <summary>The cosine of the angle between two words' vectors.</summary>
    public double Similarity(int word, int other)
    {
        int size = _words.Shape[1];
        ReadOnlySpan<float> a = _words.Data.Slice(word * size, size), b = _words.Data.Slice(other * size, size);
        double product = 0, aSquare = 0, bSquare = 0;
        for (int i = 0; i < size; i++)
        {
            product += (double)a[i] * b[i];
            aSquare += (double)a[i] * a[i];
            bSquare += (double)b[i] * b[i];
        }
        return product / Math.Sqrt(aSquare * bSquare);
    }

    private int Draw(SeededRandom random)
    {
        int place = Array.BinarySearch(_noise, random.NextDouble());
        return Math.Min(place < 0 ? ~place : place + 1, _noise.Length - 1);
    }
}
