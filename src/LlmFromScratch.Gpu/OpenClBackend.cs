using System.Runtime.InteropServices;
using LlmFromScratch.Gpu.Interop;
using LlmFromScratch.Kernels;
using LlmFromScratch.Kernels.Quantization;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Gpu;

/// <summary>
/// Runs every operation on a GPU (or, with PoCL, on the processor) through OpenCL: weights, cache and activations stay on the device; token ids go
/// in, logits come out. The kernels are Kernels/*.cl, one file an operation; this class checks shapes at the door and queues runs, it
/// waits for the device only in Upload, Download and Synchronize. Arithmetic is float32. An output's order of summation depends on its length only, so
/// prefill, decode and any split of a batch give the same bits on one device; another device may differ in the last digits.
/// An index outside its range (token id, row, cache block) is skipped by the kernel and reported by the next Download or Synchronize.
/// </summary>
public sealed class OpenClBackend : IBackend
{
    private const int GroupSize = 64; // work items a group; a multiple of every device's SIMD width (32 or 64)
    private const int Tile = 16; // outputs along each side of a group of the tiled MatMul
    private const int Chains = 8; // work items an output of the row MatMul; CHAINS in MatMul.cl
    private const int MostRowsOneByOne = Tile / 4; // up to here a tile would leave three quarters of its work items idle
    private const string InstallHint =
        "Install the driver of your GPU, or PoCL, which runs OpenCL on the processor (Debian and Ubuntu: apt-get install ocl-icd-libopencl1 pocl-opencl-icd).";

    private readonly ContextHandle _context;
    private readonly QueueHandle _queue;
    private readonly OpenClMemory _memory;
    private readonly OpenClFault _fault;
    private readonly OpenClKernels _kernels;

    /// <summary>Takes the first usable device, GPUs first, and compiles the kernels for it.</summary>
    /// <exception cref="NotSupportedException">No OpenCL library or no usable device: says which, and what to install.</exception>
    /// <exception cref="InvalidOperationException">The driver failed; names the call and the code.</exception>
    public unsafe OpenClBackend()
    {
        OpenClDevice device = OpenClDevice.Find(out string reason) ?? throw new NotSupportedException($"OpenCL: {reason}. {InstallHint}");
        DeviceName = device.Name;
        nint id = device.Id;
        _context = OpenClApi.CreateContext(null, 1, &id, 0, 0, out int status); // reads one device id during the call
        OpenClStatus.Check(status, "clCreateContext", device.Name);
        _queue = OpenClApi.CreateCommandQueue(_context, id, 0, out status); // no property: in order
        OpenClStatus.Check(status, "clCreateCommandQueue", device.Name);
        _memory = new OpenClMemory(_context, _queue, device);
        _fault = new OpenClFault(_memory);
        string defines = $"-D GROUP_SIZE={GroupSize} -D TILE={Tile} -D CHAINS={Chains} "
            + $"-D WEIGHT_F32={(int)DType.F32} -D WEIGHT_F16={(int)DType.F16} -D WEIGHT_Q8_0={(int)DType.Q8_0}";
        using OpenClProgram program = new(_context, device, OpenClProgram.AllSources(), defines);
        _kernels = new OpenClKernels(program, GroupSize, Tile * Tile);
    }

    /// <inheritdoc/>
    public string Name => "opencl";

    /// <summary>The device as its driver calls it.</summary>
    public string DeviceName { get; }

    /// <summary>Whether this system has a device that can run the backend.</summary>
    /// <param name="reason">Empty, or why not.</param>
    public static bool IsAvailable(out string reason) => OpenClDevice.Find(out reason) is not null;

    /// <inheritdoc/>
    public Tensor Allocate(Shape shape, DType dtype = DType.F32) =>
        new(shape, dtype, _memory.Allocate(dtype.ByteCount(shape.RowLength) * shape.RowCount));

