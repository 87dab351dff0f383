using System.Globalization;
using System.Text.Json;
using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Formats.SafeTensors;
using LlmFromScratch.Kernels.Quantization;
using LlmFromScratch.Models;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Tests.Models.HuggingFace;

/// <summary>
/// Writes a GGUF model as transformers would have saved it: names, config.json and layouts from its documentation, so that reading it back is tested against
/// something else than the reader's own tables.
/// </summary>
internal static class HuggingFaceLayout
{
    /// <summary>Writes config.json and model.safetensors; matrices in another type where one is given.</summary>
    public static void Save(GgufFile file, string folder, DType matrices = DType.F32)
    {
        ModelConfig config = ModelConfigLoader.Load(file);
        File.WriteAllText(Path.Combine(folder, "config.json"), JsonSerializer.Serialize(ConfigOf(file, config)));
        SafeTensorsWriter writer = new SafeTensorsWriter().Add("format", "pt");
        foreach (GgufTensorInfo info in file.Tensors)
            foreach ((string name, Tensor tensor) in Stored(config, info.Name, file.GetTensor(info.Name)))
                writer.Add(name, tensor.Shape.Rank == 1 ? tensor : Encoded(tensor, matrices));
        writer.Save(Path.Combine(folder, "model.safetensors"));
    }

