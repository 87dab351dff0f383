using LlmFromScratch.Tensors;

namespace LlmFromScratch.Kernels.Cpu.Experts;

/// <summary>
/// The CPU's ExpertMatMul: the rows of each expert are gathered, multiplied in one MatMul, and put back. MatMul gives a row the same bits alone or in
/// company, so who else goes to an expert changes nothing. Buffers are kept: a decode step allocates nothing.
/// </summary>
internal sealed class ExpertRows
{
    private readonly Dictionary<int, RowBuffer> _inputs = [], _outputs = []; // by the size of a row
    private int[] _slots = []; // where the gathered rows belong in [T, U]

    public void Run(CpuBackend backend, Tensor x, Tensor weight, Tensor experts, Tensor y)
    {
        ReadOnlySpan<Tensor> weights = ExpertStorage.Of(weight);
        ReadOnlySpan<int> ids = experts.Ints;
        int outSize = weight.Shape[1], inSize = weight.Shape[2], rowsAnInput = x.Shape.Rank == 3 ? 1 : experts.Shape[1];
        foreach (int id in ids) Ops.CheckIndex("ExpertMatMul: expert", id, weights.Length);
        if (_slots.Length < ids.Length) _slots = new int[ids.Length];
        RowBuffer inputs = Buffer(_inputs, inSize), outputs = Buffer(_outputs, outSize);
        for (int e = 0; e < weights.Length; e++)
        {
            int count = 0;
            for (int slot = 0; slot < ids.Length; slot++)
                if (ids[slot] == e) _slots[count++] = slot;
            if (count == 0) continue;
            Tensor input = inputs.Rows(count), output = outputs.Rows(count);
            for (int i = 0; i < count; i++)
                x.Floats.Slice(_slots[i] / rowsAnInput * inSize, inSize).CopyTo(input.Floats[(i * inSize)..]);
            backend.MatMul(input, weights[e], output);
            for (int i = 0; i < count; i++)
                output.Floats.Slice(i * outSize, outSize).CopyTo(y.Floats[(_slots[i] * outSize)..]);
        }
    }

    private static RowBuffer Buffer(Dictionary<int, RowBuffer> buffers, int size)
    {
        if (!buffers.TryGetValue(size, out RowBuffer? buffer)) buffers.Add(size, buffer = new RowBuffer(size));
        return buffer;
    }

    /// <summary>Rows of one size, and a view of them for each count that was asked for.</summary>
    private sealed class RowBuffer(int size)
    {
        private Tensor?[] _views = []; // by count, at index count - 1

        public Tensor Rows(int count)
        {
            if (_views.Length < count)
            {
                _views = new Tensor?[Math.Max(count, 2 * _views.Length)];
                _views[^1] = Tensor.Zeros(new Shape(_views.Length, size));
            }
            return _views[count - 1] ??= _views[^1]!.Slice(0, count); // not null: the last view is the buffer itself
        }
    }
}
