using System.Runtime.InteropServices;

namespace LlmFromScratch.Notebooks.Jupyter.Messaging;

/// <summary>
/// The functions of ZeroMQ's C library that a Jupyter kernel needs (libzmq 4, its manual pages zmq_socket(3) and following). The library is
/// the system's: Debian's libzmq5, Homebrew's zeromq.
/// </summary>
internal static unsafe partial class ZmqApi
{
    public const int Rep = 4, Dealer = 5, Router = 6, Pub = 1, Sub = 2; // zmq_socket's types
    public const int Subscribe = 6, ReceiveMore = 13, Linger = 17, MaxMessageSize = 22, ReceiveTimeout = 27; // zmq_setsockopt's options
    public const int SendMore = 2;
    public const int MessageBytes = 64; // sizeof(zmq_msg_t), fixed by the library's interface

    private const string Library = "libzmq";

    private static readonly string[] FileNames = OperatingSystem.IsMacOS()
        ? ["libzmq.5.dylib", "/opt/homebrew/lib/libzmq.5.dylib", "/usr/local/lib/libzmq.5.dylib"]
        : ["libzmq.so.5", "libzmq.so"];

    static ZmqApi() => NativeLibrary.SetDllImportResolver(typeof(ZmqApi).Assembly, Resolve);

    [LibraryImport(Library)] public static partial nint zmq_ctx_new();

    [LibraryImport(Library)] public static partial int zmq_ctx_shutdown(nint context);

    [LibraryImport(Library)] public static partial int zmq_ctx_term(nint context);

    [LibraryImport(Library, SetLastError = true)] public static partial nint zmq_socket(nint context, int type);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] public static partial int zmq_bind(nint socket, string endpoint);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] public static partial int zmq_connect(nint socket, string endpoint);

    [LibraryImport(Library)] public static partial int zmq_setsockopt(nint socket, int option, void* value, nuint length);

    [LibraryImport(Library)] public static partial int zmq_getsockopt(nint socket, int option, void* value, nuint* length);

    [LibraryImport(Library)] public static partial int zmq_msg_init(void* message);

    [LibraryImport(Library)] public static partial int zmq_msg_recv(void* message, nint socket, int flags);

    [LibraryImport(Library)] public static partial void* zmq_msg_data(void* message);

    [LibraryImport(Library)] public static partial nuint zmq_msg_size(void* message);

    [LibraryImport(Library)] public static partial int zmq_msg_close(void* message);

    [LibraryImport(Library)] public static partial int zmq_send(nint socket, void* bytes, nuint length, int flags);

    [LibraryImport(Library)] public static partial int zmq_close(nint socket);

    [LibraryImport(Library)] public static partial int zmq_errno();

    [LibraryImport(Library)] public static partial nint zmq_strerror(int error);

    /// <summary>Whether the system has the library.</summary>
    public static bool IsAvailable { get; } = Resolve(Library, typeof(ZmqApi).Assembly, null) != 0;

    /// <summary>Throws when the system has no library, with the way to get it.</summary>
    /// <exception cref="NotSupportedException">It has none.</exception>
    public static void RequireLibrary()
    {
        if (OperatingSystem.IsWindows()) throw new NotSupportedException(
            "llmfs kernel: supported are Linux and macOS; on Windows use WSL, or the .NET Interactive kernel, which runs the same notebooks.");
        if (!IsAvailable) throw new NotSupportedException(
            $"llmfs kernel: the ZeroMQ library is missing (looked for {string.Join(", ", FileNames)}). Debian: apt-get install libzmq5; macOS: brew install zeromq.");
    }

    /// <summary>The library's words for its last error on this thread.</summary>
    public static string LastError() => Marshal.PtrToStringUTF8(zmq_strerror(zmq_errno())) ?? "unknown error";

    private static nint Resolve(string name, System.Reflection.Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Library) return 0; // not ours: the default search
        foreach (string file in FileNames)
            if (NativeLibrary.TryLoad(file, out nint handle)) return handle;
        return 0;
    }
}
