using System.Reflection;
using System.Runtime.InteropServices;

namespace LlmFromScratch.Gpu.Interop;

/// <summary>Finds the OpenCL loader of this system: the one library that knows all installed drivers.</summary>
internal static class OpenClLibrary
{
    /// <summary>The name that every import in <see cref="OpenClApi"/> carries; <see cref="Resolve"/> turns it into the file of this system.</summary>
    public const string Name = "OpenCL";

    /// <summary>Where the loader is, by operating system.</summary>
    public static ReadOnlySpan<string> FileNames =>
        OperatingSystem.IsWindows() ? (string[])["OpenCL.dll"]
        : OperatingSystem.IsMacOS() ? ["/System/Library/Frameworks/OpenCL.framework/OpenCL"]
        : ["libOpenCL.so.1", "libOpenCL.so"]; // the plain name exists only where development files are installed

    /// <summary>Loads the first library of a list that this system has.</summary>
    /// <param name="fileNames">Names or paths, tried in order.</param>
    /// <param name="library">The library, or 0.</param>
    /// <param name="reason">Empty, or what was tried in vain.</param>
    public static bool TryLoad(ReadOnlySpan<string> fileNames, out nint library, out string reason)
    {
        foreach (string fileName in fileNames)
        {
            reason = "";
            if (NativeLibrary.TryLoad(fileName, out library)) return true;
        }
        library = 0;
        reason = $"no OpenCL library on this system (tried {string.Join(", ", fileNames!)})";
        return false;
    }

    /// <summary>The resolver that <see cref="OpenClApi"/> registers for this assembly's imports.</summary>
    public static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath) =>
        name == Name && TryLoad(FileNames, out nint library, out _) ? library : 0;
}
