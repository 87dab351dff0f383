using System.Runtime.InteropServices;

namespace LlmFromScratch.Tensors;

/// <summary>What a process can tell the operating system about memory it will use, where there is such a call (Linux, and the first on macOS); advice only.</summary>
internal static class MemoryAdvice
{
    private const int DontNeed = 4, HugePage = 14; // MADV_DONTNEED, MADV_HUGEPAGE

    /// <summary>The pages that lie wholly within these bytes are not needed: those of a file are read again when they are touched.</summary>
    public static void Release(nint address, long length)
    {
        if (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS()) Advise(address, length, DontNeed);
    }

    /// <summary>Large pages would pay here: memory that is written once and then read from end to end with every token.</summary>
    public static void PreferLargePages(nint address, long length)
    {
        if (OperatingSystem.IsLinux()) Advise(address, length, HugePage);
    }

    private static void Advise(nint address, long length, int advice)
    {
        nint page = Environment.SystemPageSize, first = (address + page - 1) & -page, end = (address + (nint)length) & -page;
        if (end > first) _ = MAdvise(first, end - first, advice); // a refusal changes nothing
    }

    [DllImport("libc", EntryPoint = "madvise")]
    private static extern int MAdvise(nint address, nint length, int advice);
}