    /// <summary>Writes tokenizer.json of a model with a byte-level vocabulary that is cut as GPT-2 does.</summary>
    public static void SaveTokenizer(GgufFile file, string folder)
    {
        string[] tokens = file.Metadata.GetArray<string>("tokenizer.ggml.tokens");
        int end = file.Metadata.GetInt32("tokenizer.ggml.eos_token_id");
        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), JsonSerializer.Serialize(new
        {
            version = "1.0",
            added_tokens = new[] { new { id = end, content = tokens[end], single_word = false, lstrip = false, rstrip = false, normalized = false, special = true } },
            pre_tokenizer = new { type = "ByteLevel", add_prefix_space = false, trim_offsets = true, use_regex = true },
            decoder = new { type = "ByteLevel", add_prefix_space = true, trim_offsets = true, use_regex = true },
            model = new
            {
                type = "BPE", vocab = tokens.Index().ToDictionary(pair => pair.Item, pair => pair.Index), merges = file.Metadata.GetArray<string>("tokenizer.ggml.merges"),
            },
        }));
    }

    /// <summary>A tensor's values in another type.</summary>
    public static Tensor Encoded(Tensor tensor, DType dtype)
    {
        if (dtype == DType.F32) return tensor;
        Tensor result = Tensor.Zeros(tensor.Shape, dtype);
        RowCodec.Encode(dtype, tensor.Floats, result.Bytes);
        return result;
    }

    private static Dictionary<string, object?> ConfigOf(GgufFile file, ModelConfig config)
    {
        if (config.Architecture == "gpt2") return new()
        {
            ["model_type"] = "gpt2", ["activation_function"] = "gelu_new", ["n_embd"] = config.EmbeddingSize, ["n_head"] = config.HeadCount, ["n_layer"] = config.LayerCount,
            ["n_positions"] = config.ContextLength, ["n_inner"] = config.FeedForwardSize, ["layer_norm_epsilon"] = config.NormEpsilon, ["tie_word_embeddings"] = config.TiedHead,
        };
        string type = (config.Architecture, config.Moe) switch { ("llama", null) => "llama", ("llama", _) => "mixtral", ("qwen3moe", _) => "qwen3_moe", ("gemma3", _) => "gemma3_text", var (name, _) => name };
        bool isGemma = type.StartsWith("gemma", StringComparison.Ordinal);
        Dictionary<string, object?> json = new()
        {
            ["model_type"] = type, ["hidden_size"] = config.EmbeddingSize, ["num_attention_heads"] = config.HeadCount, ["num_key_value_heads"] = config.KvHeadCount,
            ["head_dim"] = config.HeadSize, ["num_hidden_layers"] = config.LayerCount, ["intermediate_size"] = config.FeedForwardSize,
            ["max_position_embeddings"] = config.ContextLength, ["rms_norm_eps"] = config.NormEpsilon, ["rope_theta"] = config.Rope!.Base, // not null: only gpt2 has none
            ["tie_word_embeddings"] = config.TiedHead, [isGemma ? "hidden_activation" : "hidden_act"] = isGemma ? "gelu_pytorch_tanh" : "silu",
            ["partial_rotary_factor"] = (double)config.RotatedSize / config.HeadSize, ["rope_scaling"] = Scaling(file, config), ["sliding_window"] = null,
        };
        if (isGemma)
        {
            (json["query_pre_attn_scalar"], json["sliding_window"]) = (config.HeadSize, config.Attention.Window!.Size); // not null: gemma has one
            (json["attn_logit_softcapping"], json["final_logit_softcapping"]) = (config.Attention.SoftCap, config.LogitSoftCap);
            if (type == "gemma3_text") json["rope_local_base_freq"] = config.Rope.LocalBase;
        }
        if (config.Moe is { } moe)
        {
            (json[type == "mixtral" ? "num_local_experts" : "num_experts"], json["num_experts_per_tok"]) = (moe.ExpertCount, moe.UsedCount);
            (json["moe_intermediate_size"], json["norm_topk_prob"]) = (moe.FeedForwardSize, true);
        }
        return json;
    }

    private static Dictionary<string, object?>? Scaling(GgufFile file, ModelConfig config)
    {
        RopeScaling scaling = config.Rope!.Scaling; // not null: only gpt2 has none
        if (file.Contains("rope_freqs.weight")) return new() // the numbers that EXPECTED.md states
        {
            ["rope_type"] = "llama3", ["factor"] = 8.0, ["low_freq_factor"] = 1.0, ["high_freq_factor"] = 4.0, ["original_max_position_embeddings"] = 64,
        };
        return scaling.Kind switch
        {
            RopeScalingKind.Linear => scaling.Factor == 1 ? null : new() { ["rope_type"] = "linear", ["factor"] = scaling.Factor },
            RopeScalingKind.Yarn => new()
            {
                ["rope_type"] = "yarn", ["factor"] = scaling.Factor, ["original_max_position_embeddings"] = scaling.OriginalContextLength,
                ["beta_fast"] = scaling.BetaFast, ["beta_slow"] = scaling.BetaSlow,
            },
            _ => new()
            {
                ["type"] = "longrope", ["long_factor"] = file.GetTensor("rope_factors_long.weight").Floats.ToArray(),
                ["short_factor"] = file.GetTensor("rope_factors_short.weight").Floats.ToArray(),
                ["original_max_position_embeddings"] = scaling.OriginalContextLength, ["attention_factor"] = scaling.AttentionFactor,
            },
        };
    }

    // What a GGUF tensor becomes: other names, and for some other layouts.
    private static IEnumerable<(string Name, Tensor Tensor)> Stored(ModelConfig config, string name, Tensor tensor)
    {
        bool isGpt2 = config.Architecture == "gpt2", isGemma = config.PostNorm;
        if (isGemma && tensor.Shape.Rank == 1) tensor = Minus1(tensor);
        if (name.StartsWith("rope_", StringComparison.Ordinal)) yield break; // in config.json
        string? top = name switch
        {
            "token_embd.weight" => isGpt2 ? "transformer.wte.weight" : "model.embed_tokens.weight",
            "position_embd.weight" => "transformer.wpe.weight",
            "output_norm.weight" => isGpt2 ? "transformer.ln_f.weight" : "model.norm.weight",
            "output_norm.bias" => "transformer.ln_f.bias",
            "output.weight" => "lm_head.weight",
            _ => null,
        };
        if (top is not null)
        {
            yield return (top, tensor);
            yield break;
        }
        string[] parts = name.Split('.');
        string block = $"{(isGpt2 ? "transformer.h" : "model.layers")}.{parts[1]}.", ending = "." + parts[3];
        if (isGpt2)
        {
            yield return (block + parts[2] switch
            {
                "attn_norm" => "ln_1", "attn_qkv" => "attn.c_attn", "attn_output" => "attn.c_proj", "ffn_norm" => "ln_2", "ffn_up" => "mlp.c_fc", _ => "mlp.c_proj",
            } + ending, tensor.Shape.Rank == 2 ? Transposed(tensor) : tensor);
            yield break;
        }
        if (parts[2].EndsWith("_exps", StringComparison.Ordinal))
        {
            bool isMixtral = config.Architecture == "llama";
            string expert = parts[2] switch
            {
                "ffn_gate_exps" => isMixtral ? "w1" : "gate_proj", "ffn_down_exps" => isMixtral ? "w2" : "down_proj", _ => isMixtral ? "w3" : "up_proj",
            };
            for (int e = 0; e < tensor.Shape[0]; e++) yield return (string.Create(CultureInfo.InvariantCulture,
                $"{block}{(isMixtral ? "block_sparse_moe" : "mlp")}.experts.{e}.{expert}{ending}"), tensor.Slice(e, 1).Reshape(tensor.Shape[1], tensor.Shape[2]));
            yield break;
        }
        if (config.Architecture == "llama" && parts[2] is "attn_q" or "attn_k") tensor = ApartPairs(tensor, config.HeadSize);
        yield return (block + parts[2] switch
        {
            "attn_norm" => "input_layernorm", "attn_q" => "self_attn.q_proj", "attn_k" => "self_attn.k_proj", "attn_v" => "self_attn.v_proj", "attn_qkv" => "self_attn.qkv_proj",
            "attn_q_norm" => "self_attn.q_norm", "attn_k_norm" => "self_attn.k_norm", "attn_output" => "self_attn.o_proj",
            "ffn_norm" => isGemma ? "pre_feedforward_layernorm" : "post_attention_layernorm", "post_attention_norm" => "post_attention_layernorm",
            "post_ffw_norm" => "post_feedforward_layernorm", "ffn_gate" => "mlp.gate_proj", "ffn_up" => config.Architecture == "phi3" ? "mlp.gate_up_proj" : "mlp.up_proj",
            "ffn_down" => "mlp.down_proj", "ffn_gate_inp" => config.Architecture == "llama" ? "block_sparse_moe.gate" : "mlp.gate",
            _ => throw new ArgumentException($"No name is known for '{name}'."),
        } + ending, tensor);
    }

    // Row (i, s) of a head, pairs side by side, goes to (s, i): first the first values of all pairs, then the second ones.
    private static Tensor ApartPairs(Tensor tensor, int headSize)
    {
        Tensor result = Tensor.Zeros(tensor.Shape);
        int width = tensor.Shape.Rank == 1 ? 1 : tensor.Shape[1];
        for (int row = 0; row < tensor.Shape[0]; row++)
        {
            int head = row / headSize, pair = row % headSize / 2, side = row % 2;
            tensor.Floats.Slice(row * width, width).CopyTo(result.Floats[((head * headSize + side * (headSize / 2) + pair) * width)..]);
        }
        return result;
    }

    private static Tensor Transposed(Tensor tensor)
    {
        Tensor result = Tensor.Zeros(new Shape(tensor.Shape[1], tensor.Shape[0]));
        for (int row = 0; row < tensor.Shape[0]; row++)
            for (int column = 0; column < tensor.Shape[1]; column++)
                result.Floats[column * tensor.Shape[0] + row] = tensor.Floats[row * tensor.Shape[1] + column];
        return result;
    }

    private static Tensor Minus1(Tensor tensor)
    {
        Tensor result = Tensor.Zeros(tensor.Shape);
        for (int i = 0; i < result.Floats.Length; i++) result.Floats[i] = tensor.Floats[i] - 1;
        return result;
    }
}
