using System.Runtime.InteropServices;

namespace LlmFromScratch.Gpu.Interop;

/// <summary>
/// The functions of the OpenCL 1.2 C API that the backend calls, one to one (Khronos, OpenCL 1.2 specification, chapters 4 and 5). Every pointer is
/// read or written only during the call, but for reads and writes of buffers that do not block: the backend makes none.
/// </summary>
internal static unsafe partial class OpenClApi
{
    private const string Library = OpenClLibrary.Name;

    static OpenClApi() => NativeLibrary.SetDllImportResolver(typeof(OpenClApi).Assembly, OpenClLibrary.Resolve);

    // Platforms (one a driver) and their devices.

    [LibraryImport(Library, EntryPoint = "clGetPlatformIDs")]
    public static partial int GetPlatformIds(uint capacity, nint* platforms, out uint count);

    [LibraryImport(Library, EntryPoint = "clGetDeviceIDs")]
    public static partial int GetDeviceIds(nint platform, ulong type, uint capacity, nint* devices, out uint count);

    [LibraryImport(Library, EntryPoint = "clGetDeviceInfo")]
    public static partial int GetDeviceInfo(nint device, uint name, nuint capacity, void* value, out nuint size);

    // Context and queue. clCreateCommandQueue is the form of 1.2, which every driver has; its successor came with 2.0 and is missing on macOS.

    [LibraryImport(Library, EntryPoint = "clCreateContext")]
    public static partial ContextHandle CreateContext(nint* properties, uint deviceCount, nint* devices, nint callback, nint userData, out int status);

    [LibraryImport(Library, EntryPoint = "clReleaseContext")]
    public static partial int ReleaseContext(nint context);

    [LibraryImport(Library, EntryPoint = "clCreateCommandQueue")]
    public static partial QueueHandle CreateCommandQueue(ContextHandle context, nint device, ulong properties, out int status);

    [LibraryImport(Library, EntryPoint = "clReleaseCommandQueue")]
    public static partial int ReleaseCommandQueue(nint queue);

    [LibraryImport(Library, EntryPoint = "clFinish")]
    public static partial int Finish(QueueHandle queue);

    // Programs and kernels.

    [LibraryImport(Library, EntryPoint = "clCreateProgramWithSource")]
    public static partial ProgramHandle CreateProgramWithSource(ContextHandle context, uint count, byte** sources, nuint* lengths, out int status);

    [LibraryImport(Library, EntryPoint = "clBuildProgram", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int BuildProgram(ProgramHandle program, uint deviceCount, nint* devices, string options, nint callback, nint userData);

    [LibraryImport(Library, EntryPoint = "clGetProgramBuildInfo")]
    public static partial int GetProgramBuildInfo(ProgramHandle program, nint device, uint name, nuint capacity, void* value, out nuint size);

    [LibraryImport(Library, EntryPoint = "clReleaseProgram")]
    public static partial int ReleaseProgram(nint program);

    [LibraryImport(Library, EntryPoint = "clCreateKernel", StringMarshalling = StringMarshalling.Utf8)]
    public static partial KernelHandle CreateKernel(ProgramHandle program, string name, out int status);

    [LibraryImport(Library, EntryPoint = "clGetKernelInfo")]
    public static partial int GetKernelInfo(KernelHandle kernel, uint name, nuint capacity, void* value, out nuint size);

    [LibraryImport(Library, EntryPoint = "clGetKernelArgInfo")]
    public static partial int GetKernelArgInfo(KernelHandle kernel, uint index, uint name, nuint capacity, void* value, out nuint size);

    [LibraryImport(Library, EntryPoint = "clGetKernelWorkGroupInfo")]
    public static partial int GetKernelWorkGroupInfo(KernelHandle kernel, nint device, uint name, nuint capacity, void* value, out nuint size);

    [LibraryImport(Library, EntryPoint = "clSetKernelArg")]
    public static partial int SetKernelArg(KernelHandle kernel, uint index, nuint size, void* value);

    [LibraryImport(Library, EntryPoint = "clReleaseKernel")]
    public static partial int ReleaseKernel(nint kernel);

    [LibraryImport(Library, EntryPoint = "clEnqueueNDRangeKernel")]
    public static partial int EnqueueNDRangeKernel(QueueHandle queue, KernelHandle kernel, uint dimensions, nuint* offset, nuint* globalSize,
        nuint* localSize, uint waitCount, nint* waitFor, nint* done);

    // Buffers. `blocking` is 1 or 0; offsets and sizes are bytes.

    [LibraryImport(Library, EntryPoint = "clCreateBuffer")]
    public static partial MemoryHandle CreateBuffer(ContextHandle context, ulong flags, nuint size, void* host, out int status);

    [LibraryImport(Library, EntryPoint = "clReleaseMemObject")]
    public static partial int ReleaseMemObject(nint memory);

    [LibraryImport(Library, EntryPoint = "clEnqueueReadBuffer")]
    public static partial int EnqueueReadBuffer(QueueHandle queue, MemoryHandle source, uint blocking, nuint offset, nuint size, void* destination,
        uint waitCount, nint* waitFor, nint* done);

    [LibraryImport(Library, EntryPoint = "clEnqueueWriteBuffer")]
    public static partial int EnqueueWriteBuffer(QueueHandle queue, MemoryHandle destination, uint blocking, nuint offset, nuint size, void* source,
        uint waitCount, nint* waitFor, nint* done);

    [LibraryImport(Library, EntryPoint = "clEnqueueCopyBuffer")]
    public static partial int EnqueueCopyBuffer(QueueHandle queue, MemoryHandle source, MemoryHandle destination, nuint sourceOffset,
        nuint destinationOffset, nuint size, uint waitCount, nint* waitFor, nint* done);

    [LibraryImport(Library, EntryPoint = "clEnqueueFillBuffer")]
    public static partial int EnqueueFillBuffer(QueueHandle queue, MemoryHandle destination, void* pattern, nuint patternSize, nuint offset,
        nuint size, uint waitCount, nint* waitFor, nint* done);
}
