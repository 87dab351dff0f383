using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Kernels.Quantization;
using LlmFromScratch.Models;
using LlmFromScratch.Tensors;
using LlmFromScratch.Tokenization;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Training.Alignment;

/// <summary>The model that fine-tuning starts from: the weights of a GGUF file, dequantized, and its vocabulary. So anyone who has the file can make the child.</summary>
/// <param name="Model">The model, ready to learn.</param>
/// <param name="Tokenizer">Its tokenizer.</param>
public sealed record ParentModel(LlamaTrainingModel Model, ByteLevelBpeTokenizer Tokenizer)
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">The file is damaged or incomplete.</exception>
    /// <exception cref="NotSupportedException">Another architecture, or a vocabulary that is no byte-level BPE.</exception>
    public static ParentModel Load(string path)
    {
        using GgufFile file = GgufFile.Open(path);
        ByteLevelBpeTokenizer tokenizer = TokenizerLoader.Load(file) as ByteLevelBpeTokenizer
            ?? throw new NotSupportedException($"{path}: fine-tuning needs a byte-level BPE vocabulary (tokenizer.ggml.model gpt2).");
        LlamaTrainingModel model = new(ModelConfigLoader.Load(file), seed: 0); // every weight is overwritten
        foreach (Variable parameter in model.Parameters) Fill(parameter, file.GetTensor(parameter.Name), path);
        return new ParentModel(model, tokenizer);
    }

    private static void Fill(Variable parameter, Tensor stored, string path)
    {
        if (stored.Shape != parameter.Shape) throw new InvalidDataException(
            $"{path}: tensor '{parameter.Name}' is {stored.Shape}; the model's sizes ask for {parameter.Shape}.");
        int size = parameter.Shape.RowLength, rowBytes = (int)stored.RowBytes;
        for (int row = 0; row < parameter.Shape.RowCount; row++)
            RowCodec.Decode(stored.DType, stored.Bytes.Slice(row * rowBytes, rowBytes), parameter.Data.Slice(row * size, size));
    }
}
