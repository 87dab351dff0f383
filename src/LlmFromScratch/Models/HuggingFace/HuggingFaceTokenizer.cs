using LlmFromScratch.Tokenization;
using LlmFromScratch.Tokenization.Files;

namespace LlmFromScratch.Models.HuggingFace;

/// <summary>Makes the tokenizer of a Hugging Face folder: tokenizer.json, or GPT-2's pair of vocab.json and merges.txt. The folder needs no weights.</summary>
public static class HuggingFaceTokenizer
{
    /// <summary>The tokenizer of a folder.</summary>
    /// <exception cref="InvalidDataException">There is none, or it breaks its format.</exception>
    /// <exception cref="NotSupportedException">It uses a part that the engine does not have.</exception>
    public static ITokenizer Load(string folder)
    {
        string json = Path.Combine(folder, "tokenizer.json"), vocabulary = Path.Combine(folder, "vocab.json"), merges = Path.Combine(folder, "merges.txt");
        return File.Exists(json) ? TokenizerJson.Load(json)
            : File.Exists(vocabulary) && File.Exists(merges) ? Gpt2Files.Load(vocabulary, merges)
            : throw new InvalidDataException($"{folder}: expected a tokenizer in tokenizer.json, or in vocab.json and merges.txt, got neither.");
    }
}
