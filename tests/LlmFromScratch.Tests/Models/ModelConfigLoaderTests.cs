using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Kernels;
using LlmFromScratch.Models;
using LlmFromScratch.Tensors;
using LlmFromScratch.Tests.Formats.Gguf;

namespace LlmFromScratch.Tests.Models;

public class ModelConfigLoaderTests
{
    [Fact]
    public void Load_UnknownArchitecture_ListsTheSupportedOnes()
    {
        string message = Assert.Throws<NotSupportedException>(() => Load("mamba")).Message;
        Assert.EndsWith("architecture 'mamba' is not supported; supported: llama, qwen2, qwen3, qwen3moe, gemma2, gemma3, phi3, gpt2.", message);
    }

    [Theory]
    [InlineData("context_length")]
    [InlineData("embedding_length")]
    [InlineData("block_count")]
    [InlineData("feed_forward_length")]
    [InlineData("attention.head_count")]
    [InlineData("attention.layer_norm_rms_epsilon")]
    public void Load_MissingKey_NamesFileAndKey(string key)
    {
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => Load("llama", without: key));
        Assert.Contains($"metadata key 'llama.{key}' is missing", error.Message);
        Assert.StartsWith(Path.GetTempPath(), error.Message);
    }

    [Theory]
    [InlineData("attention.head_count", 0u, "llama.attention.head_count is 0; expected at least 1")]
    [InlineData("attention.head_count_kv", 3u, "HeadCount 4 is no multiple of KvHeadCount 3")]
    [InlineData("block_count", 9u, "llama.block_count is 9; expected at most the number of tensors")]
    [InlineData("rope.dimension_count", 18u, "Rope.RotatedSize is 18; expected an even number from 2 to HeadSize 16")]
    [InlineData("rope.dimension_count", 7u, "Rope.RotatedSize is 7")]
    [InlineData("expert_used_count", 5u, "Moe.UsedCount 5 is more than Moe.ExpertCount 4")]
    public void Load_ImpossibleValue_NamesFileAndValue(string key, uint value, string expected)
    {
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => Load("llama", ("expert_count", 4u), ("expert_used_count", 2u), (key, value)));
        Assert.Contains(expected, error.Message);
        Assert.StartsWith(Path.GetTempPath(), error.Message);
    }

    [Theory]
    [InlineData("attention.value_length", 8u, "llama.attention.value_length is 8; supported: 16.")]
    [InlineData("rope.scaling.type", "su", "llama.rope.scaling.type is 'su'; supported: none, linear, yarn, longrope.")]
    [InlineData("expert_shared_count", 1u, "llama.expert_shared_count is 1; supported: 0.")]
    [InlineData("expert_gating_func", 2u, "llama.expert_gating_func is 2; supported: 1.")]
    public void Load_WhatTheEngineDoesNotDo_IsRefused(string key, object value, string expected) =>
        Assert.EndsWith(expected, Assert.Throws<NotSupportedException>(() => Load("llama", (key, value), ("expert_count", 4u), ("expert_used_count", 2u))).Message);

    [Fact]
    public void Load_Llama_IsTheDefault()
    {
        ModelConfig config = Load("llama");
        Assert.Equal(new RopeConfig(), config.Rope);
        Assert.Equal(new AttentionConfig(), config.Attention);
        Assert.True(config.TiedHead);
        Assert.Null(config.Moe);
    }

    [Fact]
    public void Load_RopeScaling_IsRead()
    {
        Assert.Equal(new RopeScaling { Factor = 4 }, Load("llama", ("rope.scaling.factor", 4f)).Rope!.Scaling);
        Assert.Equal(new RopeScaling { Factor = 4 }, Load("llama", ("rope.scale_linear", 4f)).Rope!.Scaling); // the key of older files
        Assert.Equal(new RopeScaling(), Load("llama", ("rope.scaling.type", "none"), ("rope.scaling.factor", 4f)).Rope!.Scaling);
        Assert.Equal(new RopeScaling { Kind = RopeScalingKind.Yarn, Factor = 4, OriginalContextLength = 32 },
            Load("llama", ("rope.scaling.type", "yarn"), ("rope.scaling.factor", 4f), ("rope.scaling.original_context_length", 32u)).Rope!.Scaling);
    }

    [Fact]
    public void Load_Gemma2_HasItsKindsAndTheDefaultsOfItsFiles()
    {
        ModelConfig config = Load("gemma2");
        Assert.Equal(new AttentionConfig { SoftCap = 50, Window = new SlidingWindow { Size = 4096, Period = 2 } }, config.Attention);
        Assert.Equal((8f, 30f, FeedForwardKind.GeGlu), (config.EmbeddingScale, config.LogitSoftCap, config.FeedForwardKind)); // √64
        Assert.Equal(RopePairing.Half, config.Rope!.Pairing);
        Assert.Equal([true, false, true, false], Enumerable.Range(0, 4).Select(config.Attention.Window!.IsLocal));
    }

    [Fact]
    public void Load_Gemma3_HasItsKindsAndTheDefaultsOfItsFiles()
    {
        ModelConfig config = Load("gemma3", ("attention.sliding_window", 16u), ("rope.freq_base", 1e6f));
        Assert.Equal(new AttentionConfig { QueryKeyNorm = true, Window = new SlidingWindow { Size = 16, Period = 6 } }, config.Attention);
        Assert.Equal((1e6f, 10_000f), (config.Rope!.Base, config.Rope.LocalBase));
        Assert.Null(config.LogitSoftCap);
        Assert.Null(Load("gemma3").Attention.Window);
    }

    [Fact]
    public void Load_LargestGemma_ScalesByItsWidth()
    {
        Assert.Equal(1 / MathF.Sqrt(16), Load("gemma2", ("block_count", 46u), ("attention.key_length", 32u), ("attention.value_length", 32u)).Attention.Scale); // 64 / 4 heads
        Assert.Null(Load("gemma2", ("attention.key_length", 32u), ("attention.value_length", 32u)).Attention.Scale);
    }

    [Fact]
    public void Load_WindowPattern_IsANumberOrARepetition()
    {
        const string pattern = "attention.sliding_window_pattern";
        Assert.Equal(3, Load("gemma2", (pattern, 3u)).Attention.Window!.Period);
        Assert.Equal(3, Load("gemma2", (pattern, (bool[])[true, true, false, true])).Attention.Window!.Period);
        SlidingWindow everywhere = Load("gemma2", (pattern, (bool[])[true, true])).Attention.Window!;
        Assert.True(everywhere.IsLocal(0) && everywhere.IsLocal(1));
        Assert.Contains("layer 2", Assert.Throws<NotSupportedException>(() => Load("gemma2", (pattern, (bool[])[true, false, false]))).Message);
    }

    [Fact]
    public void Load_TensorsWithBiases_AreTold()
    {
        Assert.Equal(Biases.None, Load("qwen2").Biases);
        GgufWriter writer = Writer("qwen2", null).Add("blk.0.attn_q.bias", Tensor.Zeros(new Shape(64))).Add("output.bias", Tensor.Zeros(new Shape(5)));
        Assert.Equal(Biases.QueryKeyValue | Biases.Head, Load(writer).Biases);
    }

    [Fact]
    public void Load_Phi3WithLongFactors_IsLongRopeThoughNoKeySaysSo()
    {
        GgufWriter writer = Writer("phi3", null, ("rope.scaling.attn_factor", 1.19f), ("rope.scaling.original_context_length", 32u));
        Assert.Equal(new RopeScaling { Kind = RopeScalingKind.LongRope, AttentionFactor = 1.19f, OriginalContextLength = 32 },
            Load(writer.Add("rope_factors_long.weight", Tensor.Zeros(new Shape(8)))).Rope!.Scaling);
    }

    private static ModelConfig Load(string architecture, params ReadOnlySpan<(string Key, object Value)> keys) => Load(architecture, without: null, keys);

    private static ModelConfig Load(string architecture, string? without, params ReadOnlySpan<(string Key, object Value)> keys) =>
        Load(Writer(architecture, without, keys));

    private static ModelConfig Load(GgufWriter writer)
    {
        using TemporaryFile disk = new(GgufFileTests.Bytes(writer));
        using GgufFile file = GgufFile.Open(disk.Path);
        return ModelConfigLoader.Load(file);
    }

    // The keys of a model of four heads of 16 values, and enough tensors for the blocks it claims.
    private static GgufWriter Writer(string architecture, string? without, params ReadOnlySpan<(string Key, object Value)> keys)
    {
        Dictionary<string, object> all = new()
        {
            ["context_length"] = 128u, ["embedding_length"] = 64u, ["block_count"] = 2u, ["feed_forward_length"] = 96u, ["attention.head_count"] = 4u,
            ["attention.layer_norm_rms_epsilon"] = 1e-6f,
        };
        foreach ((string key, object value) in keys) all[key] = value;
        if (without is not null) all.Remove(without);
        GgufWriter writer = new GgufWriter().Add("general.architecture", architecture);
        foreach ((string key, object value) in all) writer.Add($"{architecture}.{key}", value);
        writer.Add("token_embd.weight", Tensor.Zeros(new Shape(5, 64)));
        for (int i = 0; i < (all.GetValueOrDefault("block_count") is 46u ? 46 : 2); i++) writer.Add($"filler.{i}", Tensor.Zeros(new Shape(1)));
        return writer;
    }
}
