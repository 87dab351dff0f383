using LlmFromScratch.Kernels.Cpu;
using LlmFromScratch.Models;
using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Training;

/// <summary>The engine's transformer over a copy of a training model's weights, adapters merged: for everything that only runs forward.</summary>
internal sealed class TrainedTransformer : IDisposable
{
    private readonly CpuBackend _backend;

    /// <summary>Copies the weights, F32.</summary>
    public TrainedTransformer(DecoderModel model, int threadCount)
    {
        Dictionary<string, Tensor> tensors = GgufExport.Tensors(model, Copy).ToDictionary(entry => entry.Name, entry => entry.Tensor);
        _backend = new CpuBackend(threadCount);
        Transformer = new Transformer(_backend, model.Config, WeightLoader.Load(_backend, model.Config, tensors.GetValueOrDefault));
    }

    /// <summary>The transformer.</summary>
    public Transformer Transformer { get; }

    /// <summary>Frees the copy.</summary>
    public void Dispose()
    {
        Transformer.Dispose();
        _backend.Dispose();
    }

    private static Tensor Copy(Variable weight) => weight.Adapter is LowRankAdapter adapter
        ? Tensor.FromFloats(adapter.Merged(), weight.Shape[0], weight.Shape[1])
        : GgufExport.ToTensor(weight, DType.F32);
}
