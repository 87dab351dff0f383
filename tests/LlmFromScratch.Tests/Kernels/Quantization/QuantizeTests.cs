using LlmFromScratch.Kernels.Quantization;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Tests.Kernels.Quantization;

/// <summary>Rounding to blocks: numbers by hand, then what every format must do on any values.</summary>
public class QuantizeTests
{
    // Twice the root mean square error that a uniform code of so many bits makes on a bell curve clipped at 2.4 deviations (32 values: their mean extreme).
    private static readonly Dictionary<DType, double> MostRmsError = new()
    {
        [DType.Q4_0] = 0.18, [DType.Q4_1] = 0.17, [DType.Q4_K] = 0.17, [DType.Q5_0] = 0.09, [DType.Q5_1] = 0.085, [DType.Q5_K] = 0.085, [DType.Q6_K] = 0.045,
        [DType.Q8_0] = 0.012,
    };

    public static TheoryData<DType> Formats => new(MostRmsError.Keys);

    [Fact]
    public void Q4_0_ByHand_ExtremeGetsCodeZero()
    {
        // The extreme is 4, so d = 4 / -8 = -0.5: 4 -> 0, 0 -> 8, -3.5 -> 15, 0.2 -> -0.4 + 8.5 = 8.1 -> 8, 0.3 -> -0.6 + 8.5 = 7.9 -> 7.
        float[] values = new float[32];
        (values[0], values[1], values[2], values[16]) = (4, -3.5f, 0.2f, 0.3f);
        byte[] block = new byte[18];
        RowCodec.Encode(DType.Q4_0, values, block);
        Assert.Equal([0x00, 0xB8, 0x70, 0x8F, 0x88, 0x88], block[..6]);
    }

    [Fact]
    public void Q4_1_ByHand_MinimumGetsCodeZero()
    {
        // 1 to 16: d = 1, the minimum is 1; code = x - 1.
        float[] values = [.. Enumerable.Range(0, 32).Select(i => 1f + i % 16)];
        byte[] block = new byte[20];
        RowCodec.Encode(DType.Q4_1, values, block);
        Assert.Equal([0x00, 0x3C, 0x00, 0x3C, 0x00, 0x11], block[..6]);
        Assert.Equal(0xFF, block[19]);
    }

    [Theory]
    [InlineData(DType.Q4_0, 8)]
    [InlineData(DType.Q5_0, 16)]
    [InlineData(DType.Q6_K, 32)]
    public void Encode_WholeMultiplesOfAStep_ComeBackExactly(DType dtype, int half)
    {
        int size = dtype.BlockSize();
        float[] values = [.. Enumerable.Range(0, size).Select(i => 0.5f * (i * 7 % (2 * half) - half))], decoded = new float[size];
        for (int i = 0; i < size; i += 16) values[i] = -0.5f * half; // each group reaches its extreme
        byte[] row = new byte[dtype.BlockBytes()];
        RowCodec.Encode(dtype, values, row);
        RowCodec.Decode(dtype, row, decoded);
        Assert.Equal(values, decoded);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Encode_BellCurve_ErrsNoMoreThanItsBitsAllow(DType dtype)
    {
        float[] values = OpRuns.Gaussians(4096, 41), decoded = new float[4096];
        byte[] row = new byte[dtype.ByteCount(4096)];
        RowCodec.Encode(dtype, values, row);
        RowCodec.Decode(dtype, row, decoded);
        double rms = Math.Sqrt(values.Zip(decoded, (a, b) => (double)(a - b) * (a - b)).Average());
        Assert.InRange(rms, 0, MostRmsError[dtype] / 2);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Encode_Zeros_DecodeToZeros(DType dtype)
    {
        float[] decoded = new float[512];
        byte[] row = [.. Enumerable.Repeat((byte)0xA5, (int)dtype.ByteCount(512))]; // what stood there before must not shine through
        RowCodec.Encode(dtype, new float[512], row);
        RowCodec.Decode(dtype, row, decoded);
        Assert.All(decoded, value => Assert.Equal(0, value));
    }

    [Fact]
    public void Search_BeatsTheObviousScale()
    {
        // The group's extreme stands alone: with d = extreme / -8 alone, the others share few codes. Q4_K's search must err less than Q4_1's plain rounding.
        float[] values = OpRuns.Gaussians(2560, 42), plain = new float[2560], searched = new float[2560];
        byte[] plainRow = new byte[DType.Q4_1.ByteCount(2560)], searchedRow = new byte[DType.Q4_K.ByteCount(2560)];
        RowCodec.Encode(DType.Q4_1, values, plainRow);
        RowCodec.Encode(DType.Q4_K, values, searchedRow);
        RowCodec.Decode(DType.Q4_1, plainRow, plain);
        RowCodec.Decode(DType.Q4_K, searchedRow, searched);
        double Squares(float[] decoded) => values.Zip(decoded, (a, b) => (double)(a - b) * (a - b)).Sum();
        Assert.True(Squares(searched) < Squares(plain), $"searched {Squares(searched)}, plain {Squares(plain)}");
    }
}
