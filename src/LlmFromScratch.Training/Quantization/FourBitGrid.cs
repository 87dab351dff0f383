using System.Buffers.Binary;
using LlmFromScratch.Kernels.Quantization;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Training.Quantization;

/// <summary>
/// The sixteen values that a block of 32 weights may take: <c>value = Scale · code + Minimum</c>. In Q4_0 the minimum is <c>-8 · Scale</c>, in Q4_1 it is free.
/// Both numbers are those that the file holds, already rounded to binary16, so that what is computed here is what the engine will read.
/// </summary>
internal readonly struct FourBitGrid
{
    public const int BlockSize = 32;

    private const int Levels = 16;

    private readonly DType _type;
    private readonly ushort _scaleBits, _minimumBits;

    private FourBitGrid(DType type, float scale, float minimum)
    {
        (_type, _scaleBits, _minimumBits) = (type, Half16.FromSingle(scale), Half16.FromSingle(minimum));
        Scale = Half16.ToSingle(_scaleBits);
        Minimum = type == DType.Q4_0 ? -8 * Scale : Half16.ToSingle(_minimumBits);
    }

    public float Scale { get; }

    public float Minimum { get; }

    /// <summary>ggml's choice: Q4_0 gives the value of largest size the code 0, Q4_1 spreads the codes from the least to the greatest value.</summary>
    /// <param name="type">Q4_0 or Q4_1.</param>
    /// <param name="values">[32].</param>
    public static FourBitGrid Fit(DType type, ReadOnlySpan<float> values)
    {
        float least = values[0], greatest = values[0], largest = values[0];
        foreach (float value in values)
        {
            (least, greatest) = (Math.Min(least, value), Math.Max(greatest, value));
            if (Math.Abs(value) > Math.Abs(largest)) largest = value;
        }
        return type == DType.Q4_0 ? new FourBitGrid(type, largest / -8, 0) : new FourBitGrid(type, (greatest - least) / (Levels - 1), least);
    }

    /// <summary>The code whose value is nearest.</summary>
    public byte Code(float value) => Scale == 0 ? (byte)(_type == DType.Q4_0 ? 8 : 0) : (byte)Math.Clamp(MathF.Round((value - Minimum) / Scale), 0, Levels - 1);

    /// <summary>What a code stands for.</summary>
    public float Value(byte code) => Scale * code + Minimum;

    /// <summary>Writes a block: d, in Q4_1 also m, then 16 bytes; byte j holds code j in its low half and code j + 16 in its high half (ggml's block_q4_0, block_q4_1).</summary>
    public void Pack(ReadOnlySpan<byte> codes, Span<byte> block)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(block, _scaleBits);
        if (_type == DType.Q4_1) BinaryPrimitives.WriteUInt16LittleEndian(block[2..], _minimumBits);
        Span<byte> packed = block[^(BlockSize / 2)..];
        for (int j = 0; j < packed.Length; j++) packed[j] = (byte)(codes[j] | codes[j + BlockSize / 2] << 4);
    }
}
