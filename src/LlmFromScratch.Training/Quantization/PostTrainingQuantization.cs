using LlmFromScratch.Diagnostics;
using LlmFromScratch.Inference;
using LlmFromScratch.Models;
using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Training.Quantization;

/// <summary>
/// Brings a trained model to four bits a weight with the help of a calibration text. The matrices of the blocks become Q4_0 or Q4_1; embedding and head,
/// which are few and dear, Q8_0; vectors and the experts' routers stay F32. Taught in notebooks/13-quantization.ipynb (to come).
/// </summary>
public static class PostTrainingQuantization
{
    /// <summary>Quantizes a model.</summary>
    /// <param name="model">The model, without experts unless the method is "nearest"; "awq" changes its weights to others that compute the same.</param>
    /// <param name="type">Q4_0 or Q4_1.</param>
    /// <param name="method">"nearest" (which reads no text), "gptq" or "awq".</param>
    /// <param name="calibration">Texts as ids, each at least one token and no longer than the context.</param>
    /// <param name="threadCount">Threads.</param>
    /// <param name="cancellation">Stops between texts and between matrices.</param>
    /// <returns>Every weight as a file holds it, by name.</returns>
    public static IReadOnlyDictionary<string, Tensor> Quantize(DecoderModel model, DType type, string method, IReadOnlyList<int[]> calibration, int threadCount,
        CancellationToken cancellation = default)
    {
        if (method is not ("nearest" or "gptq" or "awq")) throw new ArgumentException($"method: expected nearest, gptq or awq, got {method}.", nameof(method));
        using Tape tape = new(threadCount);
        CalibrationObserver inputs = new(tape.Team);
        if (method != "nearest") Read(model, calibration, inputs, threadCount, cancellation);
        if (method == "awq") Stretch(model, type, inputs);
        Dictionary<string, Tensor> tensors = [];
        foreach (Variable weight in model.Parameters)
        {
            cancellation.ThrowIfCancellationRequested();
            tensors.Add(weight.Name, IsBlockMatrix(weight, type) ? Matrix(weight).ToTensor() : GgufExport.ToTensor(weight, DType.Q8_0));
        }
        return tensors;

        FourBitMatrix Matrix(Variable weight) => method == "gptq"
            ? Gptq.Quantize(type, weight.Shape, weight.Data, inputs[InputOf(weight.Name), LayerOf(weight.Name)])
            : FourBitMatrix.RoundToNearest(type, weight.Shape, weight.Data);
    }

    /// <summary>
    /// Replaces weights by others that compute the same: columns are stretched by <see cref="Awq.Stretch"/>, and what comes before (a norm, or the rows of ffn_up)
    /// is shrunk as much. attn_output keeps its columns: the heads of a group share the rows of attn_v. So does ffn_down where an activation lies before it and no gate.
    /// </summary>
    internal static void Stretch(DecoderModel model, DType type, CalibrationObserver inputs)
    {
        for (int layer = 0; layer < model.Config.LayerCount; layer++)
        {
            string block = $"blk.{layer}.";
            bool hasGate = model.Config.FeedForwardKind != FeedForwardKind.Gelu;
            Apply(layer, ForwardPoint.AttentionNorm, block + "attn_norm", "attn_q", "attn_k", "attn_v");
            Apply(layer, ForwardPoint.FeedForwardNorm, block + "ffn_norm", hasGate ? ["ffn_gate", "ffn_up"] : ["ffn_up"]);
            if (hasGate) Apply(layer, ForwardPoint.FeedForwardHidden, block + "ffn_up", "ffn_down");
        }

        void Apply(int layer, ForwardPoint point, string before, params ReadOnlySpan<string> names)
        {
            List<Variable> weights = [];
            foreach (string name in names) weights.Add(model[$"blk.{layer}.{name}.weight"]);
            float[] stretch = Awq.Stretch(type, [.. weights.Select(weight => (weight.Shape, weight.Data.ToArray()))], inputs[point, layer]);
            foreach (Variable weight in weights) weight.Fill(Awq.Stretched(weight.Data, stretch));
            foreach (Variable part in model.Parameters.Where(part => part.Name == before + ".weight" || part.Name == before + ".bias"))
            {
                int rowLength = part.Data.Length / stretch.Length; // 1 for a norm and a bias; for ffn_up, row i makes input i
                for (int i = 0; i < part.Data.Length; i++) part.Data[i] /= stretch[i / rowLength];
            }
        }
    }

    internal static void Read(DecoderModel model, IReadOnlyList<int[]> texts, CalibrationObserver inputs, int threadCount, CancellationToken cancellation = default)
    {
        if (texts.Count == 0) throw new ArgumentException("Calibration: expected at least one text, got none.", nameof(texts));
        using TrainedTransformer trained = new(model, threadCount);
        foreach (int[] ids in texts)
        {
            cancellation.ThrowIfCancellationRequested();
            using Session session = new(trained.Transformer);
            session.Prefill(ids, inputs);
        }
    }

    internal static bool IsBlockMatrix(Variable weight, DType type) => GgufExport.StoredType(weight, type) == type && weight.Name.StartsWith("blk.", StringComparison.Ordinal);

    private static int LayerOf(string name) => int.Parse(name.Split('.')[1], System.Globalization.CultureInfo.InvariantCulture);

    private static ForwardPoint InputOf(string name) => name.Split('.')[2] switch
    {
        "attn_q" or "attn_k" or "attn_v" => ForwardPoint.AttentionNorm,
        "attn_output" => ForwardPoint.AttentionHeads,
        "ffn_gate" or "ffn_up" => ForwardPoint.FeedForwardNorm,
        _ => ForwardPoint.FeedForwardHidden, // ffn_down
    };
}
