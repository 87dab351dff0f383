using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Kernels;
using LlmFromScratch.Kernels.Cpu;
using LlmFromScratch.Kernels.Cpu.Lanes;
using LlmFromScratch.Kernels.Cpu.Packing;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Tests.Kernels.Cpu;

/// <summary>Weights that are read as rows of their file against the same weights packed: the same bits.</summary>
public sealed class RowPanelsTests : IDisposable
{
    private const int Never = int.MaxValue;

    private static readonly DType[] PlainTypes = [DType.F32, DType.F16, DType.BF16];

    private static readonly DType[] BlockTypes =
        [DType.Q8_0, DType.Q4_0, DType.Q4_1, DType.Q5_0, DType.Q5_1, DType.Q2_K, DType.Q3_K, DType.Q4_K, DType.Q5_K, DType.Q6_K, DType.IQ4_NL, DType.IQ4_XS];

    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public static TheoryData<int, int> Machines => CpuBackendBitsTests.Machines;

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void MatMul_RowsAsTheyLie_ByHand()
    {
        using CpuBackend backend = new(1);
        float[] rows = [.. Enumerable.Range(0, 16 * 3).Select(i => (float)i)]; // row o: 3o, 3o + 1, 3o + 2
        using Tensor weight = PanelStorage.InRows(Tensor.FromFloats(rows, 16, 3), Never), x = Tensor.FromFloats([1, 10, 100], 1, 3), y = Tensor.Zeros(new Shape(1, 16));
        backend.MatMul(x, weight, y);
        Assert.Equal(Enumerable.Range(0, 16).Select(o => 333f * o + 210), y.Floats.ToArray()); // 3o · 111 + 0 · 1 + 1 · 10 + 2 · 100
    }

    [Theory]
    [MemberData(nameof(Machines))]
    public void MatMul_InRowsOrPacked_GivesTheSameBits(int lanes, int threads)
    {
        using CpuBackend backend = new(threads, (LaneWidth)lanes);
        foreach (DType dtype in PlainTypes)
        foreach ((int inSize, int outSize) in ((int, int)[])[(1, 16), (7, 48), (8, 64), (45, 80), (257, 16), (1100, 80)]) // within, on and beyond squares and pieces
            AssertSameBits(OpRuns.Weight(dtype, outSize, inSize), backend, 1, 2, 7, 20);
    }

    [Theory]
    [MemberData(nameof(Machines))]
    public void MatMul_BlocksInRowsOrPacked_GivesTheSameBits(int lanes, int threads)
    {
        using CpuBackend backend = new(threads, (LaneWidth)lanes, ActivationType.Q8);
        foreach (DType dtype in BlockTypes) // one after the other: what one has packed is overwritten by the next
        foreach ((int inSize, int outSize) in ((int, int)[])[(256, 16), (512, 80), (768, 144)]) // a part of a group of outputs, more than one, more than two
            AssertSameBits(OpRuns.Weight(dtype, outSize, inSize), backend, 1, 4, 7);
    }

    [Fact]
    public void MatMul_PartOfATensor_ReadsItsRows()
    {
        using CpuBackend backend = new(2);
        AssertSameBits(OpRuns.Weight(DType.F16, 80, 40).Slice(32, 32), backend, 3);
    }

    [Fact]
    public void MatMul_TurnHasCome_IsPackedAndKeepsItsBits()
    {
        new GgufWriter().Add("w", OpRuns.Weight(DType.F16, 48, 2048)).Save(_path); // many pages, which are given back
        using CpuBackend backend = new(2);
        using GgufFile file = GgufFile.Open(_path);
        using Tensor weight = PanelStorage.InRows(file.GetTensor("w"), packedAtRead: 3), x = Tensor.FromFloats(OpRuns.Gaussians(2048, 1), 1, 2048);
        List<bool> isInRows = [];
        List<float[]> results = [];
        for (int read = 0; read < 4; read++)
        {
            using Tensor y = Tensor.Zeros(new Shape(1, 48));
            backend.MatMul(x, weight, y);
            isInRows.Add(PanelStorage.Of(weight).IsInRows);
            results.Add(y.Floats.ToArray());
        }
        Assert.Equal([true, true, false, false], isInRows);
        Assert.All(results, result => Assert.Equal(results[0], result));
        file.Dispose();
        backend.MatMul(x, weight, Tensor.Zeros(new Shape(1, 48))); // needs the file no longer
    }

