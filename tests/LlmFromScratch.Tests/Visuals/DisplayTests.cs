using System.Reflection;
using System.Runtime.Loader;
using System.Text.Json.Nodes;
using LlmFromScratch.Inference;
using LlmFromScratch.Models;
using LlmFromScratch.Notebooks.Formatting;
using LlmFromScratch.Tensors;
using LlmFromScratch.Tokenization;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Visuals.Widgets;

namespace LlmFromScratch.Tests.Visuals;

/// <summary>How the library's own values show themselves as the last expression of a cell, found as a notebook host finds it.</summary>
public class DisplayTests
{
    private static readonly ModelConfig Tiny = new()
    {
        Architecture = "tiny", VocabSize = 10, ContextLength = 16, EmbeddingSize = 4, LayerCount = 2, HeadCount = 2, KvHeadCount = 1, HeadSize = 2, FeedForwardSize = 8, TiedHead = true,
    };

    [Fact]
    public void Tensor_Small_ShowsItsNumbersAndStatistics()
    {
        using Tensor tensor = Tensor.FromFloats([1, 3, -1, 5], 2, 2);
        // mean 8 / 4 = 2; the squared distances 1, 1, 9, 9 sum to 20: std = √5
        Assert.Equal("Tensor [2, 2] F32\n  [1, 3]\n  [-1, 5]\n  min -1, mean 2, max 5, std 2.236", Text(tensor));
        string html = Html(tensor);
        Assert.Contains("<strong>Tensor [2, 2]</strong>&ensp;F32&ensp;<span style=\"opacity:.75\">4 values, 16 bytes</span>", html);
        Assert.Equal(4, html.Split("<rect x=").Length - 1); // a cell a number
        Assert.Equal(4, html.Split("<text ").Length - 1);   // which is written in it
        Assert.Contains("min -1, mean 2, max 5, std 2.236", html);
    }

    [Fact]
    public void Tensor_Large_IsAStripAndNoWall()
    {
        using Tensor tensor = Tensor.Zeros(new Shape(4, 100, 64));
        for (int i = 0; i < tensor.Shape.Count; i++) tensor.Floats[i] = i % 2;
        Assert.Equal("Tensor [4, 100, 64] F32\n  [0, 1, 0, 1, 0, 1, …]\n  min 0, mean 0.5, max 1, std 0.5", Text(tensor));
        string html = Html(tensor);
        Assert.Contains("25,600 values, 102.4 kB", html);
        Assert.Contains("a cell is the mean of about 50 × 1.333 numbers", html);
        Assert.DoesNotContain("<text", html);
        Assert.InRange(html.Length, 1000, 60_000);
    }

    [Fact]
    public void Tensor_NotANumber_IsCountedAndLeftOut()
    {
        using Tensor tensor = Tensor.FromFloats([1, float.NaN, 3, float.PositiveInfinity], 4);
        Assert.Equal("Tensor [4] F32\n  [1, NaN, 3, ∞]\n  min 1, mean 2, max 3, std 1\n  2 of them NaN or infinite, left out of the statistics", Text(tensor));
    }

    [Fact]
    public void Tensor_Quantized_IsDecoded()
    {
        using Tensor tensor = Tensor.Zeros(new Shape(1, 32), DType.Q8_0);
        tensor.Bytes[1] = 0x3C; // the block's scale, 1.0 in half precision, then 32 signed bytes
        for (int i = 0; i < 32; i++) tensor.Bytes[2 + i] = (byte)(i + 1);
        Assert.Equal("Tensor [1, 32] Q8_0\n  [1, 2, 3, 4, 5, 6, …]\n  min 1, mean 16.5, max 32, std 9.233", Text(tensor)); // std² = (32² - 1) / 12
    }

    [Fact]
    public void Tensor_WithoutNumbersHere_SaysWhy()
    {
        Assert.Equal("Tensor [0, 3] F32: no values", Text(Tensor.Zeros(new Shape(0, 3))));
        Assert.Equal("Tensor [2] F32: its numbers lie in FarStorage; the backend's Download brings them", Text(new Tensor(new Shape(2), DType.F32, new FarStorage())));
        Assert.Equal("Tensor [2] I32\n  [0, 0]\n  min 0, mean 0, max 0, std 0", Text(Tensor.Zeros(new Shape(2), DType.I32)));
    }

    [Fact]
    public void ModelConfig_Small_HasSizesPartsAndMemoryWorkedOutByHand()
    {
        // embedding 10·4; attention 2 · 4·(2·4 + 2·2); feed-forward 2 · 3·4·8; norms 2·2·4 + 4; 348 in all. 34/32 and 18/32 bytes a weight in Q8_0 and Q4_0; 2·2·1·2 numbers a token
        Assert.Equal("""
            tiny, 348 parameters
              RMSNorm, SwiGLU, RoPE with base 10000, the head is the embedding's table
              sizes: V 10, context 16, C 4, L 2, H 2, K 1, D 2, F 8
              parameters: embedding 40 (11.5 %), attention 96 (27.6 %), feed-forward 192 (55.2 %), norms 20 (5.7 %)
              memory: weights in F32 1,392 bytes, weights in F16 696 bytes, weights in Q8_0 370 bytes, weights in Q4_0 196 bytes, keys and values of a token in F16 16 bytes, of 16 tokens 256 bytes
            """.ReplaceLineEndings("\n"), Text(Tiny));
        string html = Html(Tiny);
        Assert.Contains("<strong>tiny, 348 parameters</strong>", html);
        Assert.Equal(3, html.Split("<table").Length - 1);
        Assert.Contains(">feed-forward</th>", html);
        Assert.DoesNotContain(">head</th>", html); // tied: none of its own
        Assert.Contains(">head</th>", Html(Tiny with { TiedHead = false }));
    }

