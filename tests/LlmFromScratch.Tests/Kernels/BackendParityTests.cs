using LlmFromScratch.Kernels;
using LlmFromScratch.Kernels.Reference;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Tests.Kernels;

/// <summary>Every backend against ReferenceBackend, whose double accumulators make it nearly exact.</summary>
public class BackendParityTests
{
    private const float MatMulTolerance = 2e-6f; // a share of √in · |x| · |w|: up to 513 float roundings, each below 6e-8 of the sum so far
    private const float NormTolerance = 1e-6f; // relative: a sum of like-signed squares, a root, three products
    private const float RopeTolerance = 1e-6f; // absolute, of values near 1: a rounded sine and cosine, two products, a sum
    private const float SiluTolerance = 4e-7f; // relative: exp within 1.2e-7, then a sum, a quotient and a product of 6e-8 each
    private const float GeluTolerance = 1e-6f; // relative: the exponent is up to 88 with an error of 6e-8 of it only where the result vanishes
    private const float SoftCapTolerance = 5e-7f; // relative: the claim of VectorMath.Tanh
    private const float LayerNormTolerance = 5e-5f; // absolute, of values near 1: the mean of about 100 is off by 6e-6 and is taken from values that spread by 3
    private const float AttentionTolerance = 2e-6f; // absolute, of averages of values near 1: scores within 1e-6, then exp and the mix

    private static readonly DType[] WeightTypes = [.. Enum.GetValues<DType>().Where(dtype => dtype != DType.I32)];

    private static readonly int[] OddSizes = [1, 7, 8, 9, 31, 33, 64, 257];

    public static TheoryData<string, DType, int, int, int> MatMuls
    {
        get
        {
            (int Rows, int In, int Out)[] sizes =
            [
                (1, 1, 1), (1, 7, 9), (1, 64, 64), (1, 257, 257), (1, 513, 31), (2, 513, 17), (7, 33, 31), (8, 64, 257), (9, 257, 8), (31, 31, 33),
                (33, 8, 64), (64, 9, 7), (257, 32, 1), (0, 8, 8),
            ];
            (int Rows, int In, int Out)[] fewSizes = [(1, 256, 31), (1, 768, 65), (7, 512, 33), (8, 256, 1)];
            TheoryData<string, DType, int, int, int> rows = new();
            foreach (string name in TestBackends.Names)
            foreach (DType dtype in WeightTypes) // the device reads three of them, the others become F32
            foreach ((int count, int inSize, int outSize) in dtype is DType.F32 or DType.F16 or DType.Q8_0 ? sizes : name == "opencl" ? fewSizes[..1] : fewSizes)
                rows.Add(name, dtype, count, (inSize + dtype.BlockSize() - 1) / dtype.BlockSize() * dtype.BlockSize(), outSize);
            return rows;
        }
    }

    public static TheoryData<string, DType, int, int, int> Experts
    {
        get
        {
            TheoryData<string, DType, int, int, int> rows = new();
            foreach (string backend in TestBackends.Names)
            foreach (DType dtype in (DType[])[DType.F32, DType.F16, DType.Q8_0])
            foreach ((int count, int inSize, int outSize) in ((int, int, int)[])[(1, 1, 1), (1, 33, 257), (2, 257, 9), (9, 64, 31), (33, 7, 8), (0, 8, 8)])
                rows.Add(backend, dtype, count, (inSize + dtype.BlockSize() - 1) / dtype.BlockSize() * dtype.BlockSize(), outSize);
            return rows;
        }
    }

    public static TheoryData<string, int> Sizes
    {
        get
        {
            TheoryData<string, int> rows = new();
            foreach (string backend in TestBackends.Names)
            foreach (int size in OddSizes) rows.Add(backend, size);
            return rows;
        }
    }

