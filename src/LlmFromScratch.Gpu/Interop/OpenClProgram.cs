using System.Reflection;
using System.Text;

namespace LlmFromScratch.Gpu.Interop;

/// <summary>The kernels of this assembly (Kernels/*.cl), joined into one program and compiled once by the device's driver.</summary>
internal sealed class OpenClProgram : IDisposable
{
    // No fast-math: NaN, infinity and the order of sums stay as written. Argument names and types are kept for OpenClKernel's checks.
    private const string Options = "-cl-std=CL1.2 -cl-kernel-arg-info";
    private const uint BuildLog = 0x1183; // CL_PROGRAM_BUILD_LOG

    private readonly ContextHandle _context;
    private readonly OpenClDevice _device;
    private readonly ProgramHandle _handle;

    /// <summary>Compiles sources for a device.</summary>
    /// <param name="context">Where the program will run.</param>
    /// <param name="device">The device of that context.</param>
    /// <param name="source">OpenCL C.</param>
    /// <param name="defines">Constants that C# and OpenCL C share, for example "-D TILE=16".</param>
    /// <exception cref="InvalidOperationException">The compiler refused the source; the message ends with its log.</exception>
    public unsafe OpenClProgram(ContextHandle context, OpenClDevice device, string source, string defines)
    {
        (_context, _device) = (context, device);
        byte[] bytes = Encoding.UTF8.GetBytes(source);
        fixed (byte* text = bytes) // read during the call only, and no further than length
        {
            byte* start = text;
            nuint length = (nuint)bytes.Length;
            _handle = OpenClApi.CreateProgramWithSource(context, 1, &start, &length, out int status);
            OpenClStatus.Check(status, "clCreateProgramWithSource", device.Name);
        }
        nint id = device.Id;
        int built = OpenClApi.BuildProgram(_handle, 1, &id, $"{Options} {defines}", 0, 0);
        if (built == OpenClStatus.Success) return;
        string log = ReadLog();
        _handle.Dispose();
        throw new InvalidOperationException($"{OpenClStatus.Failure(built, "clBuildProgram", device.Name).Message}{Environment.NewLine}{log}");
    }

    /// <summary>All kernel sources of this assembly, shared helpers first; the line directives make a build log name the file.</summary>
    public static string AllSources()
    {
        Assembly assembly = typeof(OpenClProgram).Assembly;
        string[] shared = ["Common.cl", "Weights.cl", "Paging.cl"];
        IEnumerable<string> kernels = assembly.GetManifestResourceNames().Where(name => name.EndsWith(".cl", StringComparison.Ordinal))
            .Except(shared).Order(StringComparer.Ordinal);
        StringBuilder text = new();
        foreach (string name in shared.Concat(kernels))
        {
            using Stream? stream = assembly.GetManifestResourceStream(name);
            using StreamReader reader = new(stream ?? throw new InvalidOperationException($"OpenCL: {name} is not embedded in {assembly.GetName().Name}."));
            text.Append("#line 1 \"").Append(name).Append("\"\n").Append(reader.ReadToEnd()).Append('\n');
        }
        return text.ToString();
    }

    /// <summary>One kernel of the program.</summary>
    public OpenClKernel Kernel(string name) => new(_handle, _context, _device, name);

    /// <summary>Releases the program; its kernels keep what they need.</summary>
    public void Dispose() => _handle.Dispose();

    private unsafe string ReadLog()
    {
        OpenClStatus.Check(OpenClApi.GetProgramBuildInfo(_handle, _device.Id, BuildLog, 0, null, out nuint size), "clGetProgramBuildInfo");
        byte[] log = new byte[size];
        fixed (byte* first = log) // writes at most size
            OpenClStatus.Check(OpenClApi.GetProgramBuildInfo(_handle, _device.Id, BuildLog, size, first, out _), "clGetProgramBuildInfo");
        return Encoding.UTF8.GetString(log).TrimEnd('\0', '\n');
    }
}