    [Fact]
    public void Model_Loaded_ShowsConfigWeightsAndTokenizer()
    {
        using LanguageModel model = LanguageModel.LoadEmbedded();
        string[] lines = Text(model).Split('\n');
        Assert.StartsWith("llama, ", lines[0]);
        Assert.Equal($"  embedding in {model.Transformer.Weights.TokenEmbedding.DType}, on CpuBackend", lines[2]);
        Assert.StartsWith("  ByteLevelBpeTokenizer with ", lines[3]);
        Assert.Equal(lines[..3], Text(model.Transformer).Split('\n')[..3]);
        Assert.Contains("ByteLevelBpeTokenizer with ", Html(model));
    }

    [Fact]
    public void Tokenizer_Shown_CutsASentenceIntoChips()
    {
        ByteLevelBpeTokenizer tokenizer = new BpeTrainer(new BpeTrainingOptions { VocabSize = 260, ControlTokens = ["<|end|>"], EndOfSequence = "<|end|>" }).Train(["a fox, a fox, a fox"]);
        string[] lines = Text(tokenizer).Split('\n');
        Assert.Equal(["ByteLevelBpeTokenizer with 260 tokens", $"  ends it: {tokenizer.SpecialTokens.EndOfSequence}"], lines[..2]);
        Assert.Equal("Once upon a time, a fox didn't sleep.", lines[2].Trim().Replace("|", "").Replace('·', ' '));
        Assert.Equal(tokenizer.Encode("Once upon a time, a fox didn't sleep."), lines[3].Trim().Split(' ').Select(int.Parse));
        Assert.Contains("class=\"lfs-svg\"", Html(tokenizer));
        Assert.Equal("Tokens: 3 tokens, 3 bytes, 1 bytes per token", new TokenChipsWidget(tokenizer, "zyx").ToString());
    }

    [Fact]
    public void Scalar_Computed_ShowsItsInputsAndGradients()
    {
        Value a = new(2, "a"), b = new(3, "b<"), product = a * b;
        product.Backward();
        Assert.Equal("* = 6 (gradient 1)", Text(product));
        string html = Html(product);
        Assert.Contains("<strong>*</strong>", html);
        Assert.Matches(">a</span></td><td[^>]*>2</td><td[^>]*>3</td>", html);
        Assert.Matches(">b&lt;</span></td><td[^>]*>3</td><td[^>]*>2</td>", html);
    }

    [Fact]
    public void AnyOfThem_InOurOwnHost_IsABundleOfHtmlAndText()
    {
        using Tensor tensor = Tensor.FromFloats([1, 2], 2);
        foreach (object value in (object[])[tensor, Tiny, new Value(1, "a")])
        {
            Assert.Equal(["text/html", "text/plain"], ConventionFormatters.Preferred(value));
            JsonObject bundle = new RichFormatter().Format(value);
            Assert.Equal(["text/html", "text/plain"], bundle.Select(entry => entry.Key));
            Assert.DoesNotContain("<script", bundle["text/html"]!.ToJsonString());
        }
    }

    [Fact]
    public void TypeWhoseFormattersAreMissing_IsShownAsText()
    {
        JsonObject bundle = new RichFormatter().Format(new Lonely());
        Assert.Equal("""{"text/plain":["nobody draws me"]}""", bundle.ToJsonString());
    }

    [Fact]
    public void FormatterSource_WhereALibraryIsLoadedOnce_IsFoundAmongTheLoaded()
    {
        Assembly drawing = typeof(TokenChipsWidget).Assembly; // loaded from here on
        Assembly core = new OnceHost().LoadFromAssemblyPath(typeof(Tensor).Assembly.Location);
        foreach (Type type in (Type[])[typeof(Tensor), typeof(ModelConfig)])
        {
            object attribute = core.GetType(type.FullName!)!.GetCustomAttributes(inherit: true).Single(found => found.GetType().Name == "TypeFormatterSourceAttribute");
            var source = (Type)attribute.GetType().GetProperty("FormatterSourceType")!.GetValue(attribute)!;
            Assert.Equal((drawing, type.Name[..5]), (source.Assembly, source.Name[..5])); // TensorFormatterSource, ModelFormatterSource
        }
    }

    private static string Text(object value) => ConventionFormatters.Render(value)["text/plain"];

    private static string Html(object value) => ConventionFormatters.Render(value)["text/html"];

    [TypeFormatterSource("LlmFromScratch.NotInstalled", "AnySource")]
    private sealed class Lonely
    {
        public override string ToString() => "nobody draws me";
    }

    // As .NET Interactive's loader does: a name without a version means another assembly than the one of that name that is loaded, and is refused.
    private sealed class OnceHost() : AssemblyLoadContext("a notebook host", isCollectible: true)
    {
        protected override Assembly? Load(AssemblyName name) => name.Version is null ? throw new FileLoadException($"{name.Name} has already been loaded.") : null;
    }

    private sealed class FarStorage : TensorStorage
    {
        public override long ByteLength => 8;

        public override void Dispose() { }
    }
}
