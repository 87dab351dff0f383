using LlmFromScratch.Tensors;
using LlmFromScratch.Tokenization;

namespace LlmFromScratch.Models;

/// <summary>
/// A model on disk, whatever its format: what it is, how it cuts text, and its weights under the names and in the layouts of GGUF files (docs/adr/0007).
/// Tensors may lie over its mapped memory, so it stays open while they are used.
/// </summary>
public interface ICheckpoint : IDisposable
{
    /// <summary>The file or folder.</summary>
    string Path { get; }

    /// <summary>Sizes and constants.</summary>
    ModelConfig Config { get; }

    /// <summary>Makes the tokenizer that comes with the model.</summary>
    /// <exception cref="InvalidDataException">There is none, or it breaks its format.</exception>
    /// <exception cref="NotSupportedException">One that the engine does not have.</exception>
    ITokenizer LoadTokenizer();

    /// <summary>How the model wants a conversation written; null for one that was taught none.</summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <exception cref="InvalidDataException">The template is broken.</exception>
    /// <exception cref="NotSupportedException">The template uses something that is not supported.</exception>
    ChatTemplate? LoadChatTemplate(ITokenizer tokenizer);

    /// <summary>The host tensor with a GGUF name, for <see cref="WeightLoader"/>; null if there is none.</summary>
    /// <exception cref="NotSupportedException">It is stored in a type that the engine does not have.</exception>
    Tensor? FindTensor(string name);
}
