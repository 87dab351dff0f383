using LlmFromScratch.Tensors;

namespace LlmFromScratch.Kernels;

/// <summary>
/// The one seam of the engine: memory and operations of a device. <c>Transformer.Forward</c> is written once against it and runs on
/// the reference backend, the CPU and OpenCL alike. <see cref="Reference.ReferenceBackend"/> defines every operation with plain loops; the
/// others are tested against it. Shape letters: T token rows of this call, C embedding, H query heads, K key/value heads, D head size,
/// F feed-forward, V vocabulary, N blocks of the cache, B tokens a block, E experts, U experts a token uses. A backend runs one forward at a time and is not thread-safe.
/// Activations are F32. Outputs must not overlap inputs unless a method says so. Shapes are checked at the door: ArgumentException.
/// </summary>
public interface IBackend : IDisposable
{
    /// <summary>The name that <c>--backend</c> takes: "reference", "cpu", "opencl".</summary>
    string Name { get; }

    /// <summary>Zeroed memory on the device.</summary>
    Tensor Allocate(Shape shape, DType dtype = DType.F32);

    /// <summary>Brings a host tensor to the device for every use but MatMul. The CPU backends return it as it is, so that mapped weights are not copied.</summary>
    Tensor Load(Tensor host);

    /// <summary>Brings a weight [out, in] to the device in whatever layout this backend's MatMul reads fastest; the result is only for
    /// <see cref="MatMul"/>. Experts [E, out, in] are brought the same way, for <see cref="ExpertMatMul"/>.</summary>
    Tensor LoadMatMulWeight(Tensor host);

    /// <summary>Copies host values into a device tensor of the same byte length.</summary>
    void Upload<T>(ReadOnlySpan<T> source, Tensor destination) where T : unmanaged;

    /// <summary>Copies a device tensor to host memory, after all operations queued before.</summary>
    void Download<T>(Tensor source, Span<T> destination) where T : unmanaged;

    /// <summary>Copies one device tensor to another of the same byte length.</summary>
    void Copy(Tensor source, Tensor destination);

    /// <summary>Waits until every operation asked for is done.</summary>
    void Synchronize();

    /// <summary>Looks up rows: <c>output[t] = table[ids[t]]</c>, dequantized.</summary>
    /// <param name="table">[V, C], any weight type.</param>
    /// <param name="ids">[T] I32, each in [0, V).</param>
    /// <param name="output">[T, C].</param>
    void Embed(Tensor table, Tensor ids, Tensor output);

    /// <summary>Multiplies by a weight: <c>y[t, o] = Σ_i x[t, i] · weight[o, i]</c>, that is y = x · Wᵀ.</summary>
    /// <param name="x">[T, in].</param>
    /// <param name="weight">[out, in] from <see cref="LoadMatMulWeight"/>, any weight type.</param>
    /// <param name="y">[T, out].</param>
    void MatMul(Tensor x, Tensor weight, Tensor y);

    /// <summary>Adds: <c>sum = a + b</c>, all of one shape; <paramref name="sum"/> may be a or b.</summary>
    void Add(Tensor a, Tensor b, Tensor sum);

    /// <summary>Adds a bias to every row, in place: <c>x[t, o] += bias[o]</c>.</summary>
    /// <param name="x">[T, out], changed in place.</param>
    /// <param name="bias">[out] F32.</param>
    void AddBias(Tensor x, Tensor bias);

    /// <summary>Multiplies every value: <c>output = factor · x</c>.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="factor">Any finite number.</param>
    /// <param name="output">The same shape; may be x.</param>
    void Scale(Tensor x, float factor, Tensor output);

    /// <summary>
    /// Bends values into (-c, c): <c>output = c · tanh(x / c)</c>, almost x where |x| is small against c (Riviere et al. 2024, Gemma 2, section 2).
    /// </summary>
    /// <param name="x">Any shape.</param>
    /// <param name="cap">c, above 0.</param>
    /// <param name="output">The same shape; may be x.</param>
    void SoftCap(Tensor x, float cap, Tensor output);

    /// <summary>Layer norm of each row: <c>output = (x - mean(x)) / √(variance(x) + ε) · weight + bias</c>, variance over C (Ba et al. 2016, eq. 4).</summary>
    /// <param name="x">[T, C].</param>
    /// <param name="weight">[C] F32.</param>
    /// <param name="bias">[C] F32.</param>
    /// <param name="epsilon">ε, above 0: keeps a row of equal values finite.</param>
    /// <param name="output">[T, C]; may be x.</param>
    void LayerNorm(Tensor x, Tensor weight, Tensor bias, float epsilon, Tensor output);

    /// <summary>Root mean square norm of each row: <c>output = x / √(mean(x²) + ε) · weight</c> (Zhang and Sennrich 2019, eq. 4).</summary>
    /// <param name="x">[T, C].</param>
    /// <param name="weight">[C] F32.</param>
    /// <param name="epsilon">ε, above 0: keeps a row of zeros finite.</param>
    /// <param name="output">[T, C]; may be x.</param>
    void RmsNorm(Tensor x, Tensor weight, float epsilon, Tensor output);

