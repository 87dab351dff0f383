using System.Runtime.InteropServices;

namespace LlmFromScratch.Gpu.Interop;

/// <summary>An OpenCL object that is released exactly once, at the latest by the finalizer; 0 is no object.</summary>
internal abstract class OpenClHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;
}

/// <summary>A cl_context: the device's memory space; buffers, programs and queues belong to one.</summary>
internal sealed class ContextHandle : OpenClHandle
{
    protected override bool ReleaseHandle() => OpenClApi.ReleaseContext(handle) == OpenClStatus.Success;
}

/// <summary>A cl_command_queue, in order: each command starts after the one before it has ended.</summary>
internal sealed class QueueHandle : OpenClHandle
{
    protected override bool ReleaseHandle() => OpenClApi.ReleaseCommandQueue(handle) == OpenClStatus.Success;
}

/// <summary>A cl_program: compiled kernel sources.</summary>
internal sealed class ProgramHandle : OpenClHandle
{
    protected override bool ReleaseHandle() => OpenClApi.ReleaseProgram(handle) == OpenClStatus.Success;
}

/// <summary>A cl_kernel: one entry point of a program, with its arguments.</summary>
internal sealed class KernelHandle : OpenClHandle
{
    protected override bool ReleaseHandle() => OpenClApi.ReleaseKernel(handle) == OpenClStatus.Success;
}

/// <summary>A cl_mem: device memory. Released memory lives on until the commands that use it are done.</summary>
internal sealed class MemoryHandle : OpenClHandle
{
    protected override bool ReleaseHandle() => OpenClApi.ReleaseMemObject(handle) == OpenClStatus.Success;
}
