using LlmFromScratch.Tests.Training.Alignment;
using LlmFromScratch.Tokenization;
using LlmFromScratch.Training.Evaluation;

namespace LlmFromScratch.Tests.Training.Evaluation;

/// <summary>How held-out text is cut for a model of a limited context.</summary>
public sealed class HeldOutEvaluationTests
{
    private const int Separator = 0;

    /// <summary>Every token is foretold once, from its own document, and from at least half a context of it where there is so much.</summary>
    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(8), InlineData(9), InlineData(1000)]
    public void Measure_AnyLengths_ForetellsEachTokenOnceFromHalfAContext(int context)
    {
        int[] lengths = [1, 3, 7, 8, 9, 10, 4, 40, 0, 23];
        int[] text = [.. lengths.SelectMany(length => Enumerable.Range(1, length).Append(Separator)), 1, 2, 3]; // the last document is cut off
        Watched model = new(context);
        HeldOutEvaluation measured = HeldOutEvaluation.Measure(model, text, text, Separator, share => Assert.InRange(share, 0, 1), CancellationToken.None);
        Assert.Equal(text, model.Foretold);
        Assert.Equal(text.Length, measured.TokenCount);
        Assert.Equal(Math.E, measured.Perplexity, 1e-9);
    }

    // Foretells every token with 1/e. Tokens of a document are counted from 1, so that what is read must count up to them from the separator.
    private sealed class Watched(int context) : IEvaluatedModel
    {
        public List<int> Foretold { get; } = [];

        public long ParameterCount => 0;

        public ITokenizer Tokenizer => TinyChat.Tokenizer;

        public int ContextLength => context;

        public double LogProbability(int[] ids, int from)
        {
            Assert.InRange(ids.Length, 2, context + 1);
            Assert.InRange(from, 1, ids.Length - 1);
            for (int i = 1; i < ids.Length; i++) Assert.True(ids[i] == ids[i - 1] + 1 || (ids[i] == Separator && i == ids.Length - 1), $"{string.Join(' ', ids)} is not of one document");
            Assert.True(ids[0] == Separator || from > context / 2, $"{ids[from]} is foretold from {from} tokens of a context of {context}");
            Foretold.AddRange(ids[from..]);
            return from - ids.Length;
        }

        public string Sample(string prompt, int maxTokens, float temperature, ulong seed) => throw new NotSupportedException("Nothing is sampled here.");

        public void Dispose() { }
    }
}
