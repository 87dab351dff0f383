using LlmFromScratch.Numerics;
using LlmFromScratch.Tensors;
using LlmFromScratch.Tokenization;
using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Training.Pretraining;

/// <summary>A model that learns to foretell the next token: what <see cref="PretrainingObjective"/> and <see cref="PretrainingRun"/> ask of every kind.</summary>
internal interface ITextLearner
{
    /// <summary>The weights that learn.</summary>
    IReadOnlyList<Variable> Parameters { get; }

    /// <summary>What a checkpoint's numbers depend on besides the recipe and the corpus; most have nothing.</summary>
    string Identity => "";

    /// <summary>The mean cross-entropy of the targets in nats.</summary>
    /// <param name="tape">Records.</param>
    /// <param name="ids">[B·T]: B sequences of T tokens, one after the other.</param>
    /// <param name="targets">[B·T]: the token that follows each.</param>
    /// <param name="sequenceCount">B.</param>
    /// <param name="dropout">Draws what is dropped; null while not training.</param>
    /// <returns>[1].</returns>
    Variable Loss(Tape tape, ReadOnlyMemory<int> ids, ReadOnlyMemory<int> targets, int sequenceCount, SeededRandom? dropout = null);

    /// <summary>What else an evaluation says of this kind; most have nothing.</summary>
    IReadOnlyList<Measurement> Probe(int threadCount) => [];

    /// <summary>Goes on with a text, as the model stands.</summary>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="prompt">At least one id.</param>
    /// <param name="maxTokens">When to stop, if the text does not end.</param>
    /// <param name="temperature">Of the draws.</param>
    /// <param name="seed">Of the draws.</param>
    /// <param name="threadCount">Threads.</param>
    string Continue(ITokenizer tokenizer, int[] prompt, int maxTokens, float temperature, ulong seed, int threadCount);

    /// <summary>Writes the model and its tokenizer as one GGUF file.</summary>
    void Save(string name, DType matrixType, ByteLevelBpeTokenizer tokenizer, string path);
}
