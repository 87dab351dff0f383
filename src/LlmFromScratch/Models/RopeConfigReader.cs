using LlmFromScratch.Kernels;

namespace LlmFromScratch.Models;

/// <summary>Reads the RoPE of a model from the metadata of a GGUF file.</summary>
internal static class RopeConfigReader
{
    public static RopeConfig Read(GgufKeys keys, int headSize, RopePairing pairing) => new()
    {
        Base = keys.Single("rope.freq_base", 10_000),
        Pairing = pairing,
        RotatedSize = keys.Int("rope.dimension_count", headSize) is int size && size != headSize ? size : null,
        Scaling = Scaling(keys) with { AttentionFactor = keys.Single("rope.scaling.attn_factor", 1) },
    };

    // A factor without a type is linear, as in the files from before the type existed; a factor of 0 stands for none.
    private static RopeScaling Scaling(GgufKeys keys)
    {
        string type = keys.Text("rope.scaling.type", keys.File.Contains("rope_factors_long.weight") ? "longrope" : "linear"); // phi3 files do not say it
        float factor = keys.Single("rope.scaling.factor", keys.Single("rope.scale_linear", 0)) is not 0 and float stated ? stated : 1;
        int original = keys.Int("rope.scaling.original_context_length", keys.Int("context_length"));
        return type switch
        {
            "none" => new RopeScaling(),
            "linear" => new RopeScaling { Factor = factor },
            "longrope" => new RopeScaling { Kind = RopeScalingKind.LongRope, Factor = factor, OriginalContextLength = original },
            "yarn" => new RopeScaling
            {
                Kind = RopeScalingKind.Yarn, Factor = factor, OriginalContextLength = original,
                BetaFast = keys.Single("rope.scaling.yarn_beta_fast", 32), BetaSlow = keys.Single("rope.scaling.yarn_beta_slow", 1),
            },
            _ => throw new NotSupportedException(
                $"{keys.File.Path}: {keys.NameOf("rope.scaling.type")} is '{type}'; supported: none, linear, yarn, longrope."),
        };
    }
}
