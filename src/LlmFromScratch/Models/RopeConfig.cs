using LlmFromScratch.Kernels;

namespace LlmFromScratch.Models;

/// <summary>How a model turns queries and keys by their positions; the defaults are llama's.</summary>
public sealed record RopeConfig
{
    /// <summary>Base of the rotary frequencies: pair i turns <c>base^(-2i/R)</c> radians a position.</summary>
    public float Base { get; init; } = 10_000;

    /// <summary>The base on layers with a sliding window, which are then not scaled either; null for the same as elsewhere (gemma3: 10,000).</summary>
    public float? LocalBase { get; init; }

    /// <summary>Which values of a head are turned together.</summary>
    public RopePairing Pairing { get; init; } = RopePairing.Interleaved;

    /// <summary>R: how many values of a head are turned, the first ones; null for all of them.</summary>
    public int? RotatedSize { get; init; }

    /// <summary>How frequencies are stretched for longer contexts.</summary>
    public RopeScaling Scaling { get; init; } = new();
}
