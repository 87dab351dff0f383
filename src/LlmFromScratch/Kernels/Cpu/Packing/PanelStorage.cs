using System.Runtime.InteropServices;
using LlmFromScratch.Kernels.Cpu.Threading;
using LlmFromScratch.Kernels.Quantization;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Kernels.Cpu.Packing;

/// <summary>
/// A weight [out, in] in panels of 16 outputs, for the CPU's MatMul alone. A packed panel interleaves its outputs; those beyond the last are zeros. A panel in
/// rows is 16 rows as they lie in a mapped file, read there until the weight's turn comes to be packed (docs/adr/0010): the file stays open as long as the
/// weight is used. A closed one is an <see cref="ObjectDisposedException"/>; who shortens it meanwhile ends the process, as with the mapped embedding table.
/// </summary>
internal sealed unsafe class PanelStorage : TensorStorage
{
    private Tensor? _rows; // null once packed
    private HostStorage? _packed; // null until then
    private int _readsLeft;

    private PanelStorage(Tensor weight, long panelBytes) =>
        (Shape, PanelBytes, PanelCount) = (weight.Shape, panelBytes, (weight.Shape[0] + Tile.PanelSize - 1) / Tile.PanelSize);

    /// <summary>[out, in].</summary>
    public Shape Shape { get; }

    public int PanelCount { get; }

    public long PanelBytes { get; }

    /// <summary>Whether a panel is 16 rows one after the other still; <see cref="CountRead"/> ends it.</summary>
    public bool IsInRows => _rows is not null;

    /// <inheritdoc/>
    public override long ByteLength => PanelBytes * PanelCount;

    /// <summary>The bytes of a panel; those of the next lie behind them. Empty where there is no panel.</summary>
    /// <exception cref="ObjectDisposedException">The file of a weight in rows is closed.</exception>
    public Span<byte> Panel(int panel) => _rows is not null
        ? _rows.RowSpan((long)panel * Tile.PanelSize, Tile.PanelSize)
        : _packed!.GetSpan(panel * PanelBytes, PanelCount == 0 ? 0 : (int)PanelBytes); // not null: there are no rows

    /// <summary>Packs a host weight, the team sharing the panels, and gives the pages of a mapped file back: tensor by tensor, weights are held once.</summary>
    /// <exception cref="NotSupportedException">A type that holds no weights.</exception>
    public static Tensor Pack(Tensor weight, ThreadTeam team)
    {
        if (weight.Shape.Rank != 2) throw new ArgumentException($"LoadMatMulWeight: weight is {weight.Shape}; expected [out, in].", nameof(weight));
        Packing packing = new(weight, team);
        PanelTypes.Visit(weight.DType, ref packing);
        return new Tensor(weight.Shape, weight.DType, packing.Result);
    }

    /// <summary>Whether <see cref="InRows"/> takes a weight: rows that fill whole panels; blocks only where activations meet them rounded.</summary>
    public static bool CanStayInRows(Tensor weight, ActivationType activations) =>
        weight.Shape.Rank == 2 && weight.Shape[0] % Tile.PanelSize == 0 && (activations == ActivationType.Q8 || weight.DType.BlockSize() == 1);

    /// <summary>Leaves a host weight where it lies, until it is read for the given time.</summary>
    public static Tensor InRows(Tensor weight, int packedAtRead) => new(weight.Shape, weight.DType,
        new PanelStorage(weight, Tile.PanelSize * weight.RowBytes) { _rows = weight, _readsLeft = packedAtRead });

    /// <summary>The storage behind a weight from <see cref="Pack"/> or <see cref="InRows"/>.</summary>
    public static PanelStorage Of(Tensor weight) => weight.Storage is PanelStorage panels && panels.Shape == weight.Shape
        ? panels
        : throw new ArgumentException($"MatMul: {weight} is not packed for the cpu backend; expected the tensor that its LoadMatMulWeight returned.");

    /// <summary>To be called before each product: packs a weight in rows when its turn has come.</summary>
    public void CountRead(ThreadTeam team)
    {
        if (_rows is null || --_readsLeft > 0) return;
        Tensor packed = Pack(_rows, team);
        (_packed, _rows) = (Of(packed)._packed, null);
    }

    /// <inheritdoc/>
    public override void Dispose() => _packed?.Dispose();

    private void Fill<TPanels>(Tensor weight, ThreadTeam team) where TPanels : IPackedPanels
    {
        _packed = HostStorage.AllocateForWeights(ByteLength);
        if (Shape[0] % Tile.PanelSize != 0) Panel(PanelCount - 1).Clear(); // columns that no output fills
        team.Run(PanelCount, panel =>
        {
            int row = panel * Tile.PanelSize, end = Math.Min(Shape[0], row + Tile.PanelSize);
            Span<byte> target = Panel(panel); // Pack fills columns inside this slice
            fixed (byte* start = &MemoryMarshal.GetReference(target))
                TPanels.Pack(weight.RowSpan(row, end - row), (int)weight.RowBytes, start);
        });
    }

    private struct Packing(Tensor weight, ThreadTeam team) : IPanelVisitor
    {
        public PanelStorage Result { get; private set; } = null!; // set by Visit, which the constructor's caller calls at once

        public void VisitPlain<TValue>() where TValue : unmanaged, IPlainValue => Pack<PlainPanels<TValue>>();

        public void VisitBlocks<TFormat>() where TFormat : unmanaged, IBlockFormat => Pack<BlockPanels<TFormat>>();

        private void Pack<TPanels>() where TPanels : unmanaged, IPackedPanels
        {
            Result = new PanelStorage(weight, TPanels.PanelBytes(weight.Shape[1]));
            Result.Fill<TPanels>(weight, team);
            if (weight.Storage is HostStorage host) host.Release(); // held once from here on
        }
    }
}