    /// <summary>Copies a tensor to the device. Types that no kernel reads (BF16, and all block formats but Q8_0) become F32 there, value for value.</summary>
    /// <inheritdoc/>
    public Tensor Load(Tensor host)
    {
        ArgumentNullException.ThrowIfNull(host);
        if (host.DType is not (DType.F32 or DType.F16 or DType.Q8_0 or DType.I32)) return Load(RowCodec.Decode(host));
        Tensor tensor = Allocate(host.Shape, host.DType);
        _memory.Upload(host.Bytes, tensor);
        return tensor;
    }

    /// <summary>Brings a weight to the device in the order of its file; MatMul reads F32, F16 and Q8_0 rows as they are, others as F32.</summary>
    /// <inheritdoc/>
    public Tensor LoadMatMulWeight(Tensor host) => Load(host);

    /// <inheritdoc/>
    public void Upload<T>(ReadOnlySpan<T> source, Tensor destination) where T : unmanaged => _memory.Upload(MemoryMarshal.AsBytes(source), destination);

    /// <inheritdoc/>
    public void Download<T>(Tensor source, Span<T> destination) where T : unmanaged
    {
        _memory.Download(source, MemoryMarshal.AsBytes(destination));
        _fault.ThrowIfAny();
    }

    /// <inheritdoc/>
    public void Copy(Tensor source, Tensor destination) => _memory.Copy(source, destination);

    /// <inheritdoc/>
    public void Synchronize()
    {
        OpenClStatus.Check(OpenClApi.Finish(_queue), "clFinish", DeviceName);
        _fault.ThrowIfAny();
    }

    /// <inheritdoc/>
    public void Embed(Tensor table, Tensor ids, Tensor output)
    {
        Ops.CheckEmbed(table, ids, output);
        if (output.Shape.Count == 0) return;
        _kernels.Embed.Begin().Weight(table).Tensor(ids).Tensor(output).Int(table.Shape[1]).Int(table.Shape[0]).Buffer(_fault.Storage)
            .Run(_queue, Groups(table.Shape[1]), ids.Shape[0], GroupSize);
    }

    /// <inheritdoc/>
    public void MatMul(Tensor x, Tensor weight, Tensor y)
    {
        Ops.CheckMatMul(x, weight, y);
        if (y.Shape.Count == 0) return;
        int rows = x.Shape[0], inSize = x.Shape[1], outSize = weight.Shape[0];
        if (rows <= MostRowsOneByOne)
            _kernels.MatMulRow.Begin().Tensor(x).Weight(weight).Tensor(y).Int(inSize).Int(outSize)
                .Run(_queue, Groups(outSize, GroupSize / Chains), rows, GroupSize);
        else
            _kernels.MatMulTile.Begin().Tensor(x).Weight(weight).Tensor(y).Int(rows).Int(inSize).Int(outSize)
                .Run(_queue, Groups(outSize, Tile), Groups(rows, Tile), Tile, Tile);
    }

    /// <inheritdoc/>
    public void Add(Tensor a, Tensor b, Tensor sum) => Combine("Add", _kernels.Add, a, b, sum);

    /// <inheritdoc/>
    public void SiluMul(Tensor gate, Tensor up, Tensor output) => Combine("SiluMul", _kernels.SiluMul, gate, up, output);

    /// <inheritdoc/>
    public void GeluMul(Tensor gate, Tensor up, Tensor output) => Combine("GeluMul", _kernels.GeluMul, gate, up, output);

    /// <inheritdoc/>
    public void Gelu(Tensor x, Tensor output)
    {
        Ops.CheckSameShape("Gelu", x, output);
        if (x.Shape.Count > 0) Map(_kernels.Gelu, x, output).Run(_queue, Groups(x.Shape.Count), 1, GroupSize);
    }

    /// <inheritdoc/>
    public void Scale(Tensor x, float factor, Tensor output)
    {
        Ops.CheckSameShape("Scale", x, output);
        if (x.Shape.Count > 0) Map(_kernels.Scale, x, output).Float(factor).Run(_queue, Groups(x.Shape.Count), 1, GroupSize);
    }

