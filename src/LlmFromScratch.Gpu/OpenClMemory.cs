using LlmFromScratch.Gpu.Interop;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Gpu;

/// <summary>Moves bytes between host and device over one queue. Transfers block: a span may move or change as soon as the call has returned.</summary>
internal sealed unsafe class OpenClMemory(ContextHandle context, QueueHandle queue, OpenClDevice device)
{
    private const ulong ReadWrite = 1 << 0; // CL_MEM_READ_WRITE
    private const uint Blocking = 1;

    public OpenClStorage Allocate(long byteLength)
    {
        if (byteLength > device.MaxAllocationBytes) throw new NotSupportedException(
            $"OpenCL: one tensor of {byteLength} bytes; {device.Name} allocates at most {device.MaxAllocationBytes} at once. Use a smaller model or context.");
        MemoryHandle memory = OpenClApi.CreateBuffer(context, ReadWrite, (nuint)Math.Max(byteLength, 1), null, out int status); // 0 bytes are refused
        OpenClStatus.Check(status, "clCreateBuffer", device.Name);
        OpenClStorage storage = new(context, memory, byteLength);
        Clear(storage);
        return storage;
    }

    public void Clear(OpenClStorage storage)
    {
        if (storage.ByteLength == 0) return;
        byte zero = 0; // the pattern is read during the call
        OpenClStatus.Check(OpenClApi.EnqueueFillBuffer(queue, storage.Memory, &zero, 1, 0, (nuint)storage.ByteLength, 0, null, null),
            "clEnqueueFillBuffer", device.Name);
    }

    public void Upload(ReadOnlySpan<byte> source, Tensor destination)
    {
        OpenClStorage storage = OpenClStorage.Of(destination, context, "Upload");
        RequireSameBytes("Upload", destination, source.Length);
        if (source.IsEmpty) return;
        fixed (byte* first = source) // reads ByteLength = source.Length bytes; a tensor lies within its storage
            OpenClStatus.Check(OpenClApi.EnqueueWriteBuffer(queue, storage.Memory, Blocking, (nuint)destination.ByteOffset, (nuint)source.Length, first,
                0, null, null), "clEnqueueWriteBuffer", device.Name);
    }

    public void Download(Tensor source, Span<byte> destination)
    {
        OpenClStorage storage = OpenClStorage.Of(source, context, "Download");
        RequireSameBytes("Download", source, destination.Length);
        if (destination.IsEmpty) return;
        fixed (byte* first = destination) Read(storage, source.ByteOffset, first, destination.Length);
    }

    /// <summary>Reads <paramref name="byteLength"/> bytes of a storage into as many writable bytes, after all operations queued before.</summary>
    public void Read(OpenClStorage source, long byteOffset, void* destination, int byteLength) => OpenClStatus.Check(
        OpenClApi.EnqueueReadBuffer(queue, source.Memory, Blocking, (nuint)byteOffset, (nuint)byteLength, destination, 0, null, null),
        "clEnqueueReadBuffer", device.Name);

    public void Copy(Tensor source, Tensor destination)
    {
        OpenClStorage from = OpenClStorage.Of(source, context, "Copy"), to = OpenClStorage.Of(destination, context, "Copy");
        RequireSameBytes("Copy", destination, source.ByteLength);
        if (source.ByteLength == 0) return;
        OpenClStatus.Check(OpenClApi.EnqueueCopyBuffer(queue, from.Memory, to.Memory, (nuint)source.ByteOffset, (nuint)destination.ByteOffset,
            (nuint)source.ByteLength, 0, null, null), "clEnqueueCopyBuffer", device.Name);
    }

    private static void RequireSameBytes(string op, Tensor tensor, long byteLength)
    {
        if (tensor.ByteLength != byteLength) throw new ArgumentException(
            $"{op}: {tensor} has {tensor.ByteLength} bytes; the other side of the copy has {byteLength}.");
    }
}
