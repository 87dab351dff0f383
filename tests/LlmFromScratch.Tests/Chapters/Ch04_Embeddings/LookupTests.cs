using LlmFromScratch.Course;
using LlmFromScratch.Kernels.Reference;
using LlmFromScratch.Models;
using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Tests.Chapters.Ch04_Embeddings;

/// <summary>Checklist E1, E6 and erratum X26: the table, its gradient, and its size.</summary>
[Trait("Chapter", "04")]
public class LookupTests
{
    private const int Vocab = 7, Size = 5;
    private static readonly int[] Ids = [3, 0, 3, 6, 3];
    private static readonly float[] Table = Lab.RandomNormal(Vocab * Size, 1), OneHot = [.. Ids.SelectMany(id => Enumerable.Range(0, Vocab).Select(v => v == id ? 1f : 0f))];

    [Fact]
    public void Lookup_AgainstTheOneHotProduct_IsEqualToTheBit()
    {
        using ReferenceBackend backend = new();
        using Tensor table = Tensor.FromFloats(Table, Vocab, Size), turned = Tensor.FromFloats(Turned(Table, Vocab), Size, Vocab), hot = Tensor.FromFloats(OneHot, Ids.Length, Vocab);
        using Tensor ids = Tensor.Zeros(new Shape(Ids.Length), DType.I32), found = Tensor.Zeros(new Shape(Ids.Length, Size)), product = Tensor.Zeros(new Shape(Ids.Length, Size));
        Ids.CopyTo(ids.Ints);
        backend.Embed(table, ids, found);
        backend.MatMul(hot, turned, product);
        Assert.Equal(Table[15..20], found.Floats[..5].ToArray()); // row 3
        Assert.Equal(Bits(found.Floats), Bits(product.Floats));
    }

    [Fact]
    public void Gradient_OfALookup_IsThatOfTheProductAlsoForARowReadThreeTimes()
    {
        float[] pulls = Lab.RandomNormal(Ids.Length * Size, 2);
        Variable rows = new Variable("rows", new Shape(Vocab, Size)).Fill(Table), columns = new Variable("columns", new Shape(Size, Vocab)).Fill(Turned(Table, Vocab));
        using Tape tape = new();
        tape.Backward(tape.Embedding(rows, Ids), pulls);
        tape.Backward(tape.Linear(new Variable("one-hot", new Shape(Ids.Length, Vocab), requiresGradient: false).Fill(OneHot), columns), pulls);
        Assert.Equal(Bits(Turned(columns.Gradient.ToArray(), Size)), Bits(rows.Gradient));
        for (int i = 0; i < Size; i++) Assert.Equal(pulls[i] + pulls[2 * Size + i] + pulls[4 * Size + i], rows.Gradient[3 * Size + i], 1e-5f); // tokens 0, 2 and 4 read row 3
        Assert.All(rows.Gradient.Slice(Size, 2 * Size).ToArray(), value => Assert.Equal(0, value)); // nobody read rows 1 and 2
    }

    [Fact]
    public void Table_OfTheEmbeddedModel_IsWhatItsFirstRowsAreCopiedFrom()
    {
        (string[] tokens, float[][] rows) = Lab.EmbeddingTable();
        StreamReading reading = Assert.Single(Lab.ReadStreams("Once upon a time"));
        for (int t = 1; t < reading.Tokens.Length; t++) Assert.Equal(rows[Array.IndexOf(tokens, reading.Tokens[t])], reading.Row(0, t));
    }

    [Theory]
    [InlineData(1024, 128), InlineData(50257, 768), InlineData(128256, 4096), InlineData(50257, 12288)]
    public void Head_Untied_CostsOneMoreTable(int vocab, int size)
    {
        ModelConfig tied = new()
        {
            Architecture = "llama", VocabSize = vocab, ContextLength = 1024, EmbeddingSize = size, LayerCount = 2, HeadCount = 4, KvHeadCount = 4,
            HeadSize = size / 4, FeedForwardSize = 4 * size, TiedHead = true,
        };
        Assert.Equal((long)vocab * size, (tied with { TiedHead = false }).ParameterCount - tied.ParameterCount);
    }

    [Fact]
    public void Blocks_NinetySixOfWidth12288_AreGpt3()
    {
        ModelConfig config = new()
        {
            Architecture = "gpt2", VocabSize = 50257, ContextLength = 2048, EmbeddingSize = 12288, LayerCount = 96, HeadCount = 96, KvHeadCount = 96, HeadSize = 128,
            FeedForwardSize = 4 * 12288, NormKind = NormKind.Layer, Rope = null, FeedForwardKind = FeedForwardKind.Gelu, TiedHead = true,
            Biases = Biases.QueryKeyValue | Biases.AttentionOutput | Biases.FeedForward,
        };
        Assert.InRange(config.ParameterCount, 174_500_000_000, 175_500_000_000); // "175B" (Brown et al. 2020, table 2.1)
    }

    private static int[] Bits(ReadOnlySpan<float> values) => Array.ConvertAll(values.ToArray(), BitConverter.SingleToInt32Bits);

    // [rows, n] -> [n, rows]
    private static float[] Turned(float[] matrix, int rows) => [.. Enumerable.Range(0, matrix.Length).Select(i => matrix[i % rows * (matrix.Length / rows) + i / rows])];
}