    /// <summary>
    /// Rotates pairs of each head by an angle that grows with the position, in place (Su et al. 2021, RoFormer, eq. 34). R is twice the number of
    /// frequencies; values R to D of a head stay as they are.
    /// </summary>
    /// <param name="x">[T, heads, D], changed in place.</param>
    /// <param name="positions">[T] I32, each at least 0.</param>
    /// <param name="options">Which values form a pair, and how fast each pair turns.</param>
    void Rope(Tensor x, Tensor positions, RopeOptions options);

    /// <summary>Writes the keys and values of this call's rows into the pages of one layer's cache, where the batch's block table says.</summary>
    /// <param name="keys">[T, K, D].</param>
    /// <param name="values">[T, K, D].</param>
    /// <param name="pages">One layer's cache.</param>
    /// <param name="batch">Sequence and position of each row.</param>
    void WriteKv(Tensor keys, Tensor values, KvPages pages, ForwardBatch batch);

    /// <summary>
    /// Causal grouped-query attention over the paged cache: row t of sequence s at position p sees positions 0 to p of s, the new ones included:
    /// <c>output[t, h] = Σ_j softmax_j(scale · q[t, h] · k[j, g]) · v[j, g]</c> with <c>g = h / (H / K)</c> (Vaswani et al. 2017, eq. 1; Ainslie et al. 2023).
    /// The options may cap the scores and hide all but the last W positions.
    /// </summary>
    /// <param name="query">[T, H, D]; H is a multiple of K.</param>
    /// <param name="pages">One layer's cache, this call's rows already written.</param>
    /// <param name="batch">Sequence and position of each row.</param>
    /// <param name="options">Scale, cap and window.</param>
    /// <param name="output">[T, H, D].</param>
    void Attention(Tensor query, KvPages pages, ForwardBatch batch, AttentionOptions options, Tensor output);

    /// <summary>The gate of SwiGLU: <c>output = silu(gate) · up</c> with <c>silu(x) = x / (1 + e^-x)</c>, all of one shape (Shazeer 2020, eq. 6).</summary>
    /// <param name="gate">[T, F].</param>
    /// <param name="up">[T, F].</param>
    /// <param name="output">[T, F]; may be gate or up.</param>
    void SiluMul(Tensor gate, Tensor up, Tensor output);

    /// <summary>
    /// The activation of GPT-2, in the form with tanh: <c>gelu(x) = x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³)))</c> (Hendrycks and Gimpel 2016, section 2).
    /// </summary>
    /// <param name="x">Any shape.</param>
    /// <param name="output">The same shape; may be x.</param>
    void Gelu(Tensor x, Tensor output);

    /// <summary>The gate of GeGLU: <c>output = gelu(gate) · up</c> with the gelu of <see cref="Gelu"/>, all of one shape (Shazeer 2020, eq. 6).</summary>
    /// <param name="gate">[T, F].</param>
    /// <param name="up">[T, F].</param>
    /// <param name="output">[T, F]; may be gate or up.</param>
    void GeluMul(Tensor gate, Tensor up, Tensor output);

    /// <summary>
    /// Chooses the U experts with the largest logits of each row, the largest first, the lower number on a tie, and their shares:
    /// <c>weights[t, u] = e^logit_u / Σ_v e^logit_v</c> over the chosen, which is the softmax over all experts, renormalised (Jiang et al. 2024, Mixtral, eq. 1).
    /// </summary>
    /// <param name="logits">[T, E].</param>
    /// <param name="experts">[T, U] I32, written; U at most E.</param>
    /// <param name="weights">[T, U], written.</param>
    void RouteExperts(Tensor logits, Tensor experts, Tensor weights);

    /// <summary>Multiplies each row by the weights of its own experts: <c>y[t, u, o] = Σ_i x[t, i] · weight[experts[t, u], o, i]</c>.</summary>
    /// <param name="x">[T, in], or [T, U, in] where each expert of a row has an input of its own.</param>
    /// <param name="weight">[E, out, in] from <see cref="LoadMatMulWeight"/>, any weight type.</param>
    /// <param name="experts">[T, U] I32, each in [0, E).</param>
    /// <param name="y">[T, U, out].</param>
    void ExpertMatMul(Tensor x, Tensor weight, Tensor experts, Tensor y);

    /// <summary>Sums what a row's experts answered: <c>output[t] = Σ_u weights[t, u] · x[t, u]</c>.</summary>
    /// <param name="x">[T, U, C].</param>
    /// <param name="weights">[T, U].</param>
    /// <param name="output">[T, C].</param>
    void MixExperts(Tensor x, Tensor weights, Tensor output);

    /// <summary>Picks rows: <c>output[w] = x[rows[w]]</c>; the head then works only for the rows whose logits are wanted.</summary>
    /// <param name="x">[T, C].</param>
    /// <param name="rows">[W] I32, each in [0, T).</param>
    /// <param name="output">[W, C].</param>
    void GatherRows(Tensor x, Tensor rows, Tensor output);
}
