using System.Text;

namespace LlmFromScratch.Gpu.Interop;

/// <summary>A device that can run the kernels, and the limits that matter.</summary>
/// <param name="Id">The cl_device_id; root devices are never released.</param>
/// <param name="Name">As the driver calls it.</param>
/// <param name="MaxAllocationBytes">Bytes of the largest buffer.</param>
internal sealed record OpenClDevice(nint Id, string Name, long MaxAllocationBytes)
{
    public const int NeededGroupSize = 256; // work items of the largest group: a 16 x 16 tile of MatMul
    public const int NeededLocalBytes = 16 * 1024;

    private const ulong TypeGpu = 1 << 2, TypeAccelerator = 1 << 3, TypeCpu = 1 << 1; // CL_DEVICE_TYPE_*
    private const uint MaxWorkGroupSize = 0x1004, MaxMemAllocSize = 0x1010, LocalMemSize = 0x1023, EndianLittle = 0x1026,
        CompilerAvailable = 0x1028, DeviceName = 0x102B; // CL_DEVICE_*

    /// <summary>The first usable device, GPUs before accelerators before processors; null with the reason when there is none.</summary>
    public static OpenClDevice? Find(out string reason)
    {
        if (!OpenClLibrary.TryLoad(OpenClLibrary.FileNames, out _, out reason)) return null;
        nint[] platforms = Platforms();
        if (platforms.Length == 0)
        {
            reason = "the OpenCL library is here, but no driver (platform) is installed";
            return null;
        }
        List<string> refused = [];
        foreach (ulong type in (ReadOnlySpan<ulong>)[TypeGpu, TypeAccelerator, TypeCpu])
        foreach (nint platform in platforms)
        foreach (nint id in DevicesOf(platform, type))
        {
            OpenClDevice device = new(id, Text(id, DeviceName), (long)Number<ulong>(id, MaxMemAllocSize));
            if (WhyNot(id) is not { } fault) return device;
            refused.Add($"{device.Name} {fault}");
        }
        reason = refused.Count == 0 ? "the OpenCL drivers of this system offer no device" : string.Join("; ", refused);
        return null;
    }

    private static string? WhyNot(nint id)
    {
        if (Number<uint>(id, CompilerAvailable) == 0) return "has no compiler for OpenCL C";
        if (Number<uint>(id, EndianLittle) == 0) return "is big-endian, weights are little-endian";
        if (Number<nuint>(id, MaxWorkGroupSize) is var items and < NeededGroupSize) return $"runs {items} work items a group, expected at least {NeededGroupSize}";
        if (Number<ulong>(id, LocalMemSize) is var bytes and < NeededLocalBytes) return $"has {bytes} bytes of local memory, expected at least {NeededLocalBytes}";
        return null;
    }

    private static unsafe nint[] Platforms()
    {
        int status = OpenClApi.GetPlatformIds(0, null, out uint count);
        if (status == OpenClStatus.PlatformNotFound || (status == OpenClStatus.Success && count == 0)) return [];
        OpenClStatus.Check(status, "clGetPlatformIDs");
        nint[] platforms = new nint[count];
        fixed (nint* first = platforms) OpenClStatus.Check(OpenClApi.GetPlatformIds(count, first, out _), "clGetPlatformIDs"); // writes at most count
        return platforms;
    }

    private static unsafe nint[] DevicesOf(nint platform, ulong type)
    {
        int status = OpenClApi.GetDeviceIds(platform, type, 0, null, out uint count);
        if (status == OpenClStatus.DeviceNotFound || (status == OpenClStatus.Success && count == 0)) return [];
        OpenClStatus.Check(status, "clGetDeviceIDs");
        nint[] devices = new nint[count];
        fixed (nint* first = devices) OpenClStatus.Check(OpenClApi.GetDeviceIds(platform, type, count, first, out _), "clGetDeviceIDs"); // at most count
        return devices;
    }

    // A number of the type that the specification gives for this name; the driver refuses a capacity that is too small.
    private static unsafe T Number<T>(nint id, uint name) where T : unmanaged
    {
        T value = default;
        OpenClStatus.Check(OpenClApi.GetDeviceInfo(id, name, (nuint)sizeof(T), &value, out _), "clGetDeviceInfo");
        return value;
    }

    private static unsafe string Text(nint id, uint name)
    {
        OpenClStatus.Check(OpenClApi.GetDeviceInfo(id, name, 0, null, out nuint size), "clGetDeviceInfo");
        byte[] bytes = new byte[size];
        fixed (byte* first = bytes) OpenClStatus.Check(OpenClApi.GetDeviceInfo(id, name, size, first, out _), "clGetDeviceInfo"); // writes at most size
        return Encoding.UTF8.GetString(bytes).TrimEnd('\0').Trim();
    }
}
