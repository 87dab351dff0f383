using LlmFromScratch.Inference;
using LlmFromScratch.Kernels;
using LlmFromScratch.Kernels.Reference;
using LlmFromScratch.Models;
using LlmFromScratch.Numerics;
using LlmFromScratch.Tensors;
using LlmFromScratch.Tests.Models;

namespace LlmFromScratch.Tests.Inference;

public class KvCacheTests
{
    [Fact]
    public void ByteLength_IsTwoLayersKeyValueHeads_TimesTokens()
    {
        using ReferenceBackend backend = new();
        using KvCache cache = new(backend, TinyModel.Config, tokenCapacity: 40, blockSize: 16);
        Assert.Equal(3, cache.BlockCount); // 40 tokens round up to 48
        Assert.Equal(2L * 2 * 48 * 2 * 8 * 4, cache.ByteLength); // K and V, L = 2, 48 tokens, K = 2, D = 8, 4 bytes
    }

    [Fact]
    public void Extend_BeyondTheCapacity_IsRefusedAndChangesNothing()
    {
        using ReferenceBackend backend = new();
        using KvCache cache = new(backend, TinyModel.Config, 32, blockSize: 16);
        cache.Extend(0, 20);
        Assert.Contains("need 1 blocks of 16; 0 of 2 are free", Assert.Throws<InvalidOperationException>(() => cache.Extend(0, 13)).Message);
        Assert.Equal(20, cache.Length(0));
        cache.Extend(0, 12);
        Assert.Equal(0, cache.FreeBlockCount);
        cache.Truncate(0, 16);
        Assert.Equal(1, cache.FreeBlockCount);
    }

    [Fact]
    public void Fork_BothBranches_EqualTwoSeparateReadings()
    {
        int[] prompt = Enumerable.Range(0, 21).ToArray();
        using ReferenceBackend backend = new();
        using Transformer model = TinyModel.Create(backend);
        using KvCache cache = new(backend, model.Config, 64, sequenceCount: 2, blockSize: 4);
        using ForwardBatch batch = new(backend, 32, 2, cache.BlockCount);
        using RunState state = new(backend, model.Config, 32);

        Run(prompt, 0);
        cache.Fork(0, 1);
        Assert.Equal(16 - 6, cache.FreeBlockCount); // 21 tokens in 6 shared blocks of 4
        float[] left = Run([30, 31], 0), right = Run([32, 33], 1);
        Assert.Equal(16 - 7, cache.FreeBlockCount); // the shared, half-full tail was copied once

        Assert.Equal(Alone([.. prompt, 30, 31]), left);
        Assert.Equal(Alone([.. prompt, 32, 33]), right);

        float[] Run(int[] ids, int sequence)
        {
            int start = cache.Length(sequence);
            cache.Extend(sequence, ids.Length);
            batch.Clear();
            for (int i = 0; i < ids.Length; i++) batch.Add(ids[i], start + i, sequence, i == ids.Length - 1);
            cache.Describe(sequence, batch);
            batch.Commit();
            return model.Forward(batch, cache.Layers, state).Floats.ToArray();
        }

        float[] Alone(int[] ids)
        {
            using Session session = new(model);
            return session.Prefill(ids).ToArray();
        }
    }

    [Fact]
    public void Forward_RowsOfTwoSequencesInOneBatch_EqualSeparateReadings()
    {
        using ReferenceBackend backend = new();
        using Transformer model = TinyModel.Create(backend);
        using KvCache cache = new(backend, model.Config, 64, sequenceCount: 2, blockSize: 4);
        using ForwardBatch batch = new(backend, 32, 2, cache.BlockCount);
        using RunState state = new(backend, model.Config, 32);
        int[][] texts = [[1, 2, 3, 4, 5], [9, 8, 7]];
        foreach ((int sequence, int[] text) in texts.Index())
        {
            cache.Extend(sequence, text.Length);
            cache.Describe(sequence, batch);
        }
        for (int t = 0; t < 5; t++)
            for (int s = 0; s < 2; s++) // interleaved on purpose
                if (t < texts[s].Length) batch.Add(texts[s][t], t, s, t == texts[s].Length - 1);
        batch.Commit();
        float[] logits = model.Forward(batch, cache.Layers, state).Floats.ToArray(); // wanted rows in batch order: sequence 1 ends first
        using Session first = new(model), second = new(model);
        Assert.Equal(second.Prefill(texts[1]).ToArray(), logits[..37]);
        Assert.Equal(first.Prefill(texts[0]).ToArray(), logits[37..]);
    }

    [Fact]
    public void TenThousandRandomOperations_LeakNoBlock()
    {
        using ReferenceBackend backend = new();
        using KvCache cache = new(backend, TinyModel.Config with { LayerCount = 1 }, 256, sequenceCount: 5, blockSize: 4);
        SeededRandom random = new(5);
        for (int i = 0; i < 10_000; i++)
        {
            int sequence = random.NextInt(5), other = random.NextInt(5);
            switch (random.NextInt(3))
            {
                case 0 when cache.FreeBlockCount > 4:
                    cache.Extend(sequence, random.NextInt(9));
                    break;
                case 1:
                    cache.Truncate(sequence, random.NextInt(cache.Length(sequence) + 1));
                    break;
                case 2 when cache.Length(other) == 0 && sequence != other:
                    cache.Fork(sequence, other);
                    break;
            }
        }
        for (int s = 0; s < 5; s++) cache.Truncate(s, 0);
        Assert.Equal(cache.BlockCount, cache.FreeBlockCount);
    }
}
