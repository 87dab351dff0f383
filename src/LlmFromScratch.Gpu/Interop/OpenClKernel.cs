using System.Text;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Gpu.Interop;

/// <summary>
/// One kernel and the arguments of its next run. Arguments are given in order after <see cref="Begin"/>; each is checked against the type that the compiler
/// reports, because clSetKernelArg sees sizes only: an int given for a float would run and compute nonsense. A run allocates nothing.
/// </summary>
internal sealed unsafe class OpenClKernel : IDisposable
{
    private const uint ArgumentCount = 0x1191, ArgumentAddress = 0x1196, ArgumentType = 0x1198; // CL_KERNEL_NUM_ARGS, CL_KERNEL_ARG_*
    private const uint AddressGlobal = 0x119B, AddressLocal = 0x119C;
    private const uint WorkGroupSize = 0x11B0; // CL_KERNEL_WORK_GROUP_SIZE

    private readonly ContextHandle _context;
    private readonly OpenClDevice _device;
    private readonly KernelHandle _handle;
    private readonly string _name;
    private readonly Kind[] _kinds; // what each argument must be
    private readonly OpenClStorage?[] _buffers; // OpenCL does not retain arguments: kept here until the run has been queued
    private int _next;

    public OpenClKernel(ProgramHandle program, ContextHandle context, OpenClDevice device, string name)
    {
        (_context, _device, _name) = (context, device, name);
        _handle = OpenClApi.CreateKernel(program, name, out int status);
        OpenClStatus.Check(status, "clCreateKernel", name);
        uint count;
        OpenClStatus.Check(OpenClApi.GetKernelInfo(_handle, ArgumentCount, sizeof(uint), &count, out _), "clGetKernelInfo", name);
        _kinds = new Kind[count];
        for (uint i = 0; i < count; i++) _kinds[i] = KindOf(i);
        _buffers = new OpenClStorage?[count];
    }

    private enum Kind { Buffer, Local, Int, Float, Long }

    /// <summary>Starts a new list of arguments.</summary>
    public OpenClKernel Begin()
    {
        _next = 0;
        return this;
    }

    /// <summary>A tensor of 4-byte values as two arguments: its buffer, and where it starts there, counted in values.</summary>
    public OpenClKernel Tensor(Tensor tensor)
    {
        if (tensor.DType is not (DType.F32 or DType.I32)) throw new ArgumentException($"OpenCL kernel {_name}: {tensor}; expected F32 or I32.");
        return Buffer(OpenClStorage.Of(tensor, _context, _name)).Long(tensor.ByteOffset / sizeof(float));
    }

    /// <summary>A weight, or a cache that may be stored as one, as three arguments: its buffer, where it starts there in bytes, and its type.</summary>
    public OpenClKernel Weight(Tensor tensor)
    {
        if (tensor.DType is not (DType.F32 or DType.F16 or DType.Q8_0)) throw new NotSupportedException(
            $"OpenCL kernel {_name}: {tensor} holds no weights; supported are F32, F16 and Q8_0.");
        return Buffer(OpenClStorage.Of(tensor, _context, _name)).Long(tensor.ByteOffset).Int((int)tensor.DType);
    }

    public OpenClKernel Buffer(OpenClStorage storage)
    {
        nint memory = storage.Memory.DangerousGetHandle(); // stays valid: the storage is kept in _buffers until the run is queued
        Set(Kind.Buffer, (nuint)sizeof(nint), &memory);
        _buffers[_next - 1] = storage;
        return this;
    }

    public OpenClKernel Int(int value) => Set(Kind.Int, sizeof(int), &value);

    public OpenClKernel Long(long value) => Set(Kind.Long, sizeof(long), &value);

    public OpenClKernel Float(float value) => Set(Kind.Float, sizeof(float), &value);

    /// <summary>Local memory for <paramref name="count"/> floats, uninitialised, one piece for each work group.</summary>
    public OpenClKernel LocalFloats(int count) => Set(Kind.Local, (nuint)count * sizeof(float), null);

    /// <summary>Queues a run over a grid of <paramref name="groupsX"/> · <paramref name="groupsY"/> work groups of the given size.</summary>
    public void Run(QueueHandle queue, long groupsX, long groupsY, int groupSizeX, int groupSizeY = 1)
    {
        if (_next != _kinds.Length) throw new InvalidOperationException($"OpenCL kernel {_name}: expected {_kinds.Length} arguments, got {_next}.");
        nuint* local = stackalloc nuint[2] { (nuint)groupSizeX, (nuint)groupSizeY };
        nuint* global = stackalloc nuint[2] { (nuint)(groupsX * groupSizeX), (nuint)(groupsY * groupSizeY) };
        int status = OpenClApi.EnqueueNDRangeKernel(queue, _handle, 2, null, global, local, 0, null, null);
        Array.Clear(_buffers);
        OpenClStatus.Check(status, "clEnqueueNDRangeKernel", _name);
    }

    /// <summary>Fails when this device cannot run the kernel in groups of so many work items (registers may allow fewer than the device's own limit).</summary>
    public OpenClKernel RequireGroupSize(int workItems)
    {
        nuint most;
        OpenClStatus.Check(OpenClApi.GetKernelWorkGroupInfo(_handle, _device.Id, WorkGroupSize, (nuint)sizeof(nuint), &most, out _),
            "clGetKernelWorkGroupInfo", _name);
        if (most < (nuint)workItems) throw new NotSupportedException(
            $"OpenCL kernel {_name}: {_device.Name} runs at most {most} work items a group of it, expected {workItems}. Use another device.");
        return this;
    }

    public void Dispose() => _handle.Dispose();

    // `value` points to `size` readable bytes, or is null for local memory; OpenCL copies them during the call.
    private OpenClKernel Set(Kind kind, nuint size, void* value)
    {
        if (_next >= _kinds.Length || _kinds[_next] != kind) throw new InvalidOperationException(
            $"OpenCL kernel {_name}: argument {_next} is {kind}, expected {(_next < _kinds.Length ? _kinds[_next].ToString() : "no more arguments")}.");
        OpenClStatus.Check(OpenClApi.SetKernelArg(_handle, (uint)_next, size, value), "clSetKernelArg", _name);
        _next++;
        return this;
    }

    private Kind KindOf(uint index)
    {
        uint address;
        OpenClStatus.Check(OpenClApi.GetKernelArgInfo(_handle, index, ArgumentAddress, sizeof(uint), &address, out _), "clGetKernelArgInfo", _name);
        if (address == AddressGlobal) return Kind.Buffer;
        if (address == AddressLocal) return Kind.Local;
        OpenClStatus.Check(OpenClApi.GetKernelArgInfo(_handle, index, ArgumentType, 0, null, out nuint size), "clGetKernelArgInfo", _name);
        byte[] bytes = new byte[size];
        fixed (byte* first = bytes) // writes at most size
            OpenClStatus.Check(OpenClApi.GetKernelArgInfo(_handle, index, ArgumentType, size, first, out _), "clGetKernelArgInfo", _name);
        return Encoding.UTF8.GetString(bytes).TrimEnd('\0') switch
        {
            "int" => Kind.Int,
            "float" => Kind.Float,
            "ulong" => Kind.Long,
            string other => throw new InvalidOperationException($"OpenCL kernel {_name}: argument {index} is {other}; expected int, float, ulong or a pointer."),
        };
    }
}
