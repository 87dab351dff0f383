namespace LlmFromScratch.Gpu.Interop;

/// <summary>The error codes of OpenCL 1.2 (Khronos, cl.h), and the exception that a failed call becomes.</summary>
internal static class OpenClStatus
{
    public const int Success = 0;
    public const int DeviceNotFound = -1;
    public const int PlatformNotFound = -1001; // from the loader (cl_khr_icd): it is there, but no driver is

    /// <summary>Throws unless a call succeeded.</summary>
    /// <param name="status">What the call returned.</param>
    /// <param name="call">The OpenCL function.</param>
    /// <param name="subject">The kernel or device concerned, or null.</param>
    /// <exception cref="InvalidOperationException">Names the call, the subject and the code.</exception>
    public static void Check(int status, string call, string? subject = null)
    {
        if (status != Success) throw Failure(status, call, subject);
    }

    public static InvalidOperationException Failure(int status, string call, string? subject)
    {
        string message = $"OpenCL: {call}{(subject is null ? "" : $" for {subject}")} failed with {NameOf(status)} ({status}).";
        return new InvalidOperationException(HintFor(status) is { } hint ? $"{message} {hint}" : message);
    }

    public static string NameOf(int status) => status switch
    {
        0 => "CL_SUCCESS",
        -1 => "CL_DEVICE_NOT_FOUND",
        -2 => "CL_DEVICE_NOT_AVAILABLE",
        -3 => "CL_COMPILER_NOT_AVAILABLE",
        -4 => "CL_MEM_OBJECT_ALLOCATION_FAILURE",
        -5 => "CL_OUT_OF_RESOURCES",
        -6 => "CL_OUT_OF_HOST_MEMORY",
        -7 => "CL_PROFILING_INFO_NOT_AVAILABLE",
        -8 => "CL_MEM_COPY_OVERLAP",
        -11 => "CL_BUILD_PROGRAM_FAILURE",
        -12 => "CL_MAP_FAILURE",
        -13 => "CL_MISALIGNED_SUB_BUFFER_OFFSET",
        -14 => "CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST",
        -15 => "CL_COMPILE_PROGRAM_FAILURE",
        -16 => "CL_LINKER_NOT_AVAILABLE",
        -17 => "CL_LINK_PROGRAM_FAILURE",
        -19 => "CL_KERNEL_ARG_INFO_NOT_AVAILABLE",
        -30 => "CL_INVALID_VALUE",
        -31 => "CL_INVALID_DEVICE_TYPE",
        -32 => "CL_INVALID_PLATFORM",
        -33 => "CL_INVALID_DEVICE",
        -34 => "CL_INVALID_CONTEXT",
        -35 => "CL_INVALID_QUEUE_PROPERTIES",
        -36 => "CL_INVALID_COMMAND_QUEUE",
        -38 => "CL_INVALID_MEM_OBJECT",
        -42 => "CL_INVALID_BINARY",
        -43 => "CL_INVALID_BUILD_OPTIONS",
        -44 => "CL_INVALID_PROGRAM",
        -45 => "CL_INVALID_PROGRAM_EXECUTABLE",
        -46 => "CL_INVALID_KERNEL_NAME",
        -47 => "CL_INVALID_KERNEL_DEFINITION",
        -48 => "CL_INVALID_KERNEL",
        -49 => "CL_INVALID_ARG_INDEX",
        -50 => "CL_INVALID_ARG_VALUE",
        -51 => "CL_INVALID_ARG_SIZE",
        -52 => "CL_INVALID_KERNEL_ARGS",
        -53 => "CL_INVALID_WORK_DIMENSION",
        -54 => "CL_INVALID_WORK_GROUP_SIZE",
        -55 => "CL_INVALID_WORK_ITEM_SIZE",
        -56 => "CL_INVALID_GLOBAL_OFFSET",
        -57 => "CL_INVALID_EVENT_WAIT_LIST",
        -58 => "CL_INVALID_EVENT",
        -59 => "CL_INVALID_OPERATION",
        -61 => "CL_INVALID_BUFFER_SIZE",
        -63 => "CL_INVALID_GLOBAL_WORK_SIZE",
        PlatformNotFound => "CL_PLATFORM_NOT_FOUND_KHR",
        _ => "an unknown code",
    };

    private static string? HintFor(int status) => status switch
    {
        -4 or -5 or -6 => "The device's memory or registers are exhausted: use a smaller model, context or batch.",
        -11 => "The driver's compiler refused the kernels; the build log follows.",
        _ => null,
    };
}
