using System.Diagnostics;
using LlmFromScratch.Kernels.Cpu.Attention;
using LlmFromScratch.Kernels.Cpu.Experts;
using LlmFromScratch.Kernels.Cpu.Lanes;
using LlmFromScratch.Kernels.Cpu.Packing;
using LlmFromScratch.Kernels.Cpu.Threading;
using LlmFromScratch.Kernels.Reference;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Kernels.Cpu;

/// <summary>
/// The fast CPU backend: SIMD kernels on a thread team. Every output is summed in an order that depends only on the operation, the weight's type and
/// the size of the sum, so results are the same bits at any vector width, thread count, batch or page size. Operations that only copy or compare are those of
/// <see cref="ReferenceBackend"/>. Taught in notebooks/14-kernels-and-gpus.ipynb (to come).
/// </summary>
public sealed unsafe class CpuBackend : IBackend
{
    private const long LeastInRows = 4L << 20; // bytes: smaller weights are packed in no time
    private const long PackedPerRead = 128L << 20; // bytes that a forward pass packs: some tenths of a second where memory has to be brought first
    private static readonly TimeSpan PackingAtLoad = TimeSpan.FromSeconds(0.5); // a gigabyte, or a third of it where memory has to be brought

    private readonly ReferenceBackend _plain = new();
    private readonly List<RopeTable> _ropeTables = [];
    private readonly ExpertRows _experts = new();
    private readonly ThreadTeam _team;
    private readonly LaneWidth _width, _widthOfBytes;
    private readonly TimeSpan _packingAtLoad;
    private TimeSpan _packingTime; // that loading has spent
    private long _bytesInRows; // of the weights that were loaded so far and not packed at once

    /// <summary>Starts the thread team.</summary>
    /// <param name="threads">Threads, the caller included, at least 1; null for one a processor (<see cref="Environment.ProcessorCount"/> respects container limits).</param>
    /// <param name="activations">In what form activations meet quantized weights.</param>
    public CpuBackend(int? threads = null, ActivationType activations = ActivationType.F32)
        : this(threads ?? Environment.ProcessorCount, LaneWidths.Widest, LaneWidths.WidestOfBytes, activations) { }

    /// <summary>A backend that is held to one vector width and to a time for packing weights as they are loaded, for tests.</summary>
    internal CpuBackend(int threads, LaneWidth width, ActivationType activations = ActivationType.F32, TimeSpan? packingAtLoad = null)
        : this(threads, width, width, activations, packingAtLoad) { }

    private CpuBackend(int threads, LaneWidth width, LaneWidth widthOfBytes, ActivationType activations, TimeSpan? packingAtLoad = null) =>
        (_team, _width, _widthOfBytes, Activations, _packingAtLoad) = (new ThreadTeam(threads), width, widthOfBytes, activations, packingAtLoad ?? PackingAtLoad);

    /// <inheritdoc/>
    public string Name => "cpu";

    /// <summary>In what form activations meet quantized weights.</summary>
    public ActivationType Activations { get; }

    /// <inheritdoc/>
    public Tensor Allocate(Shape shape, DType dtype = DType.F32) => _plain.Allocate(shape, dtype);

    /// <inheritdoc/>
    public Tensor Load(Tensor host) => _plain.Load(host);

    /// <summary>
    /// Copies a weight into panels of 16 outputs, experts one by one; the host tensor is not needed afterwards. When that has taken half a second in all, a large
    /// weight that lies in a mapped file is read there at first, and copied in one of the forward passes to come, each of which has some to copy: the file stays
    /// open meanwhile. Results are the same bits.
    /// </summary>
    /// <inheritdoc/>
    public Tensor LoadMatMulWeight(Tensor host)
    {
        if (host.Shape.Rank == 3) return ExpertStorage.Load(host, LoadMatMulWeight);
        bool isLargeAndMapped = host.ByteLength >= LeastInRows && host.Storage is HostStorage { IsMapped: true };
        if (isLargeAndMapped && _packingTime >= _packingAtLoad && PanelStorage.CanStayInRows(host, Activations))
        {
            int packedAtRead = 2 + (int)(_bytesInRows / PackedPerRead); // never at the first, which somebody waits for most
            _bytesInRows += host.ByteLength;
            return PanelStorage.InRows(host, packedAtRead);
        }
        long start = Stopwatch.GetTimestamp();
        Tensor packed = PanelStorage.Pack(host, _team);
        _packingTime += Stopwatch.GetElapsedTime(start);
        return packed;
    }

