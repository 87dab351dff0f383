using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Models;
using LlmFromScratch.Tokenization;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Training.Alignment;

/// <summary>The model that fine-tuning starts from: the weights of a GGUF file, dequantized, and its vocabulary. So anyone who has the file can make the child.</summary>
/// <param name="Model">The model, ready to learn.</param>
/// <param name="Tokenizer">Its tokenizer.</param>
public sealed record ParentModel(DecoderModel Model, ByteLevelBpeTokenizer Tokenizer)
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">The file is damaged or incomplete.</exception>
    /// <exception cref="NotSupportedException">Another architecture, or a vocabulary that is no byte-level BPE.</exception>
    public static ParentModel Load(string path)
    {
        using GgufFile file = GgufFile.Open(path);
        ByteLevelBpeTokenizer tokenizer = TokenizerLoader.Load(file) as ByteLevelBpeTokenizer
            ?? throw new NotSupportedException($"{path}: fine-tuning needs a byte-level BPE vocabulary (tokenizer.ggml.model gpt2).");
        DecoderModel model = new(ModelConfigLoader.Load(file), seed: 0); // every weight is overwritten
        StoredWeights.Fill(model.Parameters, file);
        return new ParentModel(model, tokenizer);
    }
}
