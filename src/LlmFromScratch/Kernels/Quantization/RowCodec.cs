using System.Runtime.InteropServices;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Kernels.Quantization;

/// <summary>Rows of any weight type to floats and back: the plain loops that every fast kernel must equal.</summary>
public static class RowCodec
{
    /// <summary>Decodes stored values, all in one row.</summary>
    /// <param name="dtype">Any type but I32.</param>
    /// <param name="row">As many bytes as the values need.</param>
    /// <param name="values">[n].</param>
    /// <exception cref="NotSupportedException">A type that holds no weights.</exception>
    public static void Decode(DType dtype, ReadOnlySpan<byte> row, Span<float> values)
    {
        CheckLength(dtype, row.Length, values.Length);
        switch (dtype)
        {
            case DType.F32: MemoryMarshal.Cast<byte, float>(row).CopyTo(values); break;
            case DType.F16: DecodeHalves(MemoryMarshal.Cast<byte, ushort>(row), values); break;
            case DType.BF16: DecodeBrains(MemoryMarshal.Cast<byte, ushort>(row), values); break;
            case DType.Q8_0: BlockCodec.Decode<Q8_0>(row, values); break;
            case DType.Q4_0: BlockCodec.Decode<Q4_0>(row, values); break;
            case DType.Q4_1: BlockCodec.Decode<Q4_1>(row, values); break;
            case DType.Q5_0: BlockCodec.Decode<Q5_0>(row, values); break;
            case DType.Q5_1: BlockCodec.Decode<Q5_1>(row, values); break;
            case DType.Q2_K: BlockCodec.Decode<Q2_K>(row, values); break;
            case DType.Q3_K: BlockCodec.Decode<Q3_K>(row, values); break;
            case DType.Q4_K: BlockCodec.Decode<Q4_K>(row, values); break;
            case DType.Q5_K: BlockCodec.Decode<Q5_K>(row, values); break;
            case DType.Q6_K: BlockCodec.Decode<Q6_K>(row, values); break;
            case DType.IQ4_NL: BlockCodec.Decode<IQ4_NL>(row, values); break;
            case DType.IQ4_XS: BlockCodec.Decode<IQ4_XS>(row, values); break;
            default: throw new NotSupportedException($"RowCodec: {dtype} holds no weights.");
        }
    }

    /// <summary>A whole host tensor as F32.</summary>
    public static Tensor Decode(Tensor tensor)
    {
        Tensor values = Tensor.Zeros(tensor.Shape);
        int size = tensor.Shape.RowLength;
        for (int row = 0; row < tensor.Shape.RowCount; row++)
            Decode(tensor.DType, tensor.RowSpan(row), values.Floats.Slice(row * size, size));
        return values;
    }

    /// <summary>Encodes values, all in one row; lossy for every type but F32.</summary>
    /// <param name="dtype">F32, F16, BF16, Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, Q4_K, Q5_K or Q6_K.</param>
    /// <param name="values">[n], n a multiple of the block size.</param>
    /// <param name="row">As many bytes as the values need.</param>
    /// <exception cref="NotSupportedException">A type that the engine reads and does not write.</exception>
    public static void Encode(DType dtype, ReadOnlySpan<float> values, Span<byte> row)
    {
        CheckLength(dtype, row.Length, values.Length);
        switch (dtype)
        {
            case DType.F32: MemoryMarshal.AsBytes(values).CopyTo(row); break;
            case DType.F16: EncodeHalves(values, MemoryMarshal.Cast<byte, ushort>(row)); break;
            case DType.BF16: EncodeBrains(values, MemoryMarshal.Cast<byte, ushort>(row)); break;
            case DType.Q8_0: Q8_0.Quantize(values, row); break;
            case DType.Q4_0: Q4_0.Quantize(values, row); break;
            case DType.Q4_1: Q4_1.Quantize(values, row); break;
            case DType.Q5_0: Q5_0.Quantize(values, row); break;
            case DType.Q5_1: Q5_1.Quantize(values, row); break;
            case DType.Q4_K: Q4_K.Quantize(values, row); break;
            case DType.Q5_K: Q5_K.Quantize(values, row); break;
            case DType.Q6_K: Q6_K.Quantize(values, row); break;
            default: throw new NotSupportedException(
                $"RowCodec: {dtype} cannot be written; supported are F32, F16, BF16, Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, Q4_K, Q5_K and Q6_K.");
        }
    }

    private static void DecodeHalves(ReadOnlySpan<ushort> halves, Span<float> values)
    {
        for (int i = 0; i < values.Length; i++) values[i] = Half16.ToSingle(halves[i]);
    }

    private static void EncodeHalves(ReadOnlySpan<float> values, Span<ushort> halves)
    {
        for (int i = 0; i < values.Length; i++) halves[i] = Half16.FromSingle(values[i]);
    }

    private static void DecodeBrains(ReadOnlySpan<ushort> brains, Span<float> values)
    {
        for (int i = 0; i < values.Length; i++) values[i] = Brain16.ToSingle(brains[i]);
    }

    private static void EncodeBrains(ReadOnlySpan<float> values, Span<ushort> brains)
    {
        for (int i = 0; i < values.Length; i++) brains[i] = Brain16.FromSingle(values[i]);
    }

    private static void CheckLength(DType dtype, int byteCount, int valueCount)
    {
        if (dtype.ByteCount(valueCount) != byteCount) throw new ArgumentException(
            $"RowCodec: {valueCount} values of {dtype} take {dtype.ByteCount(valueCount)} bytes, got {byteCount}.");
    }
}