    /// <inheritdoc/>
    public void SoftCap(Tensor x, float cap, Tensor output)
    {
        Ops.CheckSoftCap(x, cap, output);
        if (x.Shape.Count > 0) Map(_kernels.SoftCap, x, output).Float(cap).Run(_queue, Groups(x.Shape.Count), 1, GroupSize);
    }

    /// <inheritdoc/>
    public void AddBias(Tensor x, Tensor bias)
    {
        Ops.CheckAddBias(x, bias);
        if (x.Shape.Count == 0) return;
        _kernels.AddBias.Begin().Tensor(x).Tensor(bias).Int(x.Shape[1]).Run(_queue, Groups(x.Shape[1]), x.Shape[0], GroupSize);
    }

    /// <inheritdoc/>
    public void LayerNorm(Tensor x, Tensor weight, Tensor bias, float epsilon, Tensor output)
    {
        Ops.CheckLayerNorm(x, weight, bias, epsilon, output);
        if (x.Shape.Count == 0) return;
        _kernels.LayerNorm.Begin().Tensor(x).Tensor(weight).Tensor(bias).Tensor(output).Int(x.Shape[1]).Float(epsilon)
            .Run(_queue, x.Shape[0], 1, GroupSize);
    }

    /// <inheritdoc/>
    public void RmsNorm(Tensor x, Tensor weight, float epsilon, Tensor output)
    {
        Ops.CheckRmsNorm(x, weight, epsilon, output);
        if (x.Shape.Count == 0) return;
        _kernels.RmsNorm.Begin().Tensor(x).Tensor(weight).Tensor(output).Int(x.Shape[1]).Float(epsilon).Run(_queue, x.Shape[0], 1, GroupSize);
    }

    /// <inheritdoc/>
    public void Rope(Tensor x, Tensor positions, RopeOptions options)
    {
        Ops.CheckRope(x, positions, options);
        int pairs = options.Frequencies.Shape[0]; // R/2
        if (x.Shape.Count == 0 || pairs == 0) return;
        _kernels.Rope.Begin().Tensor(x).Tensor(positions).Tensor(options.Frequencies).Int(x.Shape[0]).Int(x.Shape[1]).Int(x.Shape[2])
            .Int(pairs).Float(options.Factor).Int(options.Pairing == RopePairing.Interleaved ? 1 : 0)
            .Run(_queue, Groups((long)x.Shape[0] * x.Shape[1] * pairs), 1, GroupSize);
    }

    /// <inheritdoc/>
    public void WriteKv(Tensor keys, Tensor values, KvPages pages, ForwardBatch batch)
    {
        Ops.CheckWriteKv(keys, values, pages, batch);
        if (keys.Shape.Count == 0) return;
        int units = pages.RowSize / pages.DType.BlockSize();
        _kernels.WriteKv.Begin().Tensor(keys).Tensor(values).Weight(pages.Keys).Weight(pages.Values)
            .Tensor(batch.Sequences).Tensor(batch.Positions).Tensor(batch.BlockTable)
            .Int(pages.RowSize).Int(units).Int(pages.BlockSize).Int(pages.BlockCount)
            .Int(batch.BlockTable.Shape[0]).Int(batch.BlockTable.Shape[1]).Buffer(_fault.Storage)
            .Run(_queue, Groups(units), batch.RowCount, GroupSize);
    }

