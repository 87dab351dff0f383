using LlmFromScratch.Gpu;
using LlmFromScratch.Inference;
using LlmFromScratch.Kernels;
using LlmFromScratch.Kernels.Quantization;
using LlmFromScratch.Kernels.Reference;
using LlmFromScratch.Models;
using LlmFromScratch.Tensors;
using LlmFromScratch.Tests.Models;

namespace LlmFromScratch.Tests.Gpu;

/// <summary>The whole forward pass on a device: every operation, the paged cache and the batch together.</summary>
public class OpenClForwardTests
{
    private const float LogitTolerance = 2e-5f; // absolute, of logits up to 8: float sums of up to 64 products against double ones; 9e-6 was seen

    private static readonly int[] Ids = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 2, 3, 8, 4]; // 20: over one cache block of 16

    // Sizes that are multiples of 32, so that every matrix can be Q8_0.
    private static readonly ModelConfig Config = TinyModel.Config with { HeadSize = 16, FeedForwardSize = 64 };

    [OpenClTheory]
    [InlineData(DType.F32, RopePairing.Interleaved)]
    [InlineData(DType.F16, RopePairing.Half)]
    [InlineData(DType.Q8_0, RopePairing.Interleaved)]
    public void Forward_PrefillThenDecode_EqualsReference(DType dtype, RopePairing pairing)
    {
        ModelConfig config = Config with { Rope = new RopeConfig { Pairing = pairing } };
        using ReferenceBackend reference = new();
        using OpenClBackend device = new();
        float[] expected = Logits(reference, config, dtype), actual = Logits(device, config, dtype);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= LogitTolerance, $"logit {i}: expected {expected[i]:R}, got {actual[i]:R}");
    }

    [OpenClFact]
    public void Forward_PromptWholeSplitOrTokenByToken_GivesTheSameBits()
    {
        using OpenClBackend device = new();
        using Transformer model = Create(device, Config, DType.F32);
        using Session whole = new(model), single = new(model);
        float[] expected = whole.Prefill(Ids).ToArray();
        foreach (int split in (int[])[1, 3, 4, 5, 16, 19])
        {
            using Session session = new(model);
            session.Prefill(Ids.AsSpan(0, split));
            Assert.Equal(expected, session.Prefill(Ids.AsSpan(split)).ToArray());
        }
        foreach (int id in Ids) single.Decode(id);
        Assert.Equal(expected, single.Logits.ToArray());
    }

    [OpenClFact]
    public void Forward_ChangedFutureToken_LeavesThePastUntouched()
    {
        using OpenClBackend device = new();
        using Transformer model = Create(device, Config, DType.F32);
        int[] other = (int[])Ids.Clone();
        other[12] = 36;
        using Session a = new(model), b = new(model);
        float[] rowsA = a.Score(Ids), rowsB = b.Score(other); // [T, V]
        int past = 12 * Config.VocabSize;
        Assert.Equal(rowsA[..past], rowsB[..past]);
        Assert.NotEqual(rowsA[past..(past + Config.VocabSize)], rowsB[past..(past + Config.VocabSize)]);
    }

    [OpenClFact]
    public void Forward_ForkedSequence_CopiesTheSharedBlockOnTheDevice()
    {
        using OpenClBackend device = new();
        using Transformer model = Create(device, Config, DType.F32);
        using Session session = new(model);
        session.Prefill(Ids.AsSpan(0, 10));
        float[] expected = session.Prefill(Ids.AsSpan(10)).ToArray();

        using KvCache cache = new(device, Config, tokenCapacity: 64, sequenceCount: 2);
        using RunState state = new(device, Config, maxRows: 20);
        using ForwardBatch batch = new(device, maxRows: 20, maxSequences: 2, cache.BlockCount);
        Run(sequence: 0, start: 0, end: 10);
        cache.Fork(0, 1);
        Run(sequence: 0, start: 10, end: 20, idShift: 1); // another continuation writes first, and must not reach the fork
        Assert.Equal(expected, Run(sequence: 1, start: 10, end: 20));

        float[] Run(int sequence, int start, int end, int idShift = 0)
        {
            cache.Extend(sequence, end - start);
            batch.Clear();
            cache.Describe(sequence, batch);
            for (int t = start; t < end; t++) batch.Add(Ids[t] + idShift, t, sequence, wantLogits: t == end - 1);
            batch.Commit();
            float[] logits = new float[Config.VocabSize];
            device.Download<float>(model.Forward(batch, cache.Layers, state), logits);
            return logits;
        }
    }

    // A prompt of 17 rows in one call, then three decode steps: [4, V].
    private static float[] Logits(IBackend backend, ModelConfig config, DType dtype)
    {
        using Transformer model = Create(backend, config, dtype);
        using Session session = new(model);
        List<float> logits = [.. session.Prefill(Ids.AsSpan(0, 17))];
        foreach (int id in Ids.AsSpan(17)) logits.AddRange(session.Decode(id));
        return [.. logits];
    }

    private static Transformer Create(IBackend backend, ModelConfig config, DType dtype)
    {
        Dictionary<string, Tensor> tensors = TinyModel.HostTensors(config, seed: 1);
        return new Transformer(backend, config, WeightLoader.Load(backend, config, name => tensors.GetValueOrDefault(name) is { } found ? Encode(found, dtype) : null));
    }

    private static Tensor Encode(Tensor tensor, DType dtype)
    {
        if (tensor.Shape.Rank == 1) return tensor; // norms stay F32
        Tensor encoded = Tensor.Zeros(tensor.Shape, dtype);
        for (int row = 0; row < tensor.Shape[0]; row++)
            RowCodec.Encode(dtype, tensor.Slice(row, 1).Floats, encoded.Slice(row, 1).Bytes);
        return encoded;
    }
}
