using LlmFromScratch.Tensors;

namespace LlmFromScratch.Kernels;

/// <summary>The checks at the door of every operation, the same for all backends: shapes and types, before any work.</summary>
internal static class Ops
{
    public static void CheckEmbed(Tensor table, Tensor ids, Tensor output)
    {
        RequireRank("Embed", nameof(table), table, 2);
        Require("Embed", nameof(ids), ids, DType.I32, new Shape(ids.Shape[0]));
        Require("Embed", nameof(output), output, DType.F32, new Shape(ids.Shape[0], table.Shape[1]));
    }

    public static void CheckMatMul(Tensor x, Tensor weight, Tensor y)
    {
        RequireRank("MatMul", nameof(x), x, 2);
        RequireRank("MatMul", nameof(weight), weight, 2);
        if (x.Shape[1] != weight.Shape[1]) throw new ArgumentException(
            $"MatMul: x is {x.Shape} but weight is {weight.Shape}; both must end in the same size. Is the weight stored [in, out]?");
        Require("MatMul", nameof(x), x, DType.F32, x.Shape);
        Require("MatMul", nameof(y), y, DType.F32, new Shape(x.Shape[0], weight.Shape[0]));
    }

    public static void CheckSameShape(string op, Tensor a, Tensor b, Tensor output)
    {
        Require(op, "the first input", a, DType.F32, output.Shape);
        Require(op, "the second input", b, DType.F32, output.Shape);
        Require(op, "the output", output, DType.F32, output.Shape);
    }

    public static void CheckSameShape(string op, Tensor x, Tensor output)
    {
        Require(op, "the input", x, DType.F32, output.Shape);
        Require(op, "the output", output, DType.F32, output.Shape);
    }

    public static void CheckAddBias(Tensor x, Tensor bias)
    {
        RequireRank("AddBias", nameof(x), x, 2);
        Require("AddBias", nameof(x), x, DType.F32, x.Shape);
        Require("AddBias", nameof(bias), bias, DType.F32, new Shape(x.Shape[1]));
    }

    public static void CheckSoftCap(Tensor x, float cap, Tensor output)
    {
        CheckSameShape("SoftCap", x, output);
        if (!(cap > 0)) throw new ArgumentOutOfRangeException(nameof(cap), cap, "SoftCap: expected a cap above 0.");
    }

    public static void CheckLayerNorm(Tensor x, Tensor weight, Tensor bias, float epsilon, Tensor output)
    {
        CheckRmsNorm(x, weight, epsilon, output);
        Require("LayerNorm", nameof(bias), bias, DType.F32, weight.Shape);
    }

