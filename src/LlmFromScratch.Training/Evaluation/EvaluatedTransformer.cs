using LlmFromScratch.Inference;
using LlmFromScratch.Sampling;
using LlmFromScratch.Tokenization;
using LlmFromScratch.Training.Alignment;

namespace LlmFromScratch.Training.Evaluation;

/// <summary>A model that the engine runs.</summary>
internal sealed class EvaluatedTransformer(LanguageModel model) : IEvaluatedModel
{
    public LanguageModel Model => model;

    public long ParameterCount => model.Transformer.Config.ParameterCount;

    public ITokenizer Tokenizer => model.Tokenizer;

    public int ContextLength => model.Transformer.Config.ContextLength;

    public double LogProbability(int[] ids, int from) => HeldOutEvaluation.LogProbability(model.Transformer, ids, from);

    // A model that ends its turns with ChatML's mark is asked; any other goes on from the prompt.
    public string Sample(string prompt, int maxTokens, float temperature, ulong seed)
    {
        if (model.Tokenizer is ByteLevelBpeTokenizer { SpecialTokens.EndOfSequence: int end } tokenizer && tokenizer.Vocabulary.Texts[end] == ChatMl.End)
            return new ChatSpeaker(model).Answer([new ChatMessage("user", prompt)], maxTokens, temperature, seed).Text;
        GenerationOptions options = new() { MaxTokens = maxTokens, Sampling = new SamplingOptions { Temperature = temperature, Seed = seed } };
        return prompt + model.Generator.Generate(prompt, options).Text;
    }

    public void Dispose() => model.Dispose();
}