    /// <inheritdoc/>
    public void Upload<T>(ReadOnlySpan<T> source, Tensor destination) where T : unmanaged => _plain.Upload(source, destination);

    /// <inheritdoc/>
    public void Download<T>(Tensor source, Span<T> destination) where T : unmanaged => _plain.Download(source, destination);

    /// <inheritdoc/>
    public void Copy(Tensor source, Tensor destination) => _plain.Copy(source, destination);

    /// <inheritdoc/>
    public void Synchronize() { } // every operation has returned when it is done

    /// <inheritdoc/>
    public void Embed(Tensor table, Tensor ids, Tensor output) => _plain.Embed(table, ids, output);

    /// <inheritdoc/>
    public void GatherRows(Tensor x, Tensor rows, Tensor output) => _plain.GatherRows(x, rows, output);

    /// <inheritdoc/>
    public void WriteKv(Tensor keys, Tensor values, KvPages pages, ForwardBatch batch) => _plain.WriteKv(keys, values, pages, batch);

    /// <inheritdoc/>
    public void MatMul(Tensor x, Tensor weight, Tensor y)
    {
        Ops.CheckMatMul(x, weight, y);
        if (Activations == ActivationType.Q8 && weight.DType.BlockSize() > 1) Cpu.MatMul.RunRounded(x, weight, y, _team, _widthOfBytes);
        else Cpu.MatMul.Run(x, weight, y, _team, _width);
    }

    /// <inheritdoc/>
    public void Add(Tensor a, Tensor b, Tensor sum)
    {
        Ops.CheckSameShape("Add", a, b, sum);
        fixed (float* left = a.Floats, right = b.Floats, result = sum.Floats) // of one length, as checked
        {
            AddJob job = new(left, right, result, sum.Floats.Length);
            _team.Run(_width, job.PartCount, job);
        }
    }

    /// <inheritdoc/>
    public void AddBias(Tensor x, Tensor bias)
    {
        Ops.CheckAddBias(x, bias);
        fixed (float* rows = x.Floats, values = bias.Floats) // [T, out], [out], as checked
            _team.Run(_width, x.Shape[0], new AddBiasJob(rows, values, x.Shape[1]));
    }

    /// <inheritdoc/>
    public void SiluMul(Tensor gate, Tensor up, Tensor output) => Gate("SiluMul", gate, up, output, default(Silu));

    /// <inheritdoc/>
    public void GeluMul(Tensor gate, Tensor up, Tensor output) => Gate("GeluMul", gate, up, output, default(Gelu));

    /// <inheritdoc/>
    public void Gelu(Tensor x, Tensor output) => Map("Gelu", x, output, default(Gelu));

    /// <inheritdoc/>
    public void Scale(Tensor x, float factor, Tensor output) => Map("Scale", x, output, new ScaleBy(factor));

    /// <inheritdoc/>
    public void SoftCap(Tensor x, float cap, Tensor output)
    {
        Ops.CheckSoftCap(x, cap, output);
        Map("SoftCap", x, output, new SoftCap(cap));
    }

    /// <inheritdoc/>
    public void LayerNorm(Tensor x, Tensor weight, Tensor bias, float epsilon, Tensor output)
    {
        Ops.CheckLayerNorm(x, weight, bias, epsilon, output);
        fixed (float* rows = x.Floats, weights = weight.Floats, biases = bias.Floats, result = output.Floats) // [T, C], [C], [C], [T, C], as checked
            _team.Run(_width, x.Shape[0], new LayerNormJob(rows, weights, biases, epsilon, result, x.Shape[1]));
    }

    /// <inheritdoc/>
    public void RmsNorm(Tensor x, Tensor weight, float epsilon, Tensor output)
    {
        Ops.CheckRmsNorm(x, weight, epsilon, output);
        fixed (float* rows = x.Floats, weights = weight.Floats, result = output.Floats) // [T, C], [C], [T, C], as checked
            _team.Run(_width, x.Shape[0], new RmsNormJob(rows, weights, epsilon, result, x.Shape[1]));
    }