    public static TheoryData<string, int, int, int, int> Attentions
    {
        get
        {
            TheoryData<string, int, int, int, int> rows = new();
            foreach (string backend in TestBackends.Names)
            foreach (int size in OddSizes)
            {
                rows.Add(backend, 1, 1, size, 16);
                rows.Add(backend, 6, 2, size, 5);
            }
            return rows;
        }
    }

    public static TheoryData<string, DType> CacheTypes
    {
        get
        {
            TheoryData<string, DType> rows = new();
            foreach (string backend in TestBackends.Names)
            foreach (DType type in (DType[])[DType.F16, DType.Q8_0]) rows.Add(backend, type);
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(MatMuls))]
    public void MatMul_AnySize_EqualsReference(string name, DType dtype, int rows, int inSize, int outSize) =>
        Compare(name, backend => OpRuns.MatMul(backend, dtype, rows, inSize, outSize, Math.Max(1, rows)), 0, MatMulTolerance * inSize);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void RmsNorm_AnySize_EqualsReference(string name, int size) => Compare(name, backend => OpRuns.RmsNorm(backend, 5, size), NormTolerance, 0);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void SiluMul_AnySize_EqualsReference(string name, int size) => Compare(name, backend => OpRuns.SiluMul(backend, 37, size), SiluTolerance, 0);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Gelu_AnySize_EqualsReference(string name, int size)
    {
        Compare(name, backend => OpRuns.Map(backend, 37, size, x => backend.Gelu(x, x)), GeluTolerance, GeluTolerance);
        Compare(name, backend => OpRuns.Map(backend, 37, size, x => backend.GeluMul(x, x, x)), GeluTolerance, GeluTolerance);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void SoftCap_AnySize_EqualsReference(string name, int size)
    {
        foreach (float cap in (float[])[0.5f, 30, 3000]) // all of it bent, some, hardly any
            Compare(name, backend => OpRuns.Map(backend, 37, size, x => backend.SoftCap(x, cap, x)), SoftCapTolerance, 0);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void LayerNorm_AnySize_EqualsReference(string name, int size) => Compare(name, backend => OpRuns.LayerNorm(backend, 5, size), 0, LayerNormTolerance);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void AddBiasAndScale_AnySize_AreExact(string name, int size)
    {
        Compare(name, backend => OpRuns.AddBias(backend, 7, size), 0, 0);
        Compare(name, backend => OpRuns.Map(backend, 70, size, x => backend.Scale(x, 0.3f, x)), 0, 0);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void RouteExperts_AnyCount_EqualsReference(string name, int size) =>
        Compare(name, backend => OpRuns.RouteExperts(backend, 70, size, Math.Min(size, 8)), 0, NormTolerance); // weights of at most 1; ids are exact

    [Theory]
    [MemberData(nameof(Experts))]
    public void ExpertMatMul_AnySize_EqualsReference(string name, DType dtype, int rows, int inSize, int outSize)
    {
        foreach (bool inputPerExpert in (bool[])[false, true])
            Compare(name, backend => OpRuns.ExpertMatMul(backend, dtype, rows, inSize, outSize, Math.Max(1, rows), inputPerExpert), 0, MatMulTolerance * inSize);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void MixExperts_AnySize_EqualsReference(string name, int size) =>
        Compare(name, backend => OpRuns.MixExperts(backend, 7, 3, size), 0, 5 * NormTolerance); // values up to 5

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Add_AnySize_IsExact(string name, int size) => Compare(name, backend => OpRuns.Add(backend, 70, size), 0, 0);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Rope_BothPairings_EqualReference(string name, int size)
    {
        foreach (RopePairing pairing in Enum.GetValues<RopePairing>())
            Compare(name, backend => OpRuns.Rope(backend, pairing, 3, 2 * size, 0, 1, 511, 512, 4095, 3), 0, 5 * RopeTolerance); // values up to 5
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Rope_PartOfTheHeadAndAFactor_EqualsReference(string name, int size)
    {
        foreach (RopePairing pairing in Enum.GetValues<RopePairing>())
            Compare(name, backend => OpRuns.Rope(backend, pairing, 3, 2 * size + 3, 2 * size, 1.19f, 0, 1, 511, 512, 4095, 3), 0, 6 * RopeTolerance);
    }

    [Theory]
    [MemberData(nameof(Attentions))]
    public void Attention_WindowAndCap_EqualsReference(string name, int heads, int kvHeads, int size, int blockSize)
    {
        float scale = 2 / MathF.Sqrt(size);
        foreach (AttentionOptions options in (AttentionOptions[])[new(scale, SoftCap: 2), new(scale, Window: 1), new(scale, Window: 19), new(scale, SoftCap: 3, Window: 6)])
            Compare(name, backend => OpRuns.Attention(backend, heads, kvHeads, size, blockSize, 100, DType.F32, options, 33, 1, 20), 0, 4 * AttentionTolerance);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void EmbedAndGatherRows_AnySize_AreExact(string name, int size)
    {
        foreach (DType dtype in size == OddSizes[0] ? WeightTypes : [DType.F32, DType.F16, DType.Q8_0])
            Compare(name, backend => OpRuns.Embed(backend, dtype, dtype.BlockSize() == 1 ? size : Math.Min(size, 3) * dtype.BlockSize(), 3, 0, 16, 3), 0, 0);
        Compare(name, backend => OpRuns.GatherRows(backend, size, 8, 0, 8), 0, 0);
    }

    [Theory]
    [MemberData(nameof(Attentions))]
    public void Attention_SeveralSequencesInPages_EqualsReference(string name, int heads, int kvHeads, int size, int blockSize) =>
        Compare(name, backend => OpRuns.Attention(backend, heads, kvHeads, size, blockSize, 100, DType.F32, 33, 1, 17), 0, 2 * AttentionTolerance);

    // A row of the cache holds all key/value heads: with 4 of 24 values, a Q8_0 block reaches over the border of two heads.
    [Theory]
    [MemberData(nameof(CacheTypes))]
    public void Attention_CacheOfAnyType_EqualsReference(string name, DType cacheType)
    {
        foreach ((int heads, int kvHeads, int size) in ((int, int, int)[])[(1, 1, 32), (8, 4, 24), (4, 4, 8), (2, 1, 96)])
        {
            Compare(name, backend => OpRuns.Attention(backend, heads, kvHeads, size, 5, 100, cacheType, 33, 1, 17), 0, 2 * AttentionTolerance);
            AttentionOptions windowed = new(0.3f, SoftCap: 3, Window: 9);
            Compare(name, backend => OpRuns.Attention(backend, heads, kvHeads, size, 5, 100, cacheType, windowed, 33, 1, 17), 0, 4 * AttentionTolerance);
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Ops_WrongShape_AreRefused(string name, int size)
    {
        using IBackend backend = TestBackends.Create(name);
        using Tensor x = backend.Allocate(new Shape(2, size)), wrong = backend.Allocate(new Shape(3, size + 1));
        using Tensor weight = backend.LoadMatMulWeight(OpRuns.Weight(DType.F32, 4, size + 1));
        Assert.Contains("expected", Assert.Throws<ArgumentException>(() => backend.Add(x, wrong, x)).Message);
        Assert.Contains("must end in the same size", Assert.Throws<ArgumentException>(() => backend.MatMul(x, weight, x)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => backend.RmsNorm(x, backend.Allocate(new Shape(size)), 0, x));
    }

    private static void Compare(string name, Func<IBackend, float[]> run, float relative, float absolute)
    {
        using IBackend reference = new ReferenceBackend(), backend = TestBackends.Create(name);
        float[] expected = run(reference), actual = run(backend);
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= absolute + relative * Math.Abs(expected[i]), $"value {i}: expected {expected[i]:R}, got {actual[i]:R}");
    }
}
