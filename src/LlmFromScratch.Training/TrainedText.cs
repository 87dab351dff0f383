using LlmFromScratch.Inference;
using LlmFromScratch.Kernels.Cpu;
using LlmFromScratch.Models;
using LlmFromScratch.Sampling;
using LlmFromScratch.Tensors;
using LlmFromScratch.Tokenization;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Training;

/// <summary>Lets a model speak as it stands in the middle of training: the engine reads its weights, because the engine has a key/value cache.</summary>
internal static class TrainedText
{
    private const int MaxTokens = 64;

    /// <summary>Continues a prompt; after an end-of-text token or <see cref="MaxTokens"/> it stops.</summary>
    public static string Continue(LlamaTrainingModel model, ITokenizer tokenizer, string prompt, ulong seed, int threadCount)
    {
        using CpuBackend backend = new(threadCount);
        using Transformer transformer = Transformer(model, backend);
        TextGenerator generator = new(transformer, tokenizer);
        int[] ids = tokenizer.SpecialTokens.BeginOfSequence is int begin ? [begin, .. tokenizer.Encode(prompt)] : generator.EncodePrompt(prompt);
        GenerationOptions options = new()
        {
            MaxTokens = Math.Min(MaxTokens, model.Config.ContextLength - ids.Length), Sampling = new SamplingOptions { Temperature = 0.8f, Seed = seed },
        };
        return generator.Generate(ids, options).Text;
    }

    /// <summary>The engine's transformer with a copy of the model's weights in F32.</summary>
    public static Transformer Transformer(LlamaTrainingModel model, CpuBackend backend)
    {
        Dictionary<string, Variable> parameters = model.Parameters.ToDictionary(parameter => parameter.Name);
        TransformerWeights weights = WeightLoader.Load(backend, model.Config,
            name => parameters.TryGetValue(name, out Variable? found) ? GgufExport.ToTensor(found, DType.F32) : null);
        return new Transformer(backend, model.Config, weights);
    }
}
