using LlmFromScratch.Kernels.Quantization;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Tests.Kernels.Quantization;

public class RowCodecTests
{
    [Fact]
    public void Half16_AllPatterns_EqualTheCast()
    {
        for (int bits = 0; bits <= ushort.MaxValue; bits++)
        {
            float expected = (float)BitConverter.UInt16BitsToHalf((ushort)bits), actual = Half16.ToSingle((ushort)bits);
            if (float.IsNaN(expected)) Assert.True(float.IsNaN(actual));
            else Assert.Equal(BitConverter.SingleToInt32Bits(expected), BitConverter.SingleToInt32Bits(actual));
            if (!float.IsNaN(expected)) Assert.Equal(bits, Half16.FromSingle(actual));
        }
    }

    [Fact]
    public void Half16_BetweenTwoHalves_RoundsToEven()
    {
        // Halves near 2048 are 2 apart: 2049 lies between 2048 (even fraction) and 2050, 2051 between 2050 and 2052 (even).
        Assert.Equal(Half16.FromSingle(2048), Half16.FromSingle(2049));
        Assert.Equal(Half16.FromSingle(2052), Half16.FromSingle(2051));
    }

    [Fact]
    public void Q8_0_BlockByHand_IsScaleAndBytes()
    {
        // max |x| = 254, so d = 254/127 = 2 (0x4000 as binary16) and q = x/2: 254 -> 127, -254 -> -127, 5 -> 2.5 -> 3 and -5 -> -3 (away from zero), 1 -> 0.5 -> 1
        float[] values = new float[32];
        (values[0], values[1], values[2], values[3], values[4], values[31]) = (254, -254, 5, -5, 1, 100);
        byte[] block = new byte[34];
        RowCodec.Encode(DType.Q8_0, values, block);
        Assert.Equal([0x00, 0x40, 127, 0x81, 3, 0xFD, 1, 0], block[..8]);
        Assert.Equal(50, block[33]);
        float[] decoded = new float[32];
        RowCodec.Decode(DType.Q8_0, block, decoded);
        Assert.Equal([254, -254, 6, -6, 2, 0], decoded[..6]);
        Assert.Equal(100, decoded[31]);
    }

    [Fact]
    public void Q8_0_ZeroBlock_StaysZero()
    {
        byte[] block = new byte[34];
        RowCodec.Encode(DType.Q8_0, new float[32], block);
        Assert.All(block, value => Assert.Equal(0, value));
    }

    [Fact]
    public void Q8_0_RandomBlocks_ErrAtMostHalfAStep()
    {
        float[] values = OpRuns.Gaussians(320, 21), decoded = new float[320];
        byte[] row = new byte[340];
        RowCodec.Encode(DType.Q8_0, values, row);
        RowCodec.Decode(DType.Q8_0, row, decoded);
        for (int i = 0; i < 320; i++)
        {
            float step = values.AsSpan(i / 32 * 32, 32).ToArray().Max(Math.Abs) / 127;
            Assert.True(Math.Abs(values[i] - decoded[i]) <= step * 0.57f); // half a step, and 127 times the scale's 2^-11 / 2 rounding
        }
    }

    [Theory]
    [InlineData(DType.F32, 7, 28)]
    [InlineData(DType.F16, 7, 14)]
    public void EncodeDecode_PlainTypes_RoundTrip(DType dtype, int count, int bytes)
    {
        float[] values = Enumerable.Range(0, count).Select(i => i * 0.25f - 1).ToArray(), decoded = new float[count];
        byte[] row = new byte[bytes];
        RowCodec.Encode(dtype, values, row);
        RowCodec.Decode(dtype, row, decoded);
        Assert.Equal(values, decoded);
    }

    [Fact]
    public void Decode_WrongLengthOrType_IsRefused()
    {
        Assert.Contains("take 28 bytes, got 27", Assert.Throws<ArgumentException>(() => RowCodec.Decode(DType.F32, new byte[27], new float[7])).Message);
        Assert.Contains("multiple of 32", Assert.Throws<ArgumentException>(() => RowCodec.Decode(DType.Q8_0, new byte[34], new float[31])).Message);
        Assert.Throws<NotSupportedException>(() => RowCodec.Decode(DType.I32, new byte[4], new float[1]));
    }
}
