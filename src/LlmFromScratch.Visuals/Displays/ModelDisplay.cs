using LlmFromScratch.Inference;
using LlmFromScratch.Models;
using LlmFromScratch.Tensors;
using LlmFromScratch.Visuals.Rendering;

namespace LlmFromScratch.Visuals.Displays;

/// <summary>A model as the value of a cell: its sizes, its parameters by part, and the memory that they and the KV cache need. Chapter 07 counts them.</summary>
internal static class ModelDisplay
{
    private static readonly DType[] Types = [DType.F32, DType.F16, DType.Q8_0, DType.Q4_0];

    /// <summary>Three tables that stand side by side where there is room.</summary>
    /// <param name="model">A <see cref="ModelConfig"/>, a <see cref="Transformer"/> or a <see cref="LanguageModel"/>.</param>
    public static string Html(object model)
    {
        (ModelConfig config, string[] lines) = Read(model);
        string title = Markup.Escape(Title(config));
        string below = string.Concat(lines.Select(line => $"<div style=\"opacity:.75\">{Markup.Escape(line)}</div>"));
        string tables = Table("sizes", SizesOf(config).Select(row => Row(row.Name, row.Symbol, Sizes.Count(row.Value))))
            + Table("parameters", Parts(config).Select(part => Row(part.Part, Sizes.Count(part.Count), Percent(part.Count, config), Bar(part.Count, config))))
            + Table("memory", Memory(config).Select(row => Row(row.What, row.Size)));
        return $"<div role=\"group\" aria-label=\"{title}\" style=\"line-height:1.5;margin:.3em 0\"><div><strong>{title}</strong></div>{below}"
            + $"<div style=\"display:flex;flex-wrap:wrap;gap:.5em 2.5em;align-items:flex-start\">{tables}</div></div>";
    }

    /// <summary>The same as a few lines.</summary>
    public static string Text(object model)
    {
        (ModelConfig config, string[] lines) = Read(model);
        return string.Join('\n',
        [
            Title(config),
            .. lines.Select(line => "  " + line),
            "  sizes: " + string.Join(", ", SizesOf(config).Select(row => $"{(row.Symbol.Length > 0 ? row.Symbol : row.Name)} {Sizes.Count(row.Value)}")),
            "  parameters: " + string.Join(", ", Parts(config).Select(part => $"{part.Part} {Sizes.Count(part.Count)} ({Percent(part.Count, config)})")),
            "  memory: " + string.Join(", ", Memory(config).Select(row => $"{row.What} {row.Size}")),
        ]);
    }

    private static string Title(ModelConfig config) => $"{config.Architecture}, {Sizes.Count(config.ParameterCount)} parameters";

    private static (ModelConfig Config, string[] Lines) Read(object model) => model switch
    {
        ModelConfig config => (config, [Kind(config)]),
        Transformer transformer => (transformer.Config, [Kind(transformer.Config), Describe(transformer)]),
        LanguageModel language => (language.Transformer.Config, [Kind(language.Transformer.Config), Describe(language.Transformer), TokenizerDisplay.Title(language.Tokenizer)]),
        _ => throw new ArgumentException($"ModelDisplay: expected a ModelConfig, a Transformer or a LanguageModel, got a {model.GetType().Name}.", nameof(model)),
    };

    private static string Describe(Transformer model) => $"embedding in {model.Weights.TokenEmbedding.DType}, on {model.Backend.GetType().Name}";

    private static string Kind(ModelConfig config) => string.Join(", ",
    [
        config.NormKind == NormKind.Layer ? "LayerNorm" : "RMSNorm",
        config.FeedForwardKind == FeedForwardKind.Gelu ? "GELU" : config.FeedForwardKind.ToString().Replace("Glu", "GLU"), // as the papers write SwiGLU and GeGLU
        config.Rope is { } rope ? $"RoPE with base {Numbers.Short(rope.Base)}" : "learned positions",
        config.TiedHead ? "the head is the embedding's table" : "a head of its own",
    ]);

    private static IEnumerable<(string Name, string Symbol, long Value)> SizesOf(ModelConfig config)
    {
        yield return ("vocabulary", "V", config.VocabSize);
        yield return ("context", "", config.ContextLength);
        yield return ("embedding", "C", config.EmbeddingSize);
        yield return ("blocks", "L", config.LayerCount);
        yield return ("query heads", "H", config.HeadCount);
        yield return ("key/value heads", "K", config.KvHeadCount);
        yield return ("head size", "D", config.HeadSize);
        yield return ("feed-forward", "F", config.Moe?.FeedForwardSize ?? config.FeedForwardSize);
        if (config.Moe is not { } moe) yield break;
        yield return ("experts", "", moe.ExpertCount);
        yield return ("experts a token", "", moe.UsedCount);
    }

    private static IEnumerable<(string Part, long Count)> Parts(ModelConfig config) => config.ParametersByPart().Where(part => part.Count > 0);

    // Weights as if all were stored in one type; keys and values are 2 · L · K · D numbers a token.
    private static IEnumerable<(string What, string Size)> Memory(ModelConfig config)
    {
        foreach (DType type in Types)
            yield return ($"weights in {type}", Sizes.Bytes((long)Math.Round((double)config.ParameterCount * type.BlockBytes() / type.BlockSize())));
        long token = 2L * config.LayerCount * config.KvHeadCount * config.HeadSize * DType.F16.BlockBytes();
        yield return ("keys and values of a token in F16", Sizes.Bytes(token));
        yield return ($"of {Sizes.Count(config.ContextLength)} tokens", Sizes.Bytes(token * config.ContextLength));
    }

    private static string Percent(long count, ModelConfig config) => $"{Numbers.Short(Math.Round(100.0 * count / config.ParameterCount, 1))} %";

    private static string Bar(long count, ModelConfig config) =>
        $"<div style=\"height:.7em;width:{Numbers.Pixel(8.0 * count / config.ParameterCount)}em;background:currentColor;opacity:.45\"></div>";

    private static string Table(string caption, IEnumerable<string> rows) =>
        $"<table style=\"border-collapse:collapse\"><caption style=\"text-align:left;opacity:.75\">{caption}</caption>{string.Concat(rows)}</table>";

    // The first cell is a name, the others are numbers; a bar is markup already.
    private static string Row(string name, params string[] cells) => $"<tr><th scope=\"row\" style=\"text-align:left;font-weight:400;padding:.1em .9em .1em 0\">{Markup.Escape(name)}</th>"
        + string.Concat(cells.Select(cell => $"<td style=\"text-align:{(cell.StartsWith('<') ? "left" : "right")};padding:.1em .6em .1em 0\">{(cell.StartsWith('<') ? cell : Markup.Escape(cell))}</td>")) + "</tr>";
}
