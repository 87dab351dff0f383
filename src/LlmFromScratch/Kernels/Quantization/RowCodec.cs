using System.Runtime.InteropServices;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Kernels.Quantization;

/// <summary>Rows of any weight type to floats and back: the plain loops that every fast kernel must equal.</summary>
public static class RowCodec
{
    /// <summary>Decodes stored values, all in one row.</summary>
    /// <param name="dtype">F32, F16 or Q8_0.</param>
    /// <param name="row">As many bytes as the values need.</param>
    /// <param name="values">[n].</param>
    /// <exception cref="NotSupportedException">A type that holds no weights.</exception>
    public static void Decode(DType dtype, ReadOnlySpan<byte> row, Span<float> values)
    {
        CheckLength(dtype, row.Length, values.Length);
        switch (dtype)
        {
            case DType.F32:
                MemoryMarshal.Cast<byte, float>(row).CopyTo(values);
                break;
            case DType.F16:
                ReadOnlySpan<ushort> halves = MemoryMarshal.Cast<byte, ushort>(row);
                for (int i = 0; i < values.Length; i++) values[i] = Half16.ToSingle(halves[i]);
                break;
            case DType.Q8_0:
                Q8_0.Dequantize(row, values);
                break;
            default:
                throw NotAWeightType(dtype);
        }
    }

    /// <summary>Encodes values, all in one row; lossy for every type but F32.</summary>
    /// <param name="dtype">F32, F16 or Q8_0.</param>
    /// <param name="values">[n], n a multiple of the block size.</param>
    /// <param name="row">As many bytes as the values need.</param>
    public static void Encode(DType dtype, ReadOnlySpan<float> values, Span<byte> row)
    {
        CheckLength(dtype, row.Length, values.Length);
        switch (dtype)
        {
            case DType.F32:
                MemoryMarshal.AsBytes(values).CopyTo(row);
                break;
            case DType.F16:
                Span<ushort> halves = MemoryMarshal.Cast<byte, ushort>(row);
                for (int i = 0; i < values.Length; i++) halves[i] = Half16.FromSingle(values[i]);
                break;
            case DType.Q8_0:
                Q8_0.Quantize(values, row);
                break;
            default:
                throw NotAWeightType(dtype);
        }
    }

    private static void CheckLength(DType dtype, int byteCount, int valueCount)
    {
        if (dtype.ByteCount(valueCount) != byteCount) throw new ArgumentException(
            $"RowCodec: {valueCount} values of {dtype} take {dtype.ByteCount(valueCount)} bytes, got {byteCount}.");
    }

    private static NotSupportedException NotAWeightType(DType dtype) => new($"RowCodec: {dtype} holds no weights; supported are F32, F16 and Q8_0.");
}
