using System.Runtime.InteropServices;
using LlmFromScratch.Kernels.Cpu.Threading;
using LlmFromScratch.Kernels.Quantization;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Kernels.Cpu.Packing;

/// <summary>The bytes of a weight [out, in] in panels of 16 outputs: [⌈out/16⌉] panels, outputs beyond the last are zeros. Only the CPU's MatMul reads it.</summary>
internal sealed unsafe class PackedStorage : TensorStorage
{
    private readonly HostStorage _panels;

    private PackedStorage(Shape shape, long panelBytes)
    {
        Shape = shape;
        PanelCount = (shape[0] + Tile.PanelSize - 1) / Tile.PanelSize;
        PanelBytes = panelBytes;
        _panels = HostStorage.AllocateForWeights(PanelBytes * PanelCount);
        if (shape[0] % Tile.PanelSize != 0) Panel(PanelCount - 1).Clear(); // columns that no output fills
    }

    /// <summary>[out, in].</summary>
    public Shape Shape { get; }

    public int PanelCount { get; }

    public long PanelBytes { get; }

    /// <inheritdoc/>
    public override long ByteLength => _panels.ByteLength;

    /// <summary>The bytes of a panel; those of the next lie behind them. Empty where there is no panel.</summary>
    public Span<byte> Panel(int panel) => _panels.GetSpan(panel * PanelBytes, PanelCount == 0 ? 0 : (int)PanelBytes);

    /// <summary>Repacks a host weight, the team sharing the panels, and gives the pages of a mapped file back: tensor by tensor, weights are held once.</summary>
    /// <exception cref="NotSupportedException">A type that holds no weights.</exception>
    public static Tensor Pack(Tensor weight, ThreadTeam team)
    {
        if (weight.Shape.Rank != 2) throw new ArgumentException($"LoadMatMulWeight: weight is {weight.Shape}; expected [out, in].", nameof(weight));
        Packing packing = new(weight, team);
        PanelTypes.Visit(weight.DType, ref packing);
        return new Tensor(weight.Shape, weight.DType, packing.Result);
    }

    /// <summary>The storage behind a weight from <see cref="Pack"/>.</summary>
    public static PackedStorage Of(Tensor weight) => weight.Storage is PackedStorage packed && packed.Shape == weight.Shape
        ? packed
        : throw new ArgumentException($"MatMul: {weight} is not packed for the cpu backend; expected the tensor that its LoadMatMulWeight returned.");

    /// <inheritdoc/>
    public override void Dispose() => _panels.Dispose();

    private void Fill<TPanels>(Tensor weight, ThreadTeam team) where TPanels : IPanels => team.Run(PanelCount, panel =>
    {
        int row = panel * Tile.PanelSize, end = Math.Min(Shape[0], row + Tile.PanelSize);
        Span<byte> target = Panel(panel); // Pack fills columns inside this slice
        fixed (byte* start = &MemoryMarshal.GetReference(target))
            TPanels.Pack(weight.RowSpan(row, end - row), (int)weight.RowBytes, start);
    });

    private struct Packing(Tensor weight, ThreadTeam team) : IPanelVisitor
    {
        public PackedStorage Result { get; private set; } = null!; // set by Visit, which the constructor's caller calls at once

        public void VisitPlain<TValue>() where TValue : unmanaged, IPlainValue => Pack<PlainPanels<TValue>>();

        public void VisitBlocks<TFormat>() where TFormat : unmanaged, IBlockFormat => Pack<BlockPanels<TFormat>>();

        private void Pack<TPanels>() where TPanels : unmanaged, IPanels
        {
            Result = new PackedStorage(weight.Shape, TPanels.PanelBytes(weight.Shape[1]));
            Result.Fill<TPanels>(weight, team);
            if (weight.Storage is HostStorage host) host.Release(); // held once from here on
        }
    }
}
