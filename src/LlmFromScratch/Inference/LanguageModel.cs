using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Kernels;
using LlmFromScratch.Kernels.Cpu;
using LlmFromScratch.Models;
using LlmFromScratch.Tokenization;

namespace LlmFromScratch.Inference;

/// <summary>A model file made ready: the mapped file, the weights on a backend, the tokenizer, and the generator that joins them.</summary>
public sealed class LanguageModel : IDisposable
{
    private readonly GgufFile _file;

    private LanguageModel(GgufFile file, Transformer transformer, ITokenizer tokenizer)
    {
        _file = file;
        Transformer = transformer;
        Tokenizer = tokenizer;
        Generator = new TextGenerator(transformer, tokenizer);
    }

    /// <summary>The model.</summary>
    public Transformer Transformer { get; }

    /// <summary>The tokenizer that the file carries.</summary>
    public ITokenizer Tokenizer { get; }

    /// <summary>Continues text.</summary>
    public TextGenerator Generator { get; }

    /// <summary>How the model wants a conversation written; null for one that was taught none. Read anew at each call.</summary>
    /// <exception cref="InvalidDataException">The file's template is broken.</exception>
    /// <exception cref="NotSupportedException">The file's template uses something that is not supported.</exception>
    public ChatTemplate? LoadChatTemplate() => ChatTemplateLoader.Load(_file, Tokenizer);

    /// <summary>Opens a GGUF file and loads its weights.</summary>
    /// <param name="path">The file; <see cref="EmbeddedModel.Path"/> is the one that comes with the library.</param>
    /// <param name="backend">Where it runs, disposed with the model; null for the CPU with all its cores.</param>
    /// <exception cref="InvalidDataException">The file is damaged or incomplete; the message names file and field.</exception>
    /// <exception cref="NotSupportedException">The file is sound but its architecture or a storage type is not supported.</exception>
    public static LanguageModel Load(string path, IBackend? backend = null)
    {
        backend ??= new CpuBackend();
        GgufFile? file = null;
        try
        {
            file = GgufFile.Open(path);
            ModelConfig config = ModelConfigLoader.Load(file);
            ITokenizer tokenizer = TokenizerLoader.Load(file);
            TransformerWeights weights = WeightLoader.Load(backend, config, file);
            return new LanguageModel(file, new Transformer(backend, config, weights), tokenizer);
        }
        catch
        {
            file?.Dispose();
            backend.Dispose();
            throw;
        }
    }

    /// <summary>The embedded model on a backend of the caller's, disposed with the model; null for the CPU.</summary>
    public static LanguageModel LoadEmbedded(IBackend? backend = null) => Load(EmbeddedModel.Path, backend);

    /// <summary>Frees the weights, the backend and the mapped file.</summary>
    public void Dispose()
    {
        Transformer.Dispose();
        Transformer.Backend.Dispose();
        _file.Dispose();
    }
}
