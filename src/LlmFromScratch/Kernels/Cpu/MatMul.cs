using LlmFromScratch.Kernels.Cpu.Lanes;
using LlmFromScratch.Kernels.Cpu.Packing;
using LlmFromScratch.Kernels.Cpu.Threading;
using LlmFromScratch.Kernels.Quantization;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Kernels.Cpu;

/// <summary>The CPU's MatMul: packs the rows of x into tiles where there are several, then shares the panels of the weight among the team.</summary>
internal static unsafe class MatMul
{
    /// <summary>Exact products with the (dequantized) weights.</summary>
    public static void Run(Tensor x, Tensor weight, Tensor y, ThreadTeam team, LaneWidth width)
    {
        PanelStorage storage = PanelStorage.Of(weight);
        storage.CountRead(team);
        Product product = new(x, storage, y, team, width, ActivationType.F32);
        PanelTypes.Visit(weight.DType, ref product);
    }

    /// <summary>Products with block formats on activations of 8 bits; width is that of bytes.</summary>
    public static void RunRounded(Tensor x, Tensor weight, Tensor y, ThreadTeam team, LaneWidth width)
    {
        PanelStorage storage = PanelStorage.Of(weight);
        storage.CountRead(team);
        Product product = new(x, storage, y, team, width, ActivationType.Q8);
        PanelTypes.Visit(weight.DType, ref product);
    }

    private static void Run<TPanels>(Tensor x, PanelStorage storage, Tensor y, ThreadTeam team, LaneWidth width) where TPanels : unmanaged, IPanels
    {
        int rows = x.Shape[0], size = x.Shape[1];
        int tiles = rows > 1 ? (rows + Tile.Rows - 1) / Tile.Rows : 0;
        int decodedSize = MatMulJob<TPanels>.ScratchPerWorker * team.ThreadCount;
        float* scratch = team.Scratch(checked(decodedSize + tiles * Tile.Rows * size));
        float* packed = scratch + decodedSize; // [tiles, in, 6]
        fixed (float* xStart = x.Floats, yStart = y.Floats) // [T, in] and [T, out]: checked at the door
        fixed (byte* panels = storage.Panel(0)) // and all behind it: [out/16] panels in one piece
        {
            if (rows == 0) return;
            if (tiles > 0) team.Run(tiles, new PackTilesJob(xStart, packed, rows, size));
            MatMulJob<TPanels> job = new(tiles > 0 ? packed : xStart, panels, storage, yStart, rows, scratch, team.ThreadCount);
            team.Run(width, job.PartCount, job);
            GC.KeepAlive(storage); // panels that lie outside the managed heap are freed with it
        }
    }

    private static void RunRounded<TFormat>(Tensor x, PanelStorage storage, Tensor y, ThreadTeam team, LaneWidth width) where TFormat : unmanaged, IBlockFormat
    {
        int rows = x.Shape[0], size = x.Shape[1];
        long packedBytes = team.ThreadCount * BlockProductJob<TFormat>.PackedBytes(storage), blockBytes = (long)rows * (size / ActivationBlock.Count) * sizeof(ActivationBlock);
        byte* packed = (byte*)team.Scratch(checked((int)((packedBytes + blockBytes) / sizeof(float)))); // a panel is 16 columns of words
        ActivationBlock* blocks = (ActivationBlock*)(packed + packedBytes);
        fixed (float* xStart = x.Floats, yStart = y.Floats) // [T, in] and [T, out]: checked at the door
        fixed (byte* panels = storage.Panel(0)) // and all behind it: [out/16] panels in one piece
        {
            QuantizeRowsJob rounding = new(xStart, blocks, rows, size, TFormat.Zero);
            team.Run(QuantizeRowsJob.PartsFor(rows), rounding);
            BlockProductJob<TFormat> job = new(blocks, panels, storage, yStart, rows, packed, team.ThreadCount);
            team.Run(width, job.PartCount, job);
            GC.KeepAlive(storage); // panels that lie outside the managed heap are freed with it
        }
    }

    private readonly struct Product(Tensor x, PanelStorage storage, Tensor y, ThreadTeam team, LaneWidth width, ActivationType activations) : IPanelVisitor
    {
        public void VisitPlain<TValue>() where TValue : unmanaged, IPlainValue
        {
            if (storage.IsInRows) Run<RowPanels<TValue>>(x, storage, y, team, width);
            else Run<PlainPanels<TValue>>(x, storage, y, team, width);
        }

        public void VisitBlocks<TFormat>() where TFormat : unmanaged, IBlockFormat
        {
            if (activations == ActivationType.Q8) RunRounded<TFormat>(x, storage, y, team, width);
            else Run<BlockPanels<TFormat>>(x, storage, y, team, width);
        }
    }

    private readonly struct PackTilesJob(float* x, float* packed, int rows, int size) : IJob
    {
        private readonly float* _x = x, _packed = packed;

        public void Run(int part, int worker)
        {
            int t = part * Tile.Rows;
            Tile.PackRows(_x + (long)t * size, size, 1, Math.Min(Tile.Rows, rows - t), size, _packed + (long)t * size);
        }
    }
}
