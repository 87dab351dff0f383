using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Tensors;
using LlmFromScratch.Tokenization;

namespace LlmFromScratch.Models;

/// <summary>A model in a GGUF file.</summary>
internal sealed class GgufCheckpoint(GgufFile file, ModelConfig config) : ICheckpoint
{
    public string Path => file.Path;

    public ModelConfig Config => config;

    public static GgufCheckpoint Open(string path)
    {
        GgufFile file = GgufFile.Open(path);
        try
        {
            return new GgufCheckpoint(file, ModelConfigLoader.Load(file));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public ITokenizer LoadTokenizer() => TokenizerLoader.Load(file);

    public ChatTemplate? LoadChatTemplate(ITokenizer tokenizer) =>
        ChatTemplateLoader.Load(file.Metadata.TryGetString("tokenizer.chat_template", out string? source) ? source : null, tokenizer);

    public Tensor? FindTensor(string name) => GgufWeights.Find(file, config, name);

    public void Dispose() => file.Dispose();
}
