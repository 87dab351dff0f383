using LlmFromScratch.Inference;
using LlmFromScratch.Kernels.Cpu;
using LlmFromScratch.Models;
using LlmFromScratch.Sampling;
using LlmFromScratch.Tensors;
using LlmFromScratch.Tokenization;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Training;

/// <summary>
/// Lets a model speak as it stands in the middle of training: the engine runs a copy of its weights, because the engine has a key/value cache.
/// </summary>
internal sealed class TrainedText : IDisposable
{
    private readonly CpuBackend _backend;
    private readonly TextGenerator _generator;

    /// <summary>Copies the weights, F32.</summary>
    public TrainedText(LlamaTrainingModel model, ITokenizer tokenizer, int threadCount)
    {
        Dictionary<string, Variable> parameters = model.Parameters.ToDictionary(parameter => parameter.Name);
        _backend = new CpuBackend(threadCount);
        TransformerWeights weights = WeightLoader.Load(_backend, model.Config,
            name => parameters.TryGetValue(name, out Variable? found) ? GgufExport.ToTensor(found, DType.F32) : null);
        _generator = new TextGenerator(new Transformer(_backend, model.Config, weights), tokenizer);
    }

    /// <summary>Continues a prompt of ids until the end token, the limit, or the end of the context.</summary>
    public Generation Continue(int[] prompt, int maxTokens, float temperature, ulong seed) => _generator.Generate(prompt, new GenerationOptions
    {
        MaxTokens = Math.Max(0, Math.Min(maxTokens, _generator.Model.Config.ContextLength - prompt.Length)),
        Sampling = new SamplingOptions { Temperature = temperature, TopP = 1, Seed = seed },
    });

    /// <summary>Frees the copy.</summary>
    public void Dispose()
    {
        _generator.Model.Dispose();
        _backend.Dispose();
    }
}
