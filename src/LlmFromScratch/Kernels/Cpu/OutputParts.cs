using LlmFromScratch.Kernels.Cpu.Packing;

namespace LlmFromScratch.Kernels.Cpu;

/// <summary>How the outputs of a product are shared among threads: in groups of four registers of the widest kind.</summary>
internal readonly struct OutputParts
{
    public const int GroupSize = 4 * Tile.PanelSize;
    private const long SmallWork = 1 << 16; // multiply-adds that one thread does sooner than two
    private readonly int _out, _groups;

    /// <param name="rows">Rows of x.</param>
    /// <param name="inSize">Products an output.</param>
    /// <param name="outSize">Outputs a row.</param>
    /// <param name="threads">Threads of the team.</param>
    public OutputParts(int rows, int inSize, int outSize, int threads)
    {
        (_out, _groups) = (outSize, (outSize + GroupSize - 1) / GroupSize);
        bool small = (long)rows * inSize * outSize < SmallWork;
        Count = small ? Math.Min(1, _groups) : Math.Min(_groups, 4 * threads); // more parts than threads: who is late does fewer
    }

    public int Count { get; }

    /// <summary>The first output of a part.</summary>
    public int Start(int part) => Math.Min(_out, (int)((long)_groups * part / Count) * GroupSize);
}
