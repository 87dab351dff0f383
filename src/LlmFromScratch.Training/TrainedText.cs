using LlmFromScratch.Inference;
using LlmFromScratch.Sampling;
using LlmFromScratch.Tokenization;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Training;

/// <summary>Lets a model speak as it stands in the middle of training, with the engine's key/value cache.</summary>
internal sealed class TrainedText(DecoderModel model, ITokenizer tokenizer, int threadCount) : IDisposable
{
    private readonly TrainedTransformer _trained = new(model, threadCount);

    /// <summary>Continues a prompt of ids until the end token, the limit, or the end of the context.</summary>
    public Generation Continue(int[] prompt, int maxTokens, float temperature, ulong seed) =>
        new TextGenerator(_trained.Transformer, tokenizer).Generate(prompt, new GenerationOptions
        {
            MaxTokens = Math.Max(0, Math.Min(maxTokens, model.Config.ContextLength - prompt.Length)),
            Sampling = new SamplingOptions { Temperature = temperature, TopP = 1, Seed = seed },
        });

    /// <summary>Frees the copy.</summary>
    public void Dispose() => _trained.Dispose();
}
