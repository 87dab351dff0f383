using LlmFromScratch.Kernels;
using LlmFromScratch.Kernels.Cpu;
using LlmFromScratch.Models;
using LlmFromScratch.Tensors;
using LlmFromScratch.Tokenization;

namespace LlmFromScratch.Inference;

/// <summary>A model made ready: its mapped files, the weights on a backend, the tokenizer, and the generator that joins them.</summary>
[TypeFormatterSource(TypeFormatterSourceAttribute.Visuals, "ModelFormatterSource")]
public sealed class LanguageModel : IDisposable
{
    private readonly ICheckpoint _checkpoint;

    private LanguageModel(ICheckpoint checkpoint, Transformer transformer, ITokenizer tokenizer)
    {
        _checkpoint = checkpoint;
        Transformer = transformer;
        Tokenizer = tokenizer;
        Generator = new TextGenerator(transformer, tokenizer);
    }

    /// <summary>The model.</summary>
    public Transformer Transformer { get; }

    /// <summary>The tokenizer that comes with the model.</summary>
    public ITokenizer Tokenizer { get; }

    /// <summary>Continues text.</summary>
    public TextGenerator Generator { get; }

    /// <summary>How the model wants a conversation written; null for one that was taught none. Read anew at each call.</summary>
    /// <exception cref="InvalidDataException">The file's template is broken.</exception>
    /// <exception cref="NotSupportedException">The file's template uses something that is not supported.</exception>
    public ChatTemplate? LoadChatTemplate() => _checkpoint.LoadChatTemplate(Tokenizer);

    /// <summary>Opens a model of any format that <see cref="Checkpoint.Open"/> knows and loads its weights.</summary>
    /// <param name="path">The file or folder; <see cref="EmbeddedModel.Path"/> is the one that comes with the library.</param>
    /// <param name="backend">Where it runs, disposed with the model; null for the CPU with all its cores.</param>
    /// <exception cref="InvalidDataException">The file is damaged or incomplete; the message names file and field.</exception>
    /// <exception cref="NotSupportedException">The file is sound but its architecture or a storage type is not supported.</exception>
    public static LanguageModel Load(string path, IBackend? backend = null)
    {
        backend ??= new CpuBackend();
        ICheckpoint? checkpoint = null;
        try
        {
            checkpoint = Checkpoint.Open(path);
            ITokenizer tokenizer = checkpoint.LoadTokenizer();
            if (tokenizer.VocabSize != checkpoint.Config.VocabSize) throw new InvalidDataException(
                $"{path}: the tokenizer has {tokenizer.VocabSize} tokens and the embedding table {checkpoint.Config.VocabSize} rows; expected the same.");
            TransformerWeights weights = WeightLoader.Load(backend, checkpoint.Config, checkpoint.FindTensor, path);
            return new LanguageModel(checkpoint, new Transformer(backend, checkpoint.Config, weights), tokenizer);
        }
        catch
        {
            checkpoint?.Dispose();
            backend.Dispose();
            throw;
        }
    }

    /// <summary>The embedded model on a backend of the caller's, disposed with the model; null for the CPU.</summary>
    public static LanguageModel LoadEmbedded(IBackend? backend = null) => Load(EmbeddedModel.Path, backend);

    /// <summary>Frees the weights, the backend and the mapped files.</summary>
    public void Dispose()
    {
        Transformer.Dispose();
        Transformer.Backend.Dispose();
        _checkpoint.Dispose();
    }
}
