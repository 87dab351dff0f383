using LlmFromScratch.Diagnostics;
using LlmFromScratch.Inference;
using LlmFromScratch.Kernels;
using LlmFromScratch.Kernels.Reference;
using LlmFromScratch.Models;
using LlmFromScratch.Tensors;
using LlmFromScratch.Tests.Models;

namespace LlmFromScratch.Tests.Diagnostics;

public class AttentionCaptureTests
{
    private static readonly int[] Ids = [5, 6, 7, 8, 9];

    [Theory]
    [InlineData("llama")]
    [InlineData("gemma2")] // a cap, and a window on layer 0
    public void Weights_TimesValues_AreWhatTheHeadsGathered(string architecture)
    {
        using ReferenceBackend backend = new();
        ModelConfig config = TinyModel.Architectures[architecture];
        if (config.Attention.Window is { } window) config = config with { Attention = config.Attention with { Window = window with { Size = 3 } } };
        using Transformer model = TinyModel.Create(backend, config);
        using Session session = new(model);
        AttentionCapture capture = new(config.AttentionOptionsOf);
        Recorder recorder = new(capture);
        session.Prefill(Ids, recorder);
        Assert.Equal((2, 4, 5), (capture.LayerCount, capture.HeadCount, capture.TokenCount));
        for (int layer = 0; layer < 2; layer++)
        for (int head = 0; head < 4; head++)
        {
            float[] weights = capture.Weights(layer, head);
            for (int t = 0; t < 5; t++)
            {
                Assert.Equal(1, weights.AsSpan(t * 5, 5).ToArray().Sum(), 1e-6);
                Assert.All(weights[(t * 5 + t + 1)..((t + 1) * 5)], w => Assert.Equal(0, w));
                for (int i = 0; i < 8; i++)
                {
                    double mixed = 0; // value head of query head h is h / 2
                    for (int s = 0; s < 5; s++) mixed += weights[t * 5 + s] * recorder.Values[layer][(s * 2 + head / 2) * 8 + i];
                    Assert.Equal(mixed, recorder.Heads[layer][(t * 4 + head) * 8 + i], 1e-5);
                }
            }
        }
    }

    [Fact]
    public void Observe_SecondForwardCall_IsRefused()
    {
        using ReferenceBackend backend = new();
        using Transformer model = TinyModel.Create(backend);
        using Session session = new(model, prefillRows: 3);
        Assert.Throws<InvalidOperationException>(() => { session.Prefill(Ids, new AttentionCapture()); });
    }

    private sealed class Recorder(AttentionCapture capture) : IForwardObserver
    {
        public List<float[]> Values { get; } = [];
        public List<float[]> Heads { get; } = [];

        public void Observe(ForwardPoint point, int layer, Tensor value, IBackend backend)
        {
            capture.Observe(point, layer, value, backend);
            if (point == ForwardPoint.Value) Values.Add(value.Floats.ToArray());
            if (point == ForwardPoint.AttentionHeads) Heads.Add(value.Floats.ToArray());
        }
    }
}