    public static void CheckRmsNorm(Tensor x, Tensor weight, float epsilon, Tensor output)
    {
        RequireRank("RmsNorm", nameof(x), x, 2);
        Require("RmsNorm", nameof(x), x, DType.F32, x.Shape);
        Require("RmsNorm", nameof(weight), weight, DType.F32, new Shape(x.Shape[1]));
        Require("RmsNorm", nameof(output), output, DType.F32, x.Shape);
        if (!(epsilon > 0)) throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "RmsNorm: expected an epsilon above 0.");
    }

    public static void CheckRope(Tensor x, Tensor positions, RopeOptions options)
    {
        RequireRank("Rope", nameof(x), x, 3);
        RequireRank("Rope", "frequencies", options.Frequencies, 1);
        if (2 * options.Frequencies.Shape[0] > x.Shape[2]) throw new ArgumentException(
            $"Rope: {options.Frequencies.Shape[0]} frequencies turn twice as many values, but x is {x.Shape}; expected heads of at least that size.");
        Require("Rope", nameof(x), x, DType.F32, x.Shape);
        Require("Rope", nameof(positions), positions, DType.I32, new Shape(x.Shape[0]));
        Require("Rope", "frequencies", options.Frequencies, DType.F32, options.Frequencies.Shape);
    }

    public static void CheckWriteKv(Tensor keys, Tensor values, KvPages pages, ForwardBatch batch)
    {
        Shape expected = new(batch.RowCount, pages.KvHeadCount, pages.HeadSize);
        Require("WriteKv", nameof(keys), keys, DType.F32, expected);
        Require("WriteKv", nameof(values), values, DType.F32, expected);
    }

    public static void CheckAttention(Tensor query, KvPages pages, ForwardBatch batch, AttentionOptions options, Tensor output)
    {
        if (!(options.SoftCap >= 0) || options.Window < 0) throw new ArgumentException(
            $"Attention: soft cap {options.SoftCap}, window {options.Window}; expected at least 0, where 0 means none.");
        RequireRank("Attention", nameof(query), query, 3);
        Require("Attention", nameof(query), query, DType.F32, new Shape(batch.RowCount, query.Shape[1], pages.HeadSize));
        Require("Attention", nameof(output), output, DType.F32, query.Shape);
        if (query.Shape[1] % pages.KvHeadCount != 0) throw new ArgumentException(
            $"Attention: {query.Shape[1]} query heads cannot share {pages.KvHeadCount} key/value heads; expected a multiple.");
    }

    public static void CheckRouteExperts(Tensor logits, Tensor experts, Tensor weights)
    {
        RequireRank("RouteExperts", nameof(logits), logits, 2);
        RequireRank("RouteExperts", nameof(experts), experts, 2);
        Require("RouteExperts", nameof(logits), logits, DType.F32, logits.Shape);
        Require("RouteExperts", nameof(experts), experts, DType.I32, new Shape(logits.Shape[0], experts.Shape[1]));
        Require("RouteExperts", nameof(weights), weights, DType.F32, experts.Shape);
        if (experts.Shape[1] > logits.Shape[1]) throw new ArgumentException(
            $"RouteExperts: {experts.Shape[1]} experts a row of {logits.Shape[1]} in all; expected at most as many.");
    }

    public static void CheckExpertMatMul(Tensor x, Tensor weight, Tensor experts, Tensor y)
    {
        RequireRank("ExpertMatMul", nameof(weight), weight, 3);
        RequireRank("ExpertMatMul", nameof(experts), experts, 2);
        (int rows, int used, int inSize) = (experts.Shape[0], experts.Shape[1], weight.Shape[2]);
        Require("ExpertMatMul", nameof(experts), experts, DType.I32, experts.Shape);
        Require("ExpertMatMul", nameof(x), x, DType.F32, x.Shape.Rank == 3 ? new Shape(rows, used, inSize) : new Shape(rows, inSize));
        Require("ExpertMatMul", nameof(y), y, DType.F32, new Shape(rows, used, weight.Shape[1]));
    }

    public static void CheckMixExperts(Tensor x, Tensor weights, Tensor output)
    {
        RequireRank("MixExperts", nameof(x), x, 3);
        Require("MixExperts", nameof(x), x, DType.F32, x.Shape);
        Require("MixExperts", nameof(weights), weights, DType.F32, new Shape(x.Shape[0], x.Shape[1]));
        Require("MixExperts", nameof(output), output, DType.F32, new Shape(x.Shape[0], x.Shape[2]));
    }

    public static void CheckGatherRows(Tensor x, Tensor rows, Tensor output)
    {
        RequireRank("GatherRows", nameof(x), x, 2);
        Require("GatherRows", nameof(x), x, DType.F32, x.Shape);
        Require("GatherRows", nameof(rows), rows, DType.I32, new Shape(rows.Shape[0]));
        Require("GatherRows", nameof(output), output, DType.F32, new Shape(rows.Shape[0], x.Shape[1]));
    }

    /// <summary>Where a position of a sequence lies: its page times the page size plus its place in the page.</summary>
    public static int CacheSlot(KvPages pages, ForwardBatch batch, int sequence, int position)
    {
        int blocksPerSequence = batch.BlockTable.Shape[1];
        int block = batch.BlockTable.Ints[sequence * blocksPerSequence + position / pages.BlockSize];
        return block * pages.BlockSize + position % pages.BlockSize;
    }

    /// <summary>Checks that every position that a row of the batch sees lies in a page of the cache, for kernels that follow the table by pointers.</summary>
    public static void CheckBlocks(KvPages pages, ForwardBatch batch)
    {
        ReadOnlySpan<int> table = batch.BlockTable.Ints, positions = batch.Positions.Ints, sequences = batch.Sequences.Ints;
        int blocksPerSequence = batch.BlockTable.Shape[1];
        for (int t = 0; t < batch.RowCount; t++)
        {
            int sequence = CheckIndex("Attention: sequence", sequences[t], batch.BlockTable.Shape[0]);
            int lastBlock = CheckIndex("Attention: position", positions[t], blocksPerSequence * pages.BlockSize) / pages.BlockSize;
            foreach (int block in table.Slice(sequence * blocksPerSequence, lastBlock + 1)) CheckIndex("Attention: page", block, pages.BlockCount);
        }
    }

    public static int CheckIndex(string what, int index, int count) => (uint)index < (uint)count
        ? index
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"{what} {index}: expected 0 to {count - 1}.");

    public static Span<byte> SameBytes(Tensor tensor, int byteCount) => tensor.ByteLength == byteCount
        ? tensor.Bytes
        : throw new ArgumentException($"{tensor} has {tensor.ByteLength} bytes; the other side of the copy has {byteCount}.");

    private static void Require(string op, string name, Tensor tensor, DType dtype, Shape shape)
    {
        if (tensor.Shape != shape || tensor.DType != dtype) Refuse(op, name, tensor, dtype, shape);
    }

    private static void Refuse(string op, string name, Tensor tensor, DType dtype, Shape shape) =>
        throw new ArgumentException($"{op}: {name} is {tensor.Shape} {tensor.DType}; expected {shape} {dtype}.");

    private static void RequireRank(string op, string name, Tensor tensor, int rank)
    {
        if (tensor.Shape.Rank != rank) throw new ArgumentException($"{op}: {name} is {tensor.Shape}; expected {rank} axes.");
    }
}
