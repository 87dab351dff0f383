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
internal static unsafe class BlockLayout<TFormat> where TFormat : unmanaged, IBlockFormat
{
    /// <summary>Values of k that are decoded together.</summary>
    public const int RunSize = 32;

    private const int PlaneRowBytes = 4 * Tile.PanelSize;

    // Read-only fields rather than properties: once they are set, as packing a weight does, compiled code holds their values, and the kernels,
    // which inline a great deal, have nothing more to inline.

    /// <summary>Inner scales of each output in a run: 0, 1 or 2.</summary>
    public static readonly int Groups = TFormat.GroupSize == 0 ? 0 : RunSize / TFormat.GroupSize;

    public static readonly bool HasMinimum = TFormat.HasMinimum;

    /// <summary>Where the runs of a block start.</summary>
    public static readonly int HeadBytes = (HasMinimum ? 4 : 2) * Tile.PanelSize;

    /// <summary>Where the minima of a run start.</summary>
    public static readonly int ScaleBytes = Groups * Tile.PanelSize;

    /// <summary>Where the codes of a run start.</summary>
    public static readonly int CodesStart = HasMinimum ? 2 * ScaleBytes : ScaleBytes;

    public static readonly int RunBytes = CodesStart + TFormat.CodeBits * PlaneRowBytes;

    public static readonly int BlockSize = TFormat.BlockSize;

    public static readonly int BlockBytes = HeadBytes + BlockSize / RunSize * RunBytes;

    private static readonly int LowBits = TFormat.CodeBits switch { 8 => 8, > 3 => 4, _ => 2 };

    private static readonly int HighBits = TFormat.CodeBits - LowBits;

    private static readonly int HighStart = LowBits * PlaneRowBytes;

    private static readonly uint LowMask = Mask(LowBits), HighMask = Mask(HighBits);

    private static readonly bool HasLevels = !TFormat.Levels.IsEmpty;

    private static readonly int SecondGroup = Groups == 2 ? Tile.PanelSize : 0; // where that of the second half stands

    /// <summary>Puts a stored row into one column of a panel.</summary>
    public static void PackRow(ReadOnlySpan<byte> row, byte* panel, int column)
    {
        byte* codes = stackalloc byte[TFormat.BlockSize];
        Span<sbyte> scales = stackalloc sbyte[BlockScale.MostGroups], minima = stackalloc sbyte[BlockScale.MostGroups];
        for (; row.Length > 0; row = row[TFormat.BlockBytes..], panel += BlockBytes)
        {
            BlockScale block = TFormat.Unpack(row[..TFormat.BlockBytes], new Span<byte>(codes, TFormat.BlockSize), scales, minima);
            ((ushort*)panel)[column] = block.D;
            if (HasMinimum) ((ushort*)panel)[Tile.PanelSize + column] = block.M;
            byte* run = panel + HeadBytes;
            for (int r = 0; r < TFormat.BlockSize / RunSize; r++, run += RunBytes)
            {
                for (int group = 0; group < Groups; group++)
                {
                    run[group * Tile.PanelSize + column] = (byte)scales[r * Groups + group];
                    if (HasMinimum) run[ScaleBytes + group * Tile.PanelSize + column] = (byte)minima[r * Groups + group];
                }
                uint* quads = (uint*)(codes + r * RunSize); // 8 words
                PackPlane(quads, 0, LowBits, run + CodesStart + 4 * column);
                if (HighBits > 0) PackPlane(quads, LowBits, HighBits, run + CodesStart + LowBits * PlaneRowBytes + 4 * column);
            }
        }
    }

    /// <summary>
    /// The codes of values 16·half + 4·quad and the next three of a run: one output a lane, one value a byte; levels where the format has a table.
    /// </summary>
    /// <param name="codes">The codes of the run from the first output on.</param>
    /// <param name="half">0 or 1.</param>
    /// <param name="pair">quad / 2.</param>
    /// <param name="which">quad mod 2; a constant where it matters, so that the shift of 4-bit codes is one too.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Codes<TLanes>(byte* codes, int half, int pair, int which) where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes words;
        if (LowBits == 8) words = TLanes.Load((float*)(codes + (4 * half + 2 * pair + which) * PlaneRowBytes));
        else if (LowBits == 4) words = TLanes.Field((float*)(codes + (2 * half + pair) * PlaneRowBytes), 4 * which, LowMask);
        else words = TLanes.Field((float*)(codes + half * PlaneRowBytes), 4 * pair + 2 * which, LowMask);
        if (HighBits == 2) words = TLanes.PutAbove(words, TLanes.Field((float*)(codes + HighStart + half * PlaneRowBytes), 4 * pair + 2 * which, HighMask), LowBits);
        if (HighBits == 1) words = TLanes.PutAbove(words, TLanes.Field((float*)(codes + HighStart), 4 * half + 2 * pair + which, HighMask), LowBits);
        return HasLevels ? TLanes.LookUp(words, TFormat.Levels) : words;
    }

    /// <summary>d of the outputs from a column on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes D<TLanes>(byte* block, int column) where TLanes : unmanaged, ILanes<TLanes> => TLanes.LoadHalves((ushort*)block + column);

    /// <summary>-m of the outputs from a column on; zeros where the format has none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes MinusM<TLanes>(byte* block, int column) where TLanes : unmanaged, ILanes<TLanes> => HasMinimum
        ? TLanes.Broadcast(0) - TLanes.LoadHalves((ushort*)block + Tile.PanelSize + column)
        : TLanes.Broadcast(0);

    /// <summary>d times the inner scale of half a run; exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Scale<TLanes>(TLanes d, byte* run, int column, int half) where TLanes : unmanaged, ILanes<TLanes> =>
        Groups == 0 ? d : d * TLanes.LoadSignedBytes((sbyte*)run + half * SecondGroup + column);

    /// <summary>What is added to every value of half a run: -m times its minimum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Minimum<TLanes>(TLanes minusM, byte* run, int column, int half) where TLanes : unmanaged, ILanes<TLanes> =>
        Groups == 0 ? minusM : minusM * TLanes.LoadSignedBytes((sbyte*)run + ScaleBytes + half * SecondGroup + column);

    private static void PackPlane(uint* quads, int shift, int bits, byte* plane)
    {
        int perWord = 8 / bits;
        for (int row = 0; row < bits; row++)
        {
            uint word = 0;
            for (int i = 0; i < perWord; i++) word |= (quads[row * perWord + i] >> shift & Mask(bits)) << (i * bits);
            *(uint*)(plane + row * PlaneRowBytes) = word;
        }
    }

    private static uint Mask(int bits) => ((1u << bits) - 1) * 0x01010101; // in every byte
}
