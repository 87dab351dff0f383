using LlmFromScratch.Kernels;
using LlmFromScratch.Numerics;

namespace LlmFromScratch.Models.HuggingFace;

/// <summary>Reads RoPE from a config.json: rope_theta, and rope_scaling or rope_parameters (transformers, modeling_rope_utils.py).</summary>
internal static class HuggingFaceRope
{
    /// <summary>The RoPE, and the divisors of its frequencies under the names that GGUF files give them.</summary>
    public static (RopeConfig Rope, Dictionary<string, float[]> Divisors) Read(HuggingFaceKeys keys, int headSize, RopePairing pairing)
    {
        HuggingFaceKeys? scaling = keys.Object("rope_scaling") ?? keys.Object("rope_parameters");
        float share = keys.Single("partial_rotary_factor", scaling?.Single("partial_rotary_factor", 1) ?? 1);
        if (!(share > 0 && share <= 1)) throw keys.Invalid("partial_rotary_factor", "a number above 0 and up to 1");
        int rotated = (int)(headSize * share);
        RopeConfig rope = new()
        {
            Base = keys.Single("rope_theta", scaling?.Single("rope_theta", 10_000) ?? 10_000), Pairing = pairing, RotatedSize = rotated == headSize ? null : rotated,
        };
        string type = scaling?.Text("rope_type", scaling.Text("type", "default")) ?? "default";
        return type switch
        {
            "default" => (rope, []),
            "linear" => (rope with { Scaling = new RopeScaling { Factor = scaling!.Single("factor") } }, []), // not null in this arm and those below: the type came from it
            "yarn" => (rope with { Scaling = Yarn(keys, scaling!) }, []),
            "llama3" => (rope, new() { ["rope_freqs.weight"] = Llama3(rope.Base, rotated, scaling!) }),
            "longrope" or "su" => (rope with { Scaling = LongRope(keys, scaling!) },
                new() { ["rope_factors_long.weight"] = Factors("long_factor"), ["rope_factors_short.weight"] = Factors("short_factor") }),
            _ => throw new NotSupportedException($"{keys.File}: rope type '{type}' is not supported; supported: default, linear, yarn, llama3, longrope."),
        };

        float[] Factors(string key) => scaling!.Singles(key) is { } factors && factors.Length == rotated / 2
            ? factors : throw scaling.Invalid(key, $"{rotated / 2} numbers, one for each pair of values that RoPE turns");
    }

    private static RopeScaling Yarn(HuggingFaceKeys keys, HuggingFaceKeys scaling)
    {
        foreach (string key in (ReadOnlySpan<string>)["mscale", "mscale_all_dim"])
            if (scaling.Has(key)) throw new NotSupportedException($"{keys.File}: {scaling.NameOf(key)} is not supported; supported: yarn without it.");
        RopeScaling yarn = new()
        {
            Kind = RopeScalingKind.Yarn, Factor = scaling.Single("factor"), OriginalContextLength = OriginalContextLength(keys, scaling),
            BetaFast = scaling.Single("beta_fast", 32), BetaSlow = scaling.Single("beta_slow", 1),
        };
        return scaling.Has("attention_factor") ? yarn with { AttentionFactor = scaling.Single("attention_factor") / yarn.Magnitude } : yarn; // as stated, in all
    }

    // Longer contexts spread attention thinner: the factor brings the entropy of its weights back (Ding et al. 2024, LongRoPE).
    private static RopeScaling LongRope(HuggingFaceKeys keys, HuggingFaceKeys scaling)
    {
        int original = OriginalContextLength(keys, scaling);
        double stretch = scaling.Has("factor") ? scaling.Single("factor") : (double)keys.Int("max_position_embeddings") / original;
        double attention = stretch > 1 ? Math.Sqrt(1 + PortableMath.Log(stretch) / PortableMath.Log(original)) : 1;
        return new RopeScaling { Kind = RopeScalingKind.LongRope, OriginalContextLength = original, AttentionFactor = scaling.Single("attention_factor", (float)attention) };
    }

    private static int OriginalContextLength(HuggingFaceKeys keys, HuggingFaceKeys scaling)
    {
        int length = keys.Int("original_max_position_embeddings", scaling.Int("original_max_position_embeddings", keys.Int("max_position_embeddings")));
        return length > 1 ? length : throw keys.Invalid("original_max_position_embeddings", "at least 2");
    }

    // Pairs that turn fast over the original context keep their frequency, slow ones are divided by the factor, those between by something between
    // (Llama 3.1's model code, apply_scaling).
    private static float[] Llama3(float ropeBase, int rotatedSize, HuggingFaceKeys scaling)
    {
        double factor = scaling.Single("factor"), low = scaling.Single("low_freq_factor", 1), high = scaling.Single("high_freq_factor", 4);
        double original = scaling.Int("original_max_position_embeddings");
        if (!(factor > 0 && low > 0 && high > low && original > 0)) throw scaling.Invalid("factor", "factor and low_freq_factor above 0, high_freq_factor above the low one");
        float[] divisors = new float[rotatedSize / 2];
        for (int i = 0; i < divisors.Length; i++)
        {
            double turns = original * PortableMath.Pow(ropeBase, -2.0 * i / rotatedSize) / (2 * Math.PI); // over the original context
            double kept = Math.Clamp((turns - low) / (high - low), 0, 1);
            divisors[i] = (float)(1 / ((1 - kept) / factor + kept));
        }
        return divisors;
    }
}
