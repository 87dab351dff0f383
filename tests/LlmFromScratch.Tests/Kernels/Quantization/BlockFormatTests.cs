using System.Buffers.Binary;
using LlmFromScratch.Kernels.Quantization;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Tests.Kernels.Quantization;

/// <summary>Each block format against a statement of its value number i that shares nothing with the decoder: bit by bit, on random blocks.</summary>
public class BlockFormatTests
{
    private delegate float Value(ReadOnlySpan<byte> block, int i);

    private static readonly int[] Levels = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113]; // kvalues_iq4nl

    private static readonly Dictionary<DType, Value> Formats = new()
    {
        [DType.Q8_0] = (b, i) => Half(b, 0) * (sbyte)b[2 + i],
        [DType.Q4_0] = (b, i) => Half(b, 0) * (Nibble(b, 2, i) - 8),
        [DType.Q4_1] = (b, i) => Half(b, 0) * Nibble(b, 4, i) + Half(b, 2),
        [DType.Q5_0] = (b, i) => Half(b, 0) * ((Nibble(b, 6, i) | Bit(b, 2 + i / 8, i % 8) << 4) - 16),
        [DType.Q5_1] = (b, i) => Half(b, 0) * (Nibble(b, 8, i) | Bit(b, 4 + i / 8, i % 8) << 4) + Half(b, 2),
        [DType.Q2_K] = (b, i) => Half(b, 80) * (b[i / 16] & 15) * (b[16 + i / 128 * 32 + i % 32] >> (i / 32 % 4 * 2) & 3) - Half(b, 82) * (b[i / 16] >> 4),
        [DType.Q3_K] = (b, i) => Half(b, 108) * (ScaleOfQ3(b, i / 16) - 32)
            * ((b[32 + i / 128 * 32 + i % 32] >> (i / 32 % 4 * 2) & 3) - (Bit(b, i % 32, i / 32) == 1 ? 0 : 4)),
        [DType.Q4_K] = (b, i) => Half(b, 0) * ScaleOfQ4(b, i / 32, 0) * PairNibble(b, 16, i) - Half(b, 2) * ScaleOfQ4(b, i / 32, 4),
        [DType.Q5_K] = (b, i) => Half(b, 0) * ScaleOfQ4(b, i / 32, 0) * (PairNibble(b, 48, i) + 16 * Bit(b, 16 + i % 32, i / 32))
            - Half(b, 2) * ScaleOfQ4(b, i / 32, 4),
        [DType.Q6_K] = (b, i) => Half(b, 208) * (sbyte)b[192 + i / 16]
            * (((b[i / 128 * 64 + i % 64] >> (i / 64 % 2 * 4) & 15) | (b[128 + i / 128 * 32 + i % 32] >> (i / 32 % 4 * 2) & 3) << 4) - 32),
        [DType.IQ4_NL] = (b, i) => Half(b, 0) * Levels[Nibble(b, 2, i)],
        [DType.IQ4_XS] = (b, i) => Half(b, 0)
            * (((b[4 + i / 64] >> (i / 32 % 2 * 4) & 15) | (BinaryPrimitives.ReadUInt16LittleEndian(b[2..]) >> (i / 32 * 2) & 3) << 4) - 32)
            * Levels[Nibble(b, 8 + i / 32 * 16, i % 32)],
    };

    public static TheoryData<DType> Types => new(Formats.Keys);

    [Theory]
    [MemberData(nameof(Types))]
    public void Decode_RandomBlocks_IsTheFormulaBitForBit(DType dtype)
    {
        int size = dtype.BlockSize();
        using Tensor weight = RandomBlocks.Weight(dtype, rows: 20, 2 * size, seed: 31);
        float[] values = new float[2 * size];
        for (int row = 0; row < 20; row++)
        {
            ReadOnlySpan<byte> bytes = weight.Bytes.Slice((int)(row * weight.RowBytes), (int)weight.RowBytes);
            RowCodec.Decode(dtype, bytes, values);
            for (int i = 0; i < values.Length; i++)
            {
                float expected = Formats[dtype](bytes[(i / size * dtype.BlockBytes())..], i % size);
                Assert.True(expected.Equals(values[i]), $"{dtype}, row {row}, value {i}: expected {expected:R}, got {values[i]:R}");
            }
        }
    }

    [Fact]
    public void Q4_0_BlockByHand_IsScaleTimesCodeLessEight()
    {
        // d = 0.5 (0x3800); byte 0 = 0x0F: value 0 has code 15 -> (15 - 8) · 0.5 = 3.5, value 16 has code 0 -> -4; other codes are 8 -> 0.
        byte[] block = [0x00, 0x38, 0x0F, .. Enumerable.Repeat((byte)0x88, 15)];
        float[] values = new float[32];
        RowCodec.Decode(DType.Q4_0, block, values);
        Assert.Equal([3.5f, 0], values[..2]);
        Assert.Equal([-4f, 0], values[16..18]);
    }

    [Fact]
    public void Q4_K_BlockByHand_HasScaleAndMinimumOfItsGroup()
    {
        // d = 1, m = 2. Group 0: scale 3, minimum 1. Group 4: scale 0b10_0101 = 37 (low four bits in byte 8, upper two atop byte 0), minimum 0b01_0110 = 22.
        byte[] block = new byte[144];
        (block[1], block[3]) = (0x3C, 0x40);
        (block[4], block[8], block[12]) = (0b10_000011, 0b01_000001, 0x65);
        (block[16], block[16 + 64]) = (0x07, 0x02); // value 0 has code 7, value 128 (the first of group 4) code 2
        float[] values = new float[256];
        RowCodec.Decode(DType.Q4_K, block, values);
        Assert.Equal(3 * 7 - 2 * 1, values[0]);
        Assert.Equal(37 * 2 - 2 * 22, values[128]);
    }

    [Fact]
    public void BF16_RoundsToTheNearestAndToEven()
    {
        // 1 + 2^-8 lies between 1 and 1 + 2^-7: to even, 1. 1 + 3 · 2^-8 lies between 1 + 2^-7 and 1 + 2^-6: to even, 1 + 2^-6.
        byte[] row = new byte[8];
        float[] values = new float[4];
        RowCodec.Encode(DType.BF16, [1 + 1f / 256, 1 + 3f / 256, -3.0e38f, float.NaN], row);
        RowCodec.Decode(DType.BF16, row, values);
        Assert.Equal([1, 1 + 1f / 64], values[..2]);
        Assert.InRange(values[2], -3.01e38f, -2.99e38f);
        Assert.True(float.IsNaN(values[3]));
    }

    private static float Half(ReadOnlySpan<byte> block, int at) => (float)BinaryPrimitives.ReadHalfLittleEndian(block[at..]);

    private static int Bit(ReadOnlySpan<byte> block, int at, int bit) => block[at] >> bit & 1;

    // 32 values in 16 bytes: the first 16 in the low halves
    private static int Nibble(ReadOnlySpan<byte> block, int at, int i) => block[at + i % 16] >> (i / 16 * 4) & 15;

    // 64 values in 32 bytes: the first 32 in the low halves
    private static int PairNibble(ReadOnlySpan<byte> block, int at, int i) => block[at + i / 64 * 32 + i % 32] >> (i / 32 % 2 * 4) & 15;

    private static int ScaleOfQ3(ReadOnlySpan<byte> b, int group) =>
        (b[96 + group % 8] >> (group / 8 * 4) & 15) | (b[104 + group % 4] >> (group / 4 * 2) & 3) << 4;

    // offset 0: scales, 4: minima
    private static int ScaleOfQ4(ReadOnlySpan<byte> b, int group, int offset) => group < 4
        ? b[4 + offset + group] & 63
        : (b[8 + group] >> offset & 15) | b[4 + offset + group - 4] >> 6 << 4;
}