    [Fact]
    public void MatMul_InRows_AllocatesNothing()
    {
        using CpuBackend backend = new(2);
        using Tensor weight = PanelStorage.InRows(OpRuns.Weight(DType.F16, 320, 300), Never), x = Tensor.Zeros(new Shape(1, 300)), y = Tensor.Zeros(new Shape(1, 320));
        backend.MatMul(x, weight, y);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 20; i++) backend.MatMul(x, weight, y);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData(ActivationType.F32, 0, "large")]
    [InlineData(ActivationType.Q8, 0, "large blocks")]
    [InlineData(ActivationType.Q8, 60, "")]
    public void LoadMatMulWeight_MappedFile_LeavesLargeWeightsThereOnceTheTimeIsUp(ActivationType activations, int seconds, string expected)
    {
        const int large = 2048, size = 1024; // 4 MiB of binary16
        new GgufWriter().Add("large", Tensor.Zeros(new Shape(large, size), DType.F16)).Add("ragged", Tensor.Zeros(new Shape(large + 1, size), DType.F16))
            .Add("small", Tensor.Zeros(new Shape(large - 16, size), DType.F16)).Add("blocks", Tensor.Zeros(new Shape(2 * large, size), DType.Q8_0)).Save(_path);
        using CpuBackend backend = new(2, LaneWidths.Widest, activations, TimeSpan.FromSeconds(seconds));
        using GgufFile file = GgufFile.Open(_path);
        Assert.Equal(expected, string.Join(' ', file.Tensors.Select(tensor => tensor.Name).Where(name => PanelStorage.Of(backend.LoadMatMulWeight(file.GetTensor(name))).IsInRows)));
        Assert.False(PanelStorage.Of(backend.LoadMatMulWeight(Tensor.Zeros(new Shape(large, size), DType.F16))).IsInRows); // memory of nobody's file
    }

    [Fact]
    public void MatMul_FileClosed_SaysSo()
    {
        new GgufWriter().Add("w", OpRuns.Weight(DType.F16, 16, 8)).Save(_path);
        using CpuBackend backend = new(1);
        using GgufFile file = GgufFile.Open(_path);
        using Tensor weight = PanelStorage.InRows(file.GetTensor("w"), Never), x = Tensor.Zeros(new Shape(1, 8)), y = Tensor.Zeros(new Shape(1, 16));
        backend.MatMul(x, weight, y);
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => backend.MatMul(x, weight, y));
    }

    private static void AssertSameBits(Tensor weight, CpuBackend backend, params ReadOnlySpan<int> rowCounts)
    {
        using Tensor inRows = PanelStorage.InRows(weight, Never), packed = PanelStorage.InRows(weight, packedAtRead: 1);
        foreach (int rows in rowCounts)
        {
            using Tensor x = Tensor.FromFloats(OpRuns.Gaussians(rows * weight.Shape[1], 1), rows, weight.Shape[1]);
            using Tensor expected = Tensor.Zeros(new Shape(rows, weight.Shape[0])), actual = Tensor.Zeros(expected.Shape);
            backend.MatMul(x, packed, expected);
            backend.MatMul(x, inRows, actual);
            Assert.True(expected.Bytes.SequenceEqual(actual.Bytes), $"{weight}, {rows} rows");
        }
        Assert.Equal((true, false), (PanelStorage.Of(inRows).IsInRows, PanelStorage.Of(packed).IsInRows));
    }
}
