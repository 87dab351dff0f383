using LlmFromScratch.Numerics;

namespace LlmFromScratch.Training.Data.Pipeline;

/// <summary>
/// Tells to which class a text belongs: multinomial logistic regression, <c>p(c) = softmax_c(w_c · x + b_c)</c>, over the text's hashed character n-grams x. Learned by
/// stochastic gradient descent on the cross-entropy with a small decay of the weights. Same examples, same seed, same classifier, on every machine.
/// The method of the language and quality filters of large corpora (fastText: Joulin et al. 2017), without the hidden layer.
/// </summary>
public sealed class TextClassifier
{
    private const int Epochs = 20;
    private const double LearningRate = 4, Decay = 1e-5;

    private readonly string[] _labels;
    private readonly double[][] _weights; // [classes][HashedGrams.Size]
    private readonly double[] _biases; // [classes]

    private TextClassifier(string[] labels) =>
        (_labels, _weights, _biases) = (labels, [.. labels.Select(_ => new double[HashedGrams.Size])], new double[labels.Length]);

    /// <summary>The classes, in ordinal order.</summary>
    public IReadOnlyList<string> Labels => _labels;

    /// <summary>Learns from examples.</summary>
    /// <param name="examples">Texts of at least two classes.</param>
    /// <param name="seed">Draws the order in which the examples are seen.</param>
    /// <exception cref="ArgumentException">There are not two classes.</exception>
    public static TextClassifier Train(IReadOnlyList<LabelledText> examples, ulong seed = 1)
    {
        string[] labels = [.. examples.Select(example => example.Label).Distinct().Order(StringComparer.Ordinal)];
        if (labels.Length < 2) throw new ArgumentException($"TextClassifier: expected examples of at least two classes, got {labels.Length}.", nameof(examples));
        TextClassifier classifier = new(labels);
        (int Target, (int, double)[] Grams)[] samples = [.. examples.Select(example => (Array.IndexOf(labels, example.Label), HashedGrams.Of(example.Text)))];
        SeededRandom random = new(seed);
        for (int epoch = 0; epoch < Epochs; epoch++)
        {
            random.Shuffle<(int, (int, double)[])>(samples);
            foreach ((int target, (int, double)[] grams) in samples) classifier.Step(target, grams, LearningRate * (1 - (double)epoch / Epochs));
        }
        return classifier;
    }

    /// <summary>The classes' probabilities for a text, in the order of <see cref="Labels"/>; they sum to 1.</summary>
    public double[] Probabilities(string text) => Probabilities(HashedGrams.Of(text));

    /// <summary>The most probable class and its probability.</summary>
    public (string Label, double Probability) Classify(string text)
    {
        double[] probabilities = Probabilities(text);
        int best = 0;
        for (int c = 1; c < probabilities.Length; c++)
            if (probabilities[c] > probabilities[best]) best = c;
        return (_labels[best], probabilities[best]);
    }

    /// <summary>The probability of one class.</summary>
    /// <exception cref="ArgumentException">There is no such class.</exception>
    public double Probability(string text, string label)
    {
        int c = Array.IndexOf(_labels, label);
        return c >= 0 ? Probabilities(text)[c] : throw new ArgumentException(
            $"TextClassifier: no class \"{label}\"; expected one of {string.Join(", ", _labels)}.", nameof(label));
    }

    /// <summary>How many examples have their own class as the most probable one.</summary>
    public int CountRight(IEnumerable<LabelledText> examples) => examples.Count(example => Classify(example.Text).Label == example.Label);

    private double[] Probabilities((int Index, double Value)[] grams)
    {
        double[] p = new double[_labels.Length];
        for (int c = 0; c < p.Length; c++)
        {
            double sum = _biases[c];
            foreach ((int index, double value) in grams) sum += _weights[c][index] * value;
            p[c] = sum;
        }
        double most = p.Max(), all = 0; // subtracted, so that Exp cannot overflow
        for (int c = 0; c < p.Length; c++) all += p[c] = PortableMath.Exp(p[c] - most);
        for (int c = 0; c < p.Length; c++) p[c] /= all;
        return p;
    }

    // The gradient of -ln p(target) by w_c is (p(c) - [c is the target]) x.
    private void Step(int target, (int Index, double Value)[] grams, double learningRate)
    {
        double[] p = Probabilities(grams);
        for (int c = 0; c < p.Length; c++)
        {
            double error = p[c] - (c == target ? 1 : 0);
            double[] weights = _weights[c];
            foreach ((int index, double value) in grams) weights[index] -= learningRate * (error * value + Decay * weights[index]);
            _biases[c] -= learningRate * 0.1 * error; // slower: a bias has a value of 1 in every sample
        }
    }
}
