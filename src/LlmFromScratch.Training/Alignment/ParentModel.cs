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
    private const string RopeDivisors = "rope_freqs.weight";

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">The file is damaged or incomplete.</exception>
    /// <exception cref="NotSupportedException">An architecture whose child could not be written, or a vocabulary that is no byte-level BPE.</exception>
    public static ParentModel Load(string path)
    {
        using GgufFile file = GgufFile.Open(path);
        ModelConfig config = ModelConfigLoader.Load(file);
        GgufExport.Require(config, path);
        if (file.Contains(RopeDivisors)) throw new NotSupportedException(
            $"{path}: tensor '{RopeDivisors}': expected none, got the divisors of Llama 3.1; what learns turns heads by the plain frequencies.");
        ByteLevelBpeTokenizer tokenizer = StoredWeights.Tokenizer(file, config.VocabSize);
        DecoderModel model = new(config, seed: 0); // every weight is overwritten
        StoredWeights.Fill(model.Parameters, file);
        return new ParentModel(model, tokenizer);
    }
}
