using System.Text;
using LlmFromScratch.Course.Checking;
using LlmFromScratch.Numerics;

namespace LlmFromScratch.Course.Chapters.Ch01;

/// <summary>Exercise 1.7: <c>-log₂ P(text) / bytes of the text</c>, the number by which models with different tokenizers are compared.</summary>
internal sealed class BitsPerByteExercise : Exercise<Func<double[], string, double>>
{
    /// <inheritdoc/>
    public override string Id => "1.7";

    /// <inheritdoc/>
    public override string Title => "Bits per byte";

    /// <inheritdoc/>
    protected override Func<double[], string, double> Solution => (p, text) => Lab.Bits(Nats(p)) / Bytes(text);

    /// <inheritdoc/>
    protected override Func<double[], string, double> Stub => (_, _) => throw new NotImplementedException("exercise 1.7");

    /// <inheritdoc/>
    protected override IEnumerable<ExerciseCase<Func<double[], string, double>>> CreateCases() =>
    [
        Text("four letters, each a token of probability 1/2", "abba", 0.5, 0.5, 0.5, 0.5), // 4 bits in 4 bytes: 1
        Text("a word of six letters as one token", "kitten", 1 / 64d), // 6 bits in 6 bytes: 1
        Text("six tokens, six letters", "basket", 0.5, 0.25, 0.1, 0.8, 0.05, 0.4),
        Text("two tokens, six letters", "basket", 0.0125, 0.016),
        Text("a certain text", "abc", 1, 1, 1), // 0
        Text("letters of two bytes", "äöü", 0.5, 0.25, 0.125), // 6 bits in 6 bytes: 1
        Text("a picture of four bytes", "🙂!", 1 / 64d, 1 / 16d), // 10 bits in 5 bytes: 2
        Text("1000 tokens of probability 0.1", new string('x', 1000), [.. Enumerable.Repeat(0.1, 1000)]),
        Text("a token that was called impossible", "ab", 0.5, 0), // ∞
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Mistake> Mistakes { get; } =
    [
        Mistake("nats", "the logarithm is the natural one, so these are nats per byte: too small by the factor ln 2 = 0.693.",
            (p, text) => Nats(p) / Bytes(text)),
        Mistake("per token", "the sum is divided by the number of tokens. That is the loss in bits, and another tokenizer bends it: divide by the text's bytes.",
            (p, _) => Lab.Bits(Nats(p)) / p.Length),
        Mistake("characters for bytes", "the sum is divided by text.Length, which counts UTF-16 units. An “ä” has two bytes in UTF-8: ask Encoding.UTF8.",
            (p, text) => Lab.Bits(Nats(p)) / text.Length),
        Mistake("runes for bytes", "the sum is divided by the number of characters. An “ä” is one character and has two bytes in UTF-8: ask Encoding.UTF8.",
            (p, text) => Lab.Bits(Nats(p)) / text.EnumerateRunes().Count()),
        Mistake("bytes of UTF-16", "the bytes are those of UTF-16, Encoding.Unicode: at least two for each character. Ask Encoding.UTF8.",
            (p, text) => Lab.Bits(Nats(p)) / Encoding.Unicode.GetByteCount(text)),
        Mistake("perplexity of a byte", "this is a perplexity, e to the average loss, only per byte. Bits per byte takes no exponential.",
            (p, text) => PortableMath.Exp(Nats(p) / Bytes(text))),
        Mistake("averaged and divided", "the average over the tokens is divided by the bytes as well. Add up the surprises of all tokens, and divide once, by the bytes.",
            (p, text) => Lab.Bits(Nats(p)) / p.Length / Bytes(text)),
        Mistake("times ln 2", "the nats are multiplied by ln 2. A bit is the smaller unit, so there are more of them: divide by ln 2 = 0.693.",
            (p, text) => Nats(p) * PortableMath.Log(2) / Bytes(text)),
        Mistake("divided by ln 2 twice", "the sum is turned into bits twice. A logarithm to base 2 is in bits already; only a natural one is divided by ln 2.",
            (p, text) => Lab.Bits(Lab.Bits(Nats(p))) / Bytes(text)),
        Mistake("perplexity", "this is the perplexity, e to the average loss of a token. Bits per byte takes no exponential.",
            (p, _) => PortableMath.Exp(Nats(p) / p.Length)),
        Mistake("product underflows", "the probabilities are multiplied first, and a thousand of them underflow to 0. Add logarithms instead, as in section 1.3.",
            (p, text) => Lab.Bits(-PortableMath.Log(p.Aggregate(1d, (product, value) => product * value))) / Bytes(text)),
        Mistake("logarithm of the average", "the probabilities are averaged before the logarithm. The penalty of each token is its own surprise: logarithm first, then the sum.",
            (p, text) => Lab.Bits(-PortableMath.Log(p.Average())) * p.Length / Bytes(text)),
        Mistake("weighted, 0 log 0", Weighted + " (And 0 · log 0 is NaN.)", (p, text) => Lab.Bits(p.Sum(value => -value * PortableMath.Log(value))) / Bytes(text)),
        Mistake("weighted", Weighted,
            (p, text) => Lab.Bits(p.Sum(value => value > 0 ? -value * PortableMath.Log(value) : 0)) / Bytes(text)),
        Mistake("impossible left out", "a token of probability 0 is left out. In an entropy its term is 0; here it came although the model called it impossible, and the penalty is ∞.",
            (p, text) => Lab.Bits(Nats([.. p.Where(value => value > 0)])) / Bytes(text)),
        Mistake("sign", "the sign is missing: the logarithm of a probability is negative, surprise is its opposite.",
            (p, text) => -Lab.Bits(Nats(p)) / Bytes(text)),
    ];

    private const string Weighted =
        "each surprise is weighted by its probability. That is an entropy, what the model expects; here the text has come, and each token counts once.";

    private static ExerciseCase<Func<double[], string, double>> Text(string name, string text, params double[] p) =>
        Case(name, (bitsPerByte, inputs) => Answer.Of(bitsPerByte(inputs.Copy(p), text)));

    private static double Nats(double[] p) => -p.Sum(PortableMath.Log);

    private static int Bytes(string text) => Encoding.UTF8.GetByteCount(text);
}
