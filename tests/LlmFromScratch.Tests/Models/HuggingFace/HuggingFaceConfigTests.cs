using LlmFromScratch.Formats.SafeTensors;
using LlmFromScratch.Kernels;
using LlmFromScratch.Models;
using LlmFromScratch.Models.HuggingFace;

namespace LlmFromScratch.Tests.Models.HuggingFace;

/// <summary>The config.json of published models (what matters of them) over tensors without values: sizes, kinds, and the number of weights that is published.</summary>
public sealed class HuggingFaceConfigTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("llmfs-hf-config-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("TinyLlama 1.1B", 1_100_048_384L, 32000, """{"model_type":"llama","hidden_act":"silu","hidden_size":2048,"intermediate_size":5632,"max_position_embeddings":2048,"num_attention_heads":32,"num_hidden_layers":22,"num_key_value_heads":4,"pretraining_tp":1,"rms_norm_eps":1e-05,"rope_scaling":null,"tie_word_embeddings":false}""")]
    [InlineData("SmolLM 135M", 134_515_008L, 49152, """{"model_type":"llama","hidden_act":"silu","hidden_size":576,"intermediate_size":1536,"max_position_embeddings":2048,"num_attention_heads":9,"num_hidden_layers":30,"num_key_value_heads":3,"rms_norm_eps":1e-05,"rope_theta":10000.0,"tie_word_embeddings":true}""")]
    [InlineData("Llama 3.2 1B", 1_235_814_400L, 128256, """{"model_type":"llama","head_dim":64,"hidden_act":"silu","hidden_size":2048,"intermediate_size":8192,"max_position_embeddings":131072,"num_attention_heads":32,"num_hidden_layers":16,"num_key_value_heads":8,"rms_norm_eps":1e-05,"rope_scaling":{"factor":32.0,"high_freq_factor":4.0,"low_freq_factor":1.0,"original_max_position_embeddings":8192,"rope_type":"llama3"},"rope_theta":500000.0,"tie_word_embeddings":true}""")]
    [InlineData("Mistral 7B v0.1", 7_241_732_096L, 32000, """{"model_type":"mistral","hidden_act":"silu","hidden_size":4096,"intermediate_size":14336,"max_position_embeddings":32768,"num_attention_heads":32,"num_hidden_layers":32,"num_key_value_heads":8,"rms_norm_eps":1e-05,"rope_theta":10000.0,"sliding_window":4096,"tie_word_embeddings":false}""")]
    [InlineData("Mixtral 8x7B", 46_702_792_704L, 32000, """{"model_type":"mixtral","hidden_act":"silu","hidden_size":4096,"intermediate_size":14336,"max_position_embeddings":32768,"num_attention_heads":32,"num_experts_per_tok":2,"num_hidden_layers":32,"num_key_value_heads":8,"num_local_experts":8,"rms_norm_eps":1e-05,"rope_theta":1000000.0,"sliding_window":null,"tie_word_embeddings":false}""")]
    [InlineData("Qwen2.5 0.5B", 494_032_768L, 151936, """{"model_type":"qwen2","hidden_act":"silu","hidden_size":896,"intermediate_size":4864,"max_position_embeddings":32768,"max_window_layers":24,"num_attention_heads":14,"num_hidden_layers":24,"num_key_value_heads":2,"rms_norm_eps":1e-06,"rope_theta":1000000.0,"sliding_window":32768,"tie_word_embeddings":true,"use_sliding_window":false}""")]
    [InlineData("Qwen3 0.6B", 596_049_920L, 151936, """{"model_type":"qwen3","attention_bias":false,"head_dim":128,"hidden_act":"silu","hidden_size":1024,"intermediate_size":3072,"max_position_embeddings":40960,"num_attention_heads":16,"num_hidden_layers":28,"num_key_value_heads":8,"rms_norm_eps":1e-06,"rope_scaling":null,"rope_theta":1000000,"tie_word_embeddings":true,"use_sliding_window":false}""")]
    [InlineData("Qwen3 30B A3B", 30_532_122_624L, 151936, """{"model_type":"qwen3_moe","decoder_sparse_step":1,"head_dim":128,"hidden_act":"silu","hidden_size":2048,"intermediate_size":6144,"max_position_embeddings":40960,"mlp_only_layers":[],"moe_intermediate_size":768,"norm_topk_prob":true,"num_attention_heads":32,"num_experts":128,"num_experts_per_tok":8,"num_hidden_layers":48,"num_key_value_heads":4,"rms_norm_eps":1e-06,"rope_theta":1000000.0,"tie_word_embeddings":false}""")]
    [InlineData("Gemma 2 2B", 2_614_341_888L, 256000, """{"model_type":"gemma2","attn_logit_softcapping":50.0,"final_logit_softcapping":30.0,"head_dim":256,"hidden_act":"gelu_pytorch_tanh","hidden_activation":"gelu_pytorch_tanh","hidden_size":2304,"intermediate_size":9216,"max_position_embeddings":8192,"num_attention_heads":8,"num_hidden_layers":26,"num_key_value_heads":4,"query_pre_attn_scalar":256,"rms_norm_eps":1e-06,"rope_theta":10000.0,"sliding_window":4096}""")]
    [InlineData("Gemma 3 1B", 999_885_952L, 262144, """{"model_type":"gemma3_text","attn_logit_softcapping":null,"final_logit_softcapping":null,"head_dim":256,"hidden_activation":"gelu_pytorch_tanh","hidden_size":1152,"intermediate_size":6912,"max_position_embeddings":32768,"num_attention_heads":4,"num_hidden_layers":26,"num_key_value_heads":1,"query_pre_attn_scalar":256,"rms_norm_eps":1e-06,"rope_local_base_freq":10000,"rope_scaling":null,"rope_theta":1000000,"sliding_window":512,"sliding_window_pattern":6}""")]
    [InlineData("Phi-3 mini 4k", 3_821_079_552L, 32064, """{"model_type":"phi3","hidden_act":"silu","hidden_size":3072,"intermediate_size":8192,"max_position_embeddings":4096,"num_attention_heads":32,"num_hidden_layers":32,"num_key_value_heads":32,"original_max_position_embeddings":4096,"rms_norm_eps":1e-05,"rope_scaling":null,"rope_theta":10000.0,"sliding_window":2047,"tie_word_embeddings":false}""")]
    [InlineData("GPT-2", 124_439_808L, 50257, """{"model_type":"gpt2","activation_function":"gelu_new","layer_norm_epsilon":1e-05,"n_ctx":1024,"n_embd":768,"n_head":12,"n_layer":12,"n_positions":1024}""")]
    public void Open_PublishedConfig_HasThePublishedNumberOfWeights(string model, long parameters, int vocabSize, string json)
    {
        SaveWithoutValues(json, vocabSize);
        using HuggingFaceModel opened = HuggingFaceModel.Open(_folder);
        Assert.Equal((model, parameters), (model, opened.Config.ParameterCount));
    }

    [Fact]
    public void Open_Llama3Scaling_DividesSlowPairsByTheFactor()
    {
        SaveWithoutValues("""{"model_type":"llama","head_dim":64,"hidden_size":64,"intermediate_size":64,"max_position_embeddings":131072,"num_attention_heads":1,"num_hidden_layers":1,"rope_theta":500000.0,"rope_scaling":{"factor":32.0,"high_freq_factor":4.0,"low_freq_factor":1.0,"original_max_position_embeddings":8192,"rope_type":"llama3"}}""", 8);
        using HuggingFaceModel opened = HuggingFaceModel.Open(_folder);
        float[] divisors = opened.FindTensor("rope_freqs.weight")!.Floats.ToArray(); // not null: the scaling asks for it
        // Pair i turns 8192 · 500000^(-i/32) / 2π times over the original context: pair 14 4.19 times, so it keeps its frequency; pair 18 0.81 times, so it is divided by 32.
        // Pair 16 turns 8192 / 707.107 / 6.283185 = 1.843838 times: kept (1.843838 - 1) / 3 = 0.281279, divisor 1 / (0.718721 / 32 + 0.281279) = 3.292343.
        Assert.Equal(32, divisors.Length);
        Assert.All(divisors[..15], divisor => Assert.Equal(1, divisor));
        Assert.Equal(3.292343, divisors[16], 1e-4);
        Assert.All(divisors[18..], divisor => Assert.Equal(32, divisor));
    }

    [Fact]
    public void Open_Gemma3_HasItsLayersAndScaling()
    {
        SaveWithoutValues("""{"model_type":"gemma3","text_config":{"hidden_size":2560,"intermediate_size":10240,"model_type":"gemma3_text","num_hidden_layers":34,"rope_scaling":{"factor":8.0,"rope_type":"linear"},"rope_theta":1000000,"sliding_window":1024},"vision_config":{"hidden_size":1152}}""",
            262208, prefix: "language_model.model.");
        using HuggingFaceModel opened = HuggingFaceModel.Open(_folder);
        ModelConfig config = opened.Config;
        Assert.Equal(("gemma3", 262208, 8, 4, 256, 131072, true), (config.Architecture, config.VocabSize, config.HeadCount, config.KvHeadCount, config.HeadSize, config.ContextLength, config.TiedHead));
        Assert.Equal(new SlidingWindow { Size = 1024, Period = 6 }, config.Attention.Window);
        Assert.Equal(new RopeConfig { Base = 1e6f, LocalBase = 1e4f, Pairing = RopePairing.Half, Scaling = new RopeScaling { Factor = 8 } }, config.Rope);
    }

    [Theory]
    [InlineData("\"model_type\":\"llama\"", "\"model_type\":\"rwkv\"", "model_type 'rwkv' is not supported; supported: llama, mistral")]
    [InlineData("\"model_type\":\"llama\"", "\"type\":\"llama\"", "model_type is missing")]
    [InlineData("\"hidden_size\":64", "\"hidden_size\":\"64\"", "hidden_size: expected a whole number of 32 bits, got \"64\"")]
    [InlineData("\"hidden_size\":64", "\"hidden_size\":9223372036854775807", "hidden_size: expected a whole number of 32 bits")]
    [InlineData("\"hidden_size\":64", "\"hidden_size\":-64", "head_dim: expected 1 to 65536")]
    [InlineData("\"hidden_size\":64", "\"hidden_size\":2147483647", "head_dim: expected 1 to 65536")]
    [InlineData("\"num_attention_heads\":2", "\"num_attention_heads\":0", "num_attention_heads: expected at least 1, got 0")]
    [InlineData("\"num_hidden_layers\":1", "\"num_hidden_layers\":1000000000", "num_hidden_layers: expected at most the number of tensors")]
    [InlineData("\"silu\"", "\"relu\"", "hidden_act is 'relu'; supported: silu")]
    [InlineData("\"rope_theta\":10000", "\"rope_theta\":1e400", "rope_theta: expected a number, got 1e400")]
    [InlineData("\"rope_theta\":10000", "\"rope_scaling\":{\"rope_type\":\"dynamic\"}", "rope type 'dynamic' is not supported")]
    [InlineData("\"rope_theta\":10000", "\"rope_scaling\":{\"rope_type\":\"llama3\",\"factor\":0,\"original_max_position_embeddings\":8}", "rope_scaling.factor: expected factor and low_freq_factor above 0")]
    [InlineData("\"rope_theta\":10000", "\"rope_scaling\":{\"type\":\"longrope\",\"long_factor\":[1],\"short_factor\":[1]}", "rope_scaling.long_factor: expected 16 numbers")]
    [InlineData("\"rope_theta\":10000", "\"rope_scaling\":7", "rope_scaling: expected an object, got 7")]
    [InlineData("\"rope_theta\":10000", "\"quantization_config\":{\"quant_method\":\"gptq\"}", "quantized by 'gptq' are not supported")]
    [InlineData("{", "[", "expected JSON")]
    public void Open_BadConfig_NamesFileAndKey(string old, string change, string expected)
    {
        const string json = """{"model_type":"llama","hidden_act":"silu","hidden_size":64,"intermediate_size":64,"max_position_embeddings":128,"num_attention_heads":2,"num_hidden_layers":1,"rope_theta":10000}""";
        SaveWithoutValues(json.Replace(old, change), 8);
        Exception failure = Assert.ThrowsAny<Exception>(() => HuggingFaceModel.Open(_folder));
        Assert.True(failure is InvalidDataException or NotSupportedException, failure.ToString());
        Assert.Contains(expected, failure.Message);
        Assert.StartsWith(Path.Combine(_folder, "config.json"), failure.Message);
    }

    [Fact]
    public void Open_FolderWithoutConfig_SaysWhatIsExpected() =>
        Assert.Contains("expected config.json in the folder", Assert.Throws<InvalidDataException>(() => HuggingFaceModel.Open(_folder)).Message);

    // Tensors [n, 0]: their names and first sizes are what the config is read with; as many as the deepest model has layers.
    private void SaveWithoutValues(string json, int vocabSize, string prefix = "model.")
    {
        File.WriteAllText(Path.Combine(_folder, "config.json"), json);
        SafeTensorsType type = SafeTensorsType.Find("BF16")!; // not null: the format has it
        bool isGpt2 = json.Contains("gpt2", StringComparison.Ordinal), isQwen2 = json.Contains("\"qwen2\"", StringComparison.Ordinal);
        SafeTensorsWriter writer = new SafeTensorsWriter().Add(isGpt2 ? "wte.weight" : prefix + "embed_tokens.weight", type, [vocabSize, 0], []);
        for (int layer = 0; layer < 64; layer++) writer.Add($"{prefix}layers.{layer}.input_layernorm.weight", type, [0], []);
        if (isQwen2) writer.Add("model.layers.0.self_attn.q_proj.bias", type, [0], []);
        if (isGpt2) foreach (string name in (string[])["attn.c_attn", "attn.c_proj", "mlp.c_fc"]) writer.Add($"h.0.{name}.bias", type, [0], []);
        writer.Save(Path.Combine(_folder, "model.safetensors"));
    }
}