    /// <inheritdoc/>
    public void Attention(Tensor query, KvPages pages, ForwardBatch batch, AttentionOptions options, Tensor output)
    {
        Ops.CheckAttention(query, pages, batch, options, output);
        if (query.Shape.Count == 0) return;
        _kernels.Attention.Begin().Tensor(query).Weight(pages.Keys).Weight(pages.Values)
            .Tensor(batch.Sequences).Tensor(batch.Positions).Tensor(batch.BlockTable).Tensor(output)
            .Int(pages.KvHeadCount).Int(pages.HeadSize).Int(pages.BlockSize).Int(pages.BlockCount)
            .Int(batch.BlockTable.Shape[0]).Int(batch.BlockTable.Shape[1]).Float(options.Scale).Float(options.SoftCap).Int(options.Window)
            .LocalFloats(pages.HeadSize).LocalFloats(pages.HeadSize).Buffer(_fault.Storage)
            .Run(_queue, query.Shape[1], query.Shape[0], GroupSize);
    }

    /// <inheritdoc/>
    public void RouteExperts(Tensor logits, Tensor experts, Tensor weights)
    {
        Ops.CheckRouteExperts(logits, experts, weights);
        if (experts.Shape.Count == 0) return;
        _kernels.RouteExperts.Begin().Tensor(logits).Tensor(experts).Tensor(weights).Int(logits.Shape[0]).Int(logits.Shape[1]).Int(experts.Shape[1])
            .Run(_queue, Groups(logits.Shape[0]), 1, GroupSize);
    }

    /// <inheritdoc/>
    public void ExpertMatMul(Tensor x, Tensor weight, Tensor experts, Tensor y)
    {
        Ops.CheckExpertMatMul(x, weight, experts, y);
        if (y.Shape.Count == 0) return;
        _kernels.ExpertMatMulRow.Begin().Tensor(x).Weight(weight).Tensor(experts).Tensor(y).Int(experts.Shape[1]).Int(x.Shape.Rank == 3 ? 1 : 0)
            .Int(weight.Shape[0]).Int(weight.Shape[2]).Int(weight.Shape[1]).Buffer(_fault.Storage)
            .Run(_queue, Groups(weight.Shape[1], GroupSize / Chains), experts.Shape.Count, GroupSize);
    }

    /// <inheritdoc/>
    public void MixExperts(Tensor x, Tensor weights, Tensor output)
    {
        Ops.CheckMixExperts(x, weights, output);
        if (output.Shape.Count == 0) return;
        _kernels.MixExperts.Begin().Tensor(x).Tensor(weights).Tensor(output).Int(x.Shape[1]).Int(x.Shape[2])
            .Run(_queue, Groups(x.Shape[2]), x.Shape[0], GroupSize);
    }

    /// <inheritdoc/>
    public void GatherRows(Tensor x, Tensor rows, Tensor output)
    {
        Ops.CheckGatherRows(x, rows, output);
        if (output.Shape.Count == 0) return;
        _kernels.GatherRows.Begin().Tensor(x).Tensor(rows).Tensor(output).Int(x.Shape[1]).Int(x.Shape[0]).Buffer(_fault.Storage)
            .Run(_queue, Groups(x.Shape[1]), rows.Shape[0], GroupSize);
    }

    /// <summary>Waits for nothing and gives kernels, queue and context back; tensors are their owners' to dispose, before or after.</summary>
    public void Dispose()
    {
        _kernels.Dispose();
        _fault.Dispose();
        _queue.Dispose();
        _context.Dispose();
    }

    // What every kernel of one tensor begins with: x, output and the number of values.
    private static OpenClKernel Map(OpenClKernel kernel, Tensor x, Tensor output) => kernel.Begin().Tensor(x).Tensor(output).Long(x.Shape.Count);

    private void Combine(string op, OpenClKernel kernel, Tensor a, Tensor b, Tensor output)
    {
        Ops.CheckSameShape(op, a, b, output);
        if (output.Shape.Count == 0) return;
        kernel.Begin().Tensor(a).Tensor(b).Tensor(output).Long(output.Shape.Count).Run(_queue, Groups(output.Shape.Count), 1, GroupSize);
    }

    // Groups that cover `count` things, `each` a group.
    private static long Groups(long count, int each = GroupSize) => (count + each - 1) / each;
}
