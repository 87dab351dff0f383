using LlmFromScratch.Tokenization;

namespace LlmFromScratch.Training.Evaluation;

/// <summary>A finished model that foretells the next token: what an evaluation asks of every kind.</summary>
internal interface IEvaluatedModel : IDisposable
{
    /// <summary>Weights.</summary>
    long ParameterCount { get; }

    /// <summary>Its tokenizer.</summary>
    ITokenizer Tokenizer { get; }

    /// <summary>The most tokens that it is given at once.</summary>
    int ContextLength { get; }

    /// <summary>The sum of the log-probabilities of tokens after those before them, in nats; what stands before place <paramref name="from"/>, at least the first, is only read.</summary>
    double LogProbability(int[] ids, int from);

    /// <summary>A text that begins with the prompt, or a chat model's answer to it.</summary>
    string Sample(string prompt, int maxTokens, float temperature, ulong seed);
}
