using LlmFromScratch.Gpu.Interop;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Gpu;

/// <summary>
/// Bytes in a device's memory. Views share it and pass their offset to the kernels, since OpenCL's own sub-buffers must start on
/// the device's alignment, often 128 bytes or more, and a row of a small model does not.
/// </summary>
public sealed class OpenClStorage : TensorStorage
{
    private readonly ContextHandle _context;

    internal OpenClStorage(ContextHandle context, MemoryHandle memory, long byteLength) => (_context, Memory, ByteLength) = (context, memory, byteLength);

    /// <inheritdoc/>
    public override long ByteLength { get; }

    /// <summary>The device's buffer.</summary>
    internal MemoryHandle Memory { get; }

    /// <summary>Gives the device memory back, once the operations that use it are done.</summary>
    public override void Dispose() => Memory.Dispose();

    /// <summary>The device memory of a tensor, after checks that a kernel of this context may touch it.</summary>
    /// <exception cref="ArgumentException">The tensor lives in host memory or on another backend.</exception>
    /// <exception cref="ObjectDisposedException">Its memory was given back.</exception>
    internal static OpenClStorage Of(Tensor tensor, ContextHandle context, string user)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (tensor.Storage is not OpenClStorage storage) throw new ArgumentException(
            $"OpenCL {user}: {tensor} lives in {tensor.Storage.GetType().Name}; expected {nameof(OpenClStorage)}. Bring it to the device with Load or Upload.");
        if (!ReferenceEquals(storage._context, context)) throw new ArgumentException(
            $"OpenCL {user}: {tensor} belongs to another {nameof(OpenClBackend)}; expected memory that this one allocated.");
        ObjectDisposedException.ThrowIf(storage.Memory.IsClosed, storage);
        return storage;
    }
}
