using LlmFromScratch.Sampling;
using LlmFromScratch.Tokenization;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Training.Evaluation;

/// <summary>An RNN, LSTM or GRU.</summary>
internal sealed class EvaluatedRecurrent(TrainedRecurrent model) : IEvaluatedModel
{
    public long ParameterCount => model.Model.Parameters.Sum(weight => weight.Shape.Count);

    public ITokenizer Tokenizer => model.Tokenizer;

    public int ContextLength => model.ContextLength;

    public double LogProbability(int[] ids, int from) => model.LogProbability(ids, from);

    public string Sample(string prompt, int maxTokens, float temperature, ulong seed) =>
        prompt + model.Continue(prompt, maxTokens, new SamplingOptions { Temperature = temperature, Seed = seed });

    public void Dispose() { } // holds nothing but memory
}
