using LlmFromScratch.Formats.Llama2c;
using LlmFromScratch.Tensors;
using LlmFromScratch.Tokenization;
using LlmFromScratch.Tokenization.Files;

namespace LlmFromScratch.Models;

/// <summary>A llama2.c model: its weights in one file, its tokenizer in another beside it, tokenizer.bin or, for a vocabulary of V tokens, tokV.bin.</summary>
internal sealed class Llama2cCheckpoint(Llama2cFile file, ModelConfig config) : ICheckpoint
{
    public string Path => file.Path;

    public ModelConfig Config => config;

    public static Llama2cCheckpoint Open(string path)
    {
        Llama2cFile file = Llama2cFile.Open(path);
        try
        {
            return new Llama2cCheckpoint(file, Llama2cLoader.LoadConfig(file));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public ITokenizer LoadTokenizer()
    {
        string folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path)) ?? "";
        string[] names = [$"tok{config.VocabSize}.bin", "tokenizer.bin"];
        string name = names.FirstOrDefault(name => File.Exists(System.IO.Path.Combine(folder, name))) ?? throw new InvalidDataException(
            $"{Path}: expected its tokenizer beside it, in {names[0]} or {names[1]}, got neither.");
        return Llama2cVocabulary.Load(System.IO.Path.Combine(folder, name));
    }

    public ChatTemplate? LoadChatTemplate(ITokenizer tokenizer) => null; // its models tell stories

    public Tensor? FindTensor(string name) => file.Contains(name) ? file.GetTensor(name) : null;

    public void Dispose() => file.Dispose();
}
