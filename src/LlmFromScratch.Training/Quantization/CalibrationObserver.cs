using LlmFromScratch.Diagnostics;
using LlmFromScratch.Kernels;
using LlmFromScratch.Kernels.Cpu;
using LlmFromScratch.Kernels.Cpu.Threading;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Training.Quantization;

/// <summary>Watches forward passes over calibration text and keeps the statistics of what every linear layer of every block reads.</summary>
/// <param name="team">Shares the products out.</param>
internal sealed class CalibrationObserver(ThreadTeam team) : IForwardObserver
{
    private readonly Dictionary<(ForwardPoint Point, int Layer), InputStatistics> _statistics = [];

    /// <summary>The statistics of a point.</summary>
    public InputStatistics this[ForwardPoint point, int layer] => _statistics[(point, layer)];

    /// <inheritdoc/>
    public void Observe(ForwardPoint point, int layer, Tensor value, IBackend backend)
    {
        if (point is not (ForwardPoint.AttentionNorm or ForwardPoint.AttentionHeads or ForwardPoint.FeedForwardNorm or ForwardPoint.FeedForwardHidden)) return;
        int rows = value.Shape[0], size = (int)(value.Shape.Count / rows);
        if (!_statistics.TryGetValue((point, layer), out InputStatistics? statistics)) _statistics.Add((point, layer), statistics = new InputStatistics(size));
        float[] copy = new float[value.Shape.Count]; // [T, n]
        backend.Download(value, copy.AsSpan());
        statistics.Add(copy, () => Gemm.Multiply(true, false, size, size, rows, copy, copy, statistics.Products, accumulate: true, team));
    }
}
