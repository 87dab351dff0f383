using LlmFromScratch.Formats.SafeTensors;

namespace LlmFromScratch.Models.HuggingFace;

/// <summary>
/// What a tensor with a GGUF name is called in a checkpoint of transformers: "blk.3.attn_q.weight" is "model.layers.3.self_attn.q_proj.weight" there.
/// </summary>
internal sealed class HuggingFaceNames
{
    /// <summary>Stands for the number of an expert in a name.</summary>
    public const string Expert = "{expert}";

    private static readonly Dictionary<string, string> Common = new()
    {
        ["attn_norm"] = "input_layernorm", ["attn_q"] = "self_attn.q_proj", ["attn_k"] = "self_attn.k_proj", ["attn_v"] = "self_attn.v_proj",
        ["attn_q_norm"] = "self_attn.q_norm", ["attn_k_norm"] = "self_attn.k_norm", ["attn_output"] = "self_attn.o_proj", ["ffn_norm"] = "post_attention_layernorm",
        ["ffn_gate"] = "mlp.gate_proj", ["ffn_up"] = "mlp.up_proj", ["ffn_down"] = "mlp.down_proj",
    };

    private static readonly Dictionary<string, string> Mixtral = new(Common)
    {
        ["ffn_gate_inp"] = "block_sparse_moe.gate", ["ffn_gate_exps"] = $"block_sparse_moe.experts.{Expert}.w1",
        ["ffn_down_exps"] = $"block_sparse_moe.experts.{Expert}.w2", ["ffn_up_exps"] = $"block_sparse_moe.experts.{Expert}.w3",
    };

    private static readonly Dictionary<string, string> QwenMoe = new(Common)
    {
        ["ffn_gate_inp"] = "mlp.gate", ["ffn_gate_exps"] = $"mlp.experts.{Expert}.gate_proj",
        ["ffn_up_exps"] = $"mlp.experts.{Expert}.up_proj", ["ffn_down_exps"] = $"mlp.experts.{Expert}.down_proj",
    };

    private static readonly Dictionary<string, string> Gemma = new(Common)
    {
        ["ffn_norm"] = "pre_feedforward_layernorm", ["post_attention_norm"] = "post_attention_layernorm", ["post_ffw_norm"] = "post_feedforward_layernorm",
    };

    // Query, key and value in one matrix, gate and up in another.
    private static readonly Dictionary<string, string> Phi3 = new()
    {
        ["attn_norm"] = "input_layernorm", ["attn_qkv"] = "self_attn.qkv_proj", ["attn_output"] = "self_attn.o_proj",
        ["ffn_norm"] = "post_attention_layernorm", ["ffn_up"] = "mlp.gate_up_proj", ["ffn_down"] = "mlp.down_proj",
    };

    private static readonly Dictionary<string, string> Gpt2 = new()
    {
        ["attn_norm"] = "ln_1", ["attn_qkv"] = "attn.c_attn", ["attn_output"] = "attn.c_proj", ["ffn_norm"] = "ln_2", ["ffn_up"] = "mlp.c_fc", ["ffn_down"] = "mlp.c_proj",
    };

    private readonly Dictionary<string, string> _inBlock;
    private readonly Dictionary<string, string> _top;
    private readonly string _prefix, _blocks;

    /// <param name="folder">Its names show what stands before "embed_tokens": "model." mostly, "language_model.model." where a model also sees images.</param>
    /// <param name="modelType">model_type of config.json.</param>
    public HuggingFaceNames(SafeTensorsFolder folder, string modelType)
    {
        bool isGpt2 = modelType == "gpt2";
        _inBlock = modelType switch
        {
            "mixtral" => Mixtral, "qwen3_moe" => QwenMoe, "gemma2" or "gemma3" or "gemma3_text" => Gemma, "phi3" => Phi3, "gpt2" => Gpt2, _ => Common,
        };
        string embedding = isGpt2 ? "wte.weight" : "embed_tokens.weight";
        string whole = folder.Tensors.FirstOrDefault(tensor => IsNamed(tensor, embedding))?.Name
            ?? throw new InvalidDataException($"{folder.Path}: expected a tensor '{embedding}' of a {modelType} model among the {folder.Tensors.Count} tensors, got none.");
        _prefix = whole[..^embedding.Length];
        _blocks = isGpt2 ? "h." : "layers.";
        _top = new Dictionary<string, string>
        {
            ["token_embd.weight"] = whole,
            ["position_embd.weight"] = _prefix + "wpe.weight",
            ["output_norm.weight"] = _prefix + (isGpt2 ? "ln_f.weight" : "norm.weight"),
            ["output_norm.bias"] = _prefix + "ln_f.bias",
            ["output.weight"] = folder.Tensors.FirstOrDefault(tensor => IsNamed(tensor, "lm_head.weight"))?.Name ?? "lm_head.weight",
        };
    }

    /// <summary>The name in the checkpoint, for an expert with <see cref="Expert"/> in it; null where such models have no such tensor.</summary>
    public string? Of(string ggufName)
    {
        if (_top.TryGetValue(ggufName, out string? top)) return top;
        string[] parts = ggufName.Split('.'); // blk, layer, what, weight or bias
        return parts.Length == 4 && parts[0] == "blk" && _inBlock.TryGetValue(parts[2], out string? inBlock)
            ? $"{_prefix}{_blocks}{parts[1]}.{inBlock}.{parts[3]}" : null;
    }

    private static bool IsNamed(SafeTensorsInfo tensor, string name) => tensor.Name == name || tensor.Name.EndsWith("." + name, StringComparison.Ordinal);
}
