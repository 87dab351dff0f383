using LlmFromScratch.Gpu.Interop;

namespace LlmFromScratch.Gpu;

/// <summary>
/// Indices live on the device, so only kernels can check them: the first one outside its range is skipped and left in a small device buffer
/// [what, index, count, unused], and the host throws for it at the next point where it waits anyway (checked_index in Kernels/Common.cl).
/// </summary>
internal sealed unsafe class OpenClFault : IDisposable
{
    private const int Length = 4 * sizeof(int);

    private readonly OpenClMemory _memory;

    public OpenClFault(OpenClMemory memory)
    {
        _memory = memory;
        Storage = memory.Allocate(Length);
    }

    /// <summary>The buffer that kernels write to.</summary>
    public OpenClStorage Storage { get; }

    /// <summary>Throws if an operation since the last call met an index outside its range, and forgets it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Names what, the index and the range.</exception>
    public void ThrowIfAny()
    {
        int* fault = stackalloc int[4];
        _memory.Read(Storage, 0, fault, Length);
        if (fault[0] == 0) return;
        _memory.Clear(Storage);
        string what = fault[0] switch
        {
            1 => "Embed: token id",
            2 => "GatherRows: row",
            3 => "ForwardBatch: sequence",
            4 => "ForwardBatch: position",
            6 => "ExpertMatMul: expert",
            _ => "ForwardBatch: cache block",
        };
        throw new ArgumentOutOfRangeException("index", fault[1],
            $"{what} {fault[1]}: expected 0 to {fault[2] - 1}. The operation skipped it; what was computed since is not to be used.");
    }

    public void Dispose() => Storage.Dispose();
}
