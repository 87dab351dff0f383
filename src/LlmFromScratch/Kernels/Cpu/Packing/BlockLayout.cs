using System.Runtime.CompilerServices;
using LlmFromScratch.Kernels.Cpu.Lanes;
using LlmFromScratch.Kernels.Quantization;

namespace LlmFromScratch.Kernels.Cpu.Packing;

/// <summary>
/// How a block format lies in panels of 16 outputs. A block: 16 d and, where the format has them, 16 m, as binary16; then its runs of 32 values of k:
/// inner scales [groups, 16] and minima [groups, 16] as signed bytes, then the codes in bit planes. A plane of b bits is b rows of 16 words; a word holds four
/// neighbouring k of one output, one a byte, and 8/b such quads one above the other, so that a shift and a mask bring a register of codes.
/// Codes of 3, 5 and 6 bits are two planes. In all about as many bytes as the file has.
/// </summary>
internal static unsafe class BlockLayout<TFormat> where TFormat : IBlockFormat
{
    /// <summary>Values of k that are decoded together.</summary>
    public const int RunSize = 32;

    /// <summary>Quads of values in a run.</summary>
    public const int Quads = RunSize / 4;

    private const int PlaneRowBytes = 4 * Tile.PanelSize;

    /// <summary>Inner scales of each output in a run: 0, 1 or 2.</summary>
    public static int Groups => TFormat.GroupSize == 0 ? 0 : RunSize / TFormat.GroupSize;

    /// <summary>Where the runs of a block start.</summary>
    public static int HeadBytes => (TFormat.HasMinimum ? 4 : 2) * Tile.PanelSize;

    /// <summary>Where the minima of a run start.</summary>
    public static int ScaleBytes => Groups * Tile.PanelSize;

    /// <summary>Where the codes of a run start.</summary>
    public static int CodesStart => TFormat.HasMinimum ? 2 * ScaleBytes : ScaleBytes;

    public static int RunBytes => CodesStart + TFormat.CodeBits * PlaneRowBytes;

    public static int BlockBytes => HeadBytes + TFormat.BlockSize / RunSize * RunBytes;

    private static int LowBits => TFormat.CodeBits switch { 8 => 8, > 3 => 4, _ => 2 };

    private static int HighBits => TFormat.CodeBits - LowBits;

    /// <summary>Puts a stored row into one column of a panel.</summary>
    public static void PackRow(ReadOnlySpan<byte> row, byte* panel, int column)
    {
        byte* codes = stackalloc byte[TFormat.BlockSize];
        Span<sbyte> scales = stackalloc sbyte[BlockScale.MostGroups], minima = stackalloc sbyte[BlockScale.MostGroups];
        for (; row.Length > 0; row = row[TFormat.BlockBytes..], panel += BlockBytes)
        {
            BlockScale block = TFormat.Unpack(row[..TFormat.BlockBytes], new Span<byte>(codes, TFormat.BlockSize), scales, minima);
            ((ushort*)panel)[column] = block.D;
            if (TFormat.HasMinimum) ((ushort*)panel)[Tile.PanelSize + column] = block.M;
            byte* run = panel + HeadBytes;
            for (int r = 0; r < TFormat.BlockSize / RunSize; r++, run += RunBytes)
            {
                for (int group = 0; group < Groups; group++)
                {
                    run[group * Tile.PanelSize + column] = (byte)scales[r * Groups + group];
                    if (TFormat.HasMinimum) run[ScaleBytes + group * Tile.PanelSize + column] = (byte)minima[r * Groups + group];
                }
                uint* quads = (uint*)(codes + r * RunSize); // 8 words
                PackPlane(quads, 0, LowBits, run + CodesStart + 4 * column);
                if (HighBits > 0) PackPlane(quads, LowBits, HighBits, run + CodesStart + LowBits * PlaneRowBytes + 4 * column);
            }
        }
    }

    /// <summary>The codes of values 4·quad to 4·quad + 3 of a run: one output a lane, one value a byte; levels where the format has a table.</summary>
    /// <param name="codes">The codes of the run from the first output on.</param>
    /// <param name="quad">0 to 7.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Codes<TLanes>(byte* codes, int quad) where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes words = Plane<TLanes>(codes, LowBits, quad);
        if (HighBits > 0) words = TLanes.PutAbove(words, Plane<TLanes>(codes + LowBits * PlaneRowBytes, HighBits, quad), LowBits);
        return TFormat.Levels.IsEmpty ? words : TLanes.LookUp(words, TFormat.Levels);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Plane<TLanes>(byte* plane, int bits, int quad) where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes words = TLanes.Load((float*)(plane + quad % bits * PlaneRowBytes));
        return bits == 8 ? words : TLanes.Field(words, quad / bits * bits, Mask(bits));
    }

    private static void PackPlane(uint* quads, int shift, int bits, byte* plane)
    {
        for (int row = 0; row < bits; row++)
        {
            uint word = 0;
            for (int quad = row; quad < Quads; quad += bits) word |= (quads[quad] >> shift & Mask(bits)) << (quad / bits * bits);
            *(uint*)(plane + row * PlaneRowBytes) = word;
        }
    }

    private static uint Mask(int bits) => ((1u << bits) - 1) * 0x01010101; // in every byte
}
