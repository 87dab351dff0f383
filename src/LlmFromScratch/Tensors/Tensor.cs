using System.Runtime.InteropServices;

namespace LlmFromScratch.Tensors;

/// <summary>
/// A block of numbers with a shape, row-major with the last axis contiguous. What flows between all stages after the token ids.
/// Values live in host memory or on a device; <see cref="Floats"/> reads host memory only, a backend's Download reads any.
/// Taught in notebooks/06-attention.ipynb.
/// </summary>
[TypeFormatterSource(TypeFormatterSourceAttribute.Visuals, "TensorFormatterSource")]
public sealed class Tensor : IDisposable
{
    private readonly bool _ownsStorage;

    /// <summary>A tensor over the first bytes of <paramref name="storage"/>, which it disposes with itself.</summary>
    /// <param name="shape">The sizes; the last is a multiple of the block size of <paramref name="dtype"/>.</param>
    /// <param name="dtype">How values are stored.</param>
    /// <param name="storage">At least <see cref="ByteLength"/> bytes.</param>
    public Tensor(Shape shape, DType dtype, TensorStorage storage)
        : this(shape, dtype, storage, 0, ownsStorage: true) { }

    private Tensor(Shape shape, DType dtype, TensorStorage storage, long byteOffset, bool ownsStorage)
    {
        ArgumentNullException.ThrowIfNull(storage);
        RowBytes = dtype.ByteCount(shape.RowLength);
        ByteLength = RowBytes * shape.RowCount;
        if (byteOffset < 0 || byteOffset + ByteLength > storage.ByteLength) throw new ArgumentException(
            $"Tensor {shape} of {dtype} at byte {byteOffset} needs {ByteLength} bytes; the storage has {storage.ByteLength}.", nameof(storage));
        (Shape, DType, Storage, ByteOffset, _ownsStorage) = (shape, dtype, storage, byteOffset, ownsStorage);
    }

    /// <summary>The sizes of the axes.</summary>
    public Shape Shape { get; }

    /// <summary>How values are stored.</summary>
    public DType DType { get; }

    /// <summary>The bytes behind this tensor, perhaps shared with other views.</summary>
    public TensorStorage Storage { get; }

    /// <summary>Where this tensor starts in its storage, in bytes.</summary>
    public long ByteOffset { get; }

    /// <summary>The size of the values in bytes.</summary>
    public long ByteLength { get; }

    /// <summary>The size of one row (last axis) in bytes.</summary>
    public long RowBytes { get; }

    /// <summary>A host tensor of zeros.</summary>
    public static Tensor Zeros(Shape shape, DType dtype = DType.F32) =>
        new(shape, dtype, HostStorage.Allocate(dtype.ByteCount(shape.RowLength) * shape.RowCount));

    /// <summary>A host F32 tensor with a copy of <paramref name="values"/>, whose count must be the product of <paramref name="sizes"/>.</summary>
    public static Tensor FromFloats(ReadOnlySpan<float> values, params ReadOnlySpan<int> sizes)
    {
        Shape shape = new(sizes);
        if (shape.Count != values.Length)
            throw new ArgumentException($"Tensor: shape {shape} holds {shape.Count} values, got {values.Length}.", nameof(values));
        Tensor tensor = Zeros(shape);
        values.CopyTo(tensor.Floats);
        return tensor;
    }

    /// <summary>The bytes of a host tensor.</summary>
    /// <exception cref="InvalidOperationException">The tensor lives on a device.</exception>
    /// <exception cref="NotSupportedException">They are more than a span can count, 2 GiB: take a <see cref="Slice"/> of the tensor.</exception>
    public Span<byte> Bytes => ByteLength <= int.MaxValue ? Host.GetSpan(ByteOffset, (int)ByteLength) : throw new NotSupportedException(
        $"{this} has {ByteLength} bytes; supported: up to {int.MaxValue} in one piece. Read it row by row, or a slice of it.");

    /// <summary>The values of a host F32 tensor, row-major.</summary>
    public Span<float> Floats => As<float>(DType.F32);

    /// <summary>The values of a host I32 tensor, row-major.</summary>
    public Span<int> Ints => As<int>(DType.I32);

    /// <summary>The bytes of some rows (last axis) of a host tensor of any size.</summary>
    internal Span<byte> RowSpan(long row, int count = 1) => row >= 0 && count >= 0 && (row + count) * RowBytes <= ByteLength
        ? Host.GetSpan(ByteOffset + row * RowBytes, checked((int)(count * RowBytes)))
        : throw new ArgumentOutOfRangeException(nameof(row), $"Tensor {Shape}: rows {row} to {row + count} lie outside 0 to {Shape.RowCount}.");

    /// <summary>A view of <paramref name="count"/> rows of the first axis from <paramref name="start"/>: the same memory, nothing copied.</summary>
    public Tensor Slice(int start, int count)
    {
        if (start < 0 || count < 0 || start + count > Shape[0])
            throw new ArgumentOutOfRangeException(nameof(start), $"Tensor {Shape}: rows {start} to {start + count} lie outside 0 to {Shape[0]}.");
        long bytesPerItem = Shape[0] == 0 ? 0 : ByteLength / Shape[0];
        return new Tensor(Shape.WithFirst(count), DType, Storage, ByteOffset + start * bytesPerItem, ownsStorage: false);
    }

    /// <summary>A view of the same values with other sizes, for example [T, C] as [T, H, D].</summary>
    public Tensor Reshape(params ReadOnlySpan<int> sizes)
    {
        Shape shape = new(sizes);
        if (shape.Count != Shape.Count || (DType.BlockSize() > 1 && shape.RowLength != Shape.RowLength))
            throw new ArgumentException($"Tensor {Shape} of {DType} cannot be seen as {shape}.", nameof(sizes));
        return new Tensor(shape, DType, Storage, ByteOffset, ownsStorage: false);
    }

    /// <summary>Frees the storage unless this tensor is a view of another.</summary>
    public void Dispose()
    {
        if (_ownsStorage) Storage.Dispose();
    }

    /// <summary>For example "Tensor [4, 768] F32".</summary>
    public override string ToString() => $"Tensor {Shape} {DType}";

    private HostStorage Host => Storage as HostStorage
        ?? throw new InvalidOperationException($"Tensor {Shape} lives in {Storage.GetType().Name}, not in host memory. Read it with the backend's Download.");

    private Span<T> As<T>(DType expected) where T : unmanaged => DType == expected
        ? MemoryMarshal.Cast<byte, T>(Bytes)
        : throw new InvalidOperationException($"Tensor {Shape} holds {DType}; expected {expected}. Dequantize it first.");
}
