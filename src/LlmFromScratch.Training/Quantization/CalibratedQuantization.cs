using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Models;
using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Alignment;
using LlmFromScratch.Training.Data;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Training.Quantization;

/// <summary>A GGUF file to a GGUF file of four bits a weight, by a calibration text: what <c>llmfs quantize --method gptq</c> does.</summary>
public static class CalibratedQuantization
{
    private const int CalibrationTokens = 8192; // several times the longest input, so that its products have full rank

    private const string TemplateKey = "tokenizer.chat_template";

    /// <summary>Quantizes a file.</summary>
    /// <param name="input">A model that <see cref="ParentModel"/> reads; with experts by "nearest" only.</param>
    /// <param name="output">The file to make.</param>
    /// <param name="type">"Q4_0" or "Q4_1".</param>
    /// <param name="method">"gptq", "awq", or "nearest" for the same layout without the text's help.</param>
    /// <param name="calibration">A text; documents are separated by a line <c>&lt;|endoftext|&gt;</c>.</param>
    /// <param name="cancellation">Stops between texts and between matrices; nothing is written then.</param>
    /// <exception cref="NotSupportedException">Another type, architecture or vocabulary.</exception>
    /// <exception cref="InvalidDataException">A damaged file, a matrix that blocks do not fit into, or a calibration text without words.</exception>
    public static void Run(string input, string output, string type, string method, string calibration, CancellationToken cancellation = default)
    {
        if (type is not ("Q4_0" or "Q4_1")) throw new NotSupportedException($"quantize --method {method}: expected the type Q4_0 or Q4_1, got {type}.");
        ParentModel parent = ParentModel.Load(input);
        if (parent.Model.Config.Moe is { } moe && method != "nearest") throw new NotSupportedException( // the statistics do not say which expert reads an input
            $"{input}: {parent.Model.Config.Architecture}.expert_count: expected none for --method {method}, got {moe.ExpertCount}; --method nearest takes experts.");
        DType four = Enum.Parse<DType>(type);
        BlockFit.Require($"{input}: --method {method}", four, parent.Model.Parameters.Where(weight => PostTrainingQuantization.IsBlockMatrix(weight, four)));
        IReadOnlyList<int[]> texts = Texts(calibration, parent);
        IReadOnlyDictionary<string, Tensor> tensors = PostTrainingQuantization.Quantize(parent.Model, four, method, texts, Environment.ProcessorCount, cancellation);
        using GgufFile source = GgufFile.Open(input);
        GgufExport.Save(parent.Model, source.Metadata.TryGetString("general.name", out string? name) ? name : Path.GetFileNameWithoutExtension(input),
            weight => tensors[weight.Name], Write, output);

        void Write(GgufWriter writer)
        {
            TokenizerWriter.Write(writer, parent.Tokenizer);
            if (source.Metadata.TryGetString(TemplateKey, out string? template)) writer.Add(TemplateKey, template);
        }
    }

    private static List<int[]> Texts(string path, ParentModel parent)
    {
        List<int[]> texts = [];
        int count = 0;
        foreach (string document in TokenCache.Documents(File.ReadAllText(path)))
        {
            foreach (int[] piece in parent.Tokenizer.Encode(document).Chunk(parent.Model.Config.ContextLength))
            {
                texts.Add(piece);
                count += piece.Length;
            }
            if (count >= CalibrationTokens) return texts;
        }
        return texts.Count > 0 ? texts : throw new InvalidDataException($"{path}: expected a text to calibrate on, got nothing.");
    }
}
