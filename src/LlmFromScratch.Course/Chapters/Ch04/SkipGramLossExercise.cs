using LlmFromScratch.Course.Checking;
using LlmFromScratch.Numerics;
using LlmFromScratch.Sampling;
using Loss = System.Func<float[], float[], float[][], double>; // a word's vector [C], its neighbour's [C], those of random words [K][C]: nats

namespace LlmFromScratch.Course.Chapters.Ch04;

/// <summary>Exercise 4.3: word2vec's loss of one pair: the neighbour should score high, random words low.</summary>
internal sealed class SkipGramLossExercise : Exercise<Loss>
{
    /// <inheritdoc/>
    public override string Id => "4.3";

    /// <inheritdoc/>
    public override string Title => "The loss of one pair of neighbours";

    /// <inheritdoc/>
    protected override Loss Solution => (word, neighbour, random) => -LogSigmoid(Dot(word, neighbour)) - random.Sum(other => LogSigmoid(-Dot(word, other)));

    /// <inheritdoc/>
    protected override Loss Stub => (_, _, _) => throw new NotImplementedException("exercise 4.3");

    /// <inheritdoc/>
    protected override IEnumerable<ExerciseCase<Loss>> CreateCases() =>
    [
        Ask("nothing learnt yet", [0, 0], [0, 0], [0, 0]),
        Ask("no random words", [1, 2], [0.5f, 1]),
        Ask("a good neighbour, a bad random word", [1, 2], [2, 1], [-1, -1]),
        Ask("a bad neighbour, a near random word", [1, -1], [-2, 1], [2, -1]),
        Ask("three random words", [0.5f, -0.3f, 1], [1, 0, 0.2f], [0.1f, 0.4f, -1], [1, 1, 1], [-0.7f, 0.2f, 0.3f]),
        Ask("a random word twice", [1, 1], [0.5f, 0], [0.3f, 0.4f], [0.3f, 0.4f]),
        Ask("a score of 800", [20, 20], [20, 20], [-20, -20]),
        Ask("a score of -800", [20, 20], [-20, -20], [20, 20]),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Mistake> Mistakes { get; } =
    [
        Mistake("random words pulled too", "random words are pulled nearer like neighbours. Their score should be low: log σ(-w · n), with a minus.",
            (w, c, random) => -LogSigmoid(Dot(w, c)) - random.Sum(n => LogSigmoid(Dot(w, n)))),
        Mistake("neighbour pushed away", "the signs have changed places: the neighbour is pushed away and the random words are pulled.",
            (w, c, random) => -LogSigmoid(-Dot(w, c)) - random.Sum(n => LogSigmoid(Dot(w, n)))),
        Mistake("sign of the loss", "the result is the log-likelihood, which is negative. A loss is its negative: the smaller, the better.",
            (w, c, random) => LogSigmoid(Dot(w, c)) + random.Sum(n => LogSigmoid(-Dot(w, n)))),
        Mistake("random words subtracted", "the two parts have opposite signs, so a random word that scores high makes the loss smaller. Both logarithms are taken with a minus.",
            (w, c, random) => -LogSigmoid(Dot(w, c)) + random.Sum(n => LogSigmoid(-Dot(w, n)))),
        Mistake("mean over the random words", "the random words are averaged. Each of them counts fully: sum them.",
            (w, c, random) => -LogSigmoid(Dot(w, c)) - (random.Length == 0 ? 0 : random.Average(n => LogSigmoid(-Dot(w, n))))),
        Mistake("neighbour only", "the random words are missing. Without them the best answer is one vector for all words.", (w, c, _) => -LogSigmoid(Dot(w, c))),
        Mistake("random words only", "the neighbour is missing: nothing pulls.", (w, _, random) => -random.Sum(n => LogSigmoid(-Dot(w, n)))),
        Mistake("softmax", "the neighbour competes with the random words in one softmax. Negative sampling asks a question of its own about each word: neighbour or not?",
            (w, c, random) => Probability.LogSumExp([(float)Dot(w, c), .. random.Select(n => (float)Dot(w, n))]) - Dot(w, c)),
        Mistake("no logarithm", "the probabilities are added and not their logarithms. The loss is minus the sum of the logarithms.",
            (w, c, random) => -Sigmoid(Dot(w, c)) - random.Sum(n => Sigmoid(-Dot(w, n)))),
        Mistake("logarithm to base 2", "the result is in bits. Take the natural logarithm: nats.",
            (w, c, random) => (-LogSigmoid(Dot(w, c)) - random.Sum(n => LogSigmoid(-Dot(w, n)))) / PortableMath.Log(2)),
        Mistake("overflow", "for a score of -800 the sigmoid is 0 and its logarithm infinite, where the loss is 800. Use log σ(x) = min(x, 0) - log(1 + e^-|x|).",
            (w, c, random) => -Naive(Dot(w, c)) - random.Sum(n => Naive(-Dot(w, n)))),
        .. new[] { 1e-15, 1e-12, 1e-10, 1e-9, 1e-8, 1e-7 }.Select(floor => Mistake(FormattableString.Invariant($"a floor of {floor:0e0}"),
            FormattableString.Invariant($"{floor:0e0} is added inside of the logarithm, or σ is cut off there: then no loss is above {-PortableMath.Log(floor):0}, where a score of -800 costs 800. Use log σ(x) = min(x, 0) - log(1 + e^-|x|)."),
            (w, c, random) => -PortableMath.Log(Sigmoid(Dot(w, c)) + floor) - random.Sum(n => PortableMath.Log(Sigmoid(-Dot(w, n)) + floor)))),
        Mistake("random words scored against the neighbour", "the random words are scored against the neighbour. All scores are with the word in the middle: w · c, and w · n for each random word.",
            (w, c, random) => -LogSigmoid(Dot(w, c)) - random.Sum(n => LogSigmoid(-Dot(c, n)))),
        Mistake("cosine instead of the dot product", "the score is the cosine. word2vec scores with the dot product; its length carries how sure the model is.",
            (w, c, random) => -LogSigmoid(Cosine(w, c)) - random.Sum(n => LogSigmoid(-Cosine(w, n)))),
    ];

    private static ExerciseCase<Loss> Ask(string name, float[] word, float[] neighbour, params float[][] random) =>
        Case(name, (loss, inputs) => Answer.Of(loss(inputs.Copy(word), inputs.Copy(neighbour), [.. random.Select(inputs.Copy)])));

    private static double Dot(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum();

    private static double Cosine(float[] a, float[] b) => Dot(a, b) / Math.Max(1e-300, Math.Sqrt(Dot(a, a) * Dot(b, b)));

    private static double Sigmoid(double x) => x >= 0 ? 1 / (1 + PortableMath.Exp(-x)) : PortableMath.Exp(x) / (1 + PortableMath.Exp(x));

    private static double LogSigmoid(double x) => Math.Min(x, 0) - PortableMath.Log(1 + PortableMath.Exp(-Math.Abs(x)));

    private static double Naive(double x) => Math.Log(1 / (1 + Math.Exp(-x)));
}
