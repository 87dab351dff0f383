using System.Text.Json;

namespace LlmFromScratch.Visuals.Widgets;

/// <summary>
/// A generation step by step, with the key/value cache and without: which positions each forward pass computes keys and values for, what that sums
/// up to (<c>P + n</c> rows against <c>P + (P+1) + ... + (P+n)</c>), and the bytes that the cache takes: <c>2 · L · K · D · bytes · positions</c>.
/// The counts come from an engine that did both. Chapter 12 teaches it.
/// </summary>
public sealed class KvCacheWidget : Widget
{
    private readonly string[] _tokens; // [P + n]
    private readonly int[] _withCache, _without; // [1 + n] rows of each forward pass
    private readonly int _promptCount, _layerCount, _kvHeadCount, _headSize, _bytesPerValue;

    /// <summary>Shows a generation of n tokens after a prompt of P.</summary>
    /// <param name="tokens">[P + n] prompt and generated tokens.</param>
    /// <param name="promptCount">P, at least 1.</param>
    /// <param name="withCache">[1 + n] rows that each pass computed with a cache, the prefill first.</param>
    /// <param name="without">[1 + n] the same without.</param>
    /// <param name="layerCount">L.</param>
    /// <param name="kvHeadCount">K.</param>
    /// <param name="headSize">D.</param>
    /// <param name="bytesPerValue">4 for F32, 2 for F16.</param>
    /// <exception cref="ArgumentException">The counts do not fit together.</exception>
    public KvCacheWidget(string[] tokens, int promptCount, int[] withCache, int[] without, int layerCount, int kvHeadCount, int headSize, int bytesPerValue)
    {
        int passes = tokens.Length - promptCount + 1;
        if (promptCount < 1 || passes < 1 || withCache.Length != passes || without.Length != passes) throw new ArgumentException(
            $"KvCacheWidget: {tokens.Length} tokens with a prompt of {promptCount} take {passes} passes; got {withCache.Length} counts with cache and {without.Length} without.", nameof(withCache));
        for (int pass = 0; pass < passes; pass++)
            if (withCache[pass] < 1 || without[pass] < withCache[pass] || without[pass] > promptCount + pass) throw new ArgumentException(
                $"KvCacheWidget: pass {pass} has {promptCount + pass} positions; got {withCache[pass]} rows with cache and {without[pass]} without.", nameof(without));
        ArgumentOutOfRangeException.ThrowIfLessThan(Math.Min(Math.Min(layerCount, kvHeadCount), Math.Min(headSize, bytesPerValue)), 1);
        (_tokens, _promptCount, _withCache, _without) = ([.. tokens], promptCount, [.. withCache], [.. without]);
        (_layerCount, _kvHeadCount, _headSize, _bytesPerValue) = (layerCount, kvHeadCount, headSize, bytesPerValue);
    }

    private protected override string Name => "kv-cache";

    private protected override IReadOnlyList<string> Scripts => ["dom.js", "draw.js", "kv-cache.js", "kv-cache-widget.js"];

    /// <summary>The still picture: the rows computed so far, with cache and without.</summary>
    public override string ToSvg()
    {
        int[] passes = [.. Enumerable.Range(0, _withCache.Length)];
        return Figure.Line("with cache", passes, Sums(_withCache)).AddLine("without", passes, Sums(_without))
            .WithTitle("Rows computed").WithAxes("generated tokens", "rows").ToSvg();
    }

    /// <inheritdoc/>
    public override string ToString() => $"KV cache: {_promptCount} prompt tokens and {_withCache.Length - 1} generated; {_withCache.Sum()} rows with cache, {_without.Sum()} without";

    private protected override void WriteData(Utf8JsonWriter json)
    {
        json.WriteStartArray("tokens");
        foreach (string token in _tokens) TokenText.Write(json, TokenText.Split(token));
        json.WriteEndArray();
        json.WriteNumber("prompt", _promptCount);
        Write(json, "withCache", _withCache);
        Write(json, "without", _without);
        json.WriteStartObject("model");
        json.WriteNumber("layers", _layerCount);
        json.WriteNumber("kvHeads", _kvHeadCount);
        json.WriteNumber("headSize", _headSize);
        json.WriteNumber("bytesPerValue", _bytesPerValue);
        json.WriteEndObject();
    }

    private static int[] Sums(int[] counts)
    {
        int sum = 0;
        return Array.ConvertAll(counts, count => sum += count);
    }

    private static void Write(Utf8JsonWriter json, string name, int[] values)
    {
        json.WriteStartArray(name);
        foreach (int value in values) json.WriteNumberValue(value);
        json.WriteEndArray();
    }
}