    /// <inheritdoc/>
    public void Rope(Tensor x, Tensor positions, RopeOptions options)
    {
        Ops.CheckRope(x, positions, options);
        RopeTable table = TableFor(options.Frequencies.Floats, options.Factor);
        foreach (int position in positions.Ints) table.Reach(position);
        fixed (float* rows = x.Floats, cosines = table.Cosines, sines = table.Sines)
        fixed (int* at = positions.Ints) // each within the table: Reach has seen them all
            _team.Run(_width, x.Shape[0], new RopeJob(rows, at, cosines, sines, x.Shape[1], x.Shape[2], options.Frequencies.Shape[0], options.Pairing));
    }

    /// <inheritdoc/>
    public void Attention(Tensor query, KvPages pages, ForwardBatch batch, AttentionOptions options, Tensor output)
    {
        Ops.CheckAttention(query, pages, batch, options, output);
        Ops.CheckBlocks(pages, batch);
        int heads = query.Shape[1], kvHeads = pages.KvHeadCount, blocksPerSequence = batch.BlockTable.Shape[1];
        int scoresPerLine = AttentionJob.ScoresFor(blocksPerSequence * pages.BlockSize); // for the longest sequence, so that it never grows
        int scoreCount = checked(_team.ThreadCount * AttentionJob.RowsPerPart * (heads / kvHeads) * scoresPerLine);
        float* scores = _team.Scratch(checked(scoreCount + _team.ThreadCount * HeadRows.FloatsFor(pages)));
        fixed (float* q = query.Floats, result = output.Floats)
        fixed (byte* keys = pages.Keys.Bytes, values = pages.Values.Bytes)
        fixed (int* positions = batch.Positions.Ints, sequences = batch.Sequences.Ints, blocks = batch.BlockTable.Ints) // every index checked above
        {
            AttentionJob job = new(new AttentionMemory
            {
                Query = q, Keys = keys, Values = values, Output = result, Scores = scores, Decoded = scores + scoreCount,
                CacheType = pages.DType, RowBytes = pages.Keys.RowBytes,
                Positions = positions, Sequences = sequences, BlockTable = blocks,
                Rows = batch.RowCount, Heads = heads, KvHeads = kvHeads, HeadSize = pages.HeadSize,
                BlockSize = pages.BlockSize, BlocksPerSequence = blocksPerSequence, ScoresPerLine = scoresPerLine,
            }, options);
            _team.Run(_width, job.PartCount, job);
        }
    }

    /// <inheritdoc/>
    public void RouteExperts(Tensor logits, Tensor experts, Tensor weights) => _plain.RouteExperts(logits, experts, weights);

    /// <inheritdoc/>
    public void ExpertMatMul(Tensor x, Tensor weight, Tensor experts, Tensor y)
    {
        Ops.CheckExpertMatMul(x, weight, experts, y);
        _experts.Run(this, x, weight, experts, y);
    }

    /// <inheritdoc/>
    public void MixExperts(Tensor x, Tensor weights, Tensor output)
    {
        Ops.CheckMixExperts(x, weights, output);
        fixed (float* rows = x.Floats, shares = weights.Floats, result = output.Floats) // [T, U, C], [T, U], [T, C], as checked
            _team.Run(_width, output.Shape[0], new MixExpertsJob(rows, shares, result, x.Shape[1], x.Shape[2]));
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose() => _team.Dispose();

    private void Map<TFunction>(string op, Tensor x, Tensor output, TFunction function) where TFunction : unmanaged, ILaneFunction
    {
        Ops.CheckSameShape(op, x, output);
        fixed (float* values = x.Floats, result = output.Floats) // of one length, as checked
        {
            MapJob<TFunction> job = new(values, result, output.Floats.Length, function);
            _team.Run(_width, job.PartCount, job);
        }
    }

    private void Gate<TFunction>(string op, Tensor gate, Tensor up, Tensor output, TFunction function) where TFunction : unmanaged, ILaneFunction
    {
        Ops.CheckSameShape(op, gate, up, output);
        fixed (float* g = gate.Floats, u = up.Floats, result = output.Floats) // of one length, as checked
        {
            GateJob<TFunction> job = new(g, u, result, output.Floats.Length, function);
            _team.Run(_width, job.PartCount, job);
        }
    }

    private RopeTable TableFor(ReadOnlySpan<float> frequencies, float factor)
    {
        foreach (RopeTable table in _ropeTables)
            if (table.IsFor(frequencies, factor)) return table;
        RopeTable added = new(frequencies, factor);
        _ropeTables.Add(added);
        return added;
    }
}
