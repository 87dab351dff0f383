using LlmFromScratch.Models;
using LlmFromScratch.Numerics;
using LlmFromScratch.Tensors;
using LlmFromScratch.Tokenization;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Training.Pretraining;

/// <summary>A decoder of any kind that the engine runs; all its weights learn.</summary>
internal class DecoderLearner(DecoderModel model) : ITextLearner
{
    public virtual IReadOnlyList<Variable> Parameters => Model.Parameters;

    public virtual string Identity => "";

    protected DecoderModel Model { get; } = model;

    public virtual Variable Loss(Tape tape, ReadOnlyMemory<int> ids, ReadOnlyMemory<int> targets, int sequenceCount, SeededRandom? dropout = null) =>
        dropout is null ? Model.CrossEntropy(tape, ids, targets, sequenceCount) : Model.Loss(tape, ids, targets, sequenceCount, dropout: dropout);

    public virtual IReadOnlyList<Measurement> Probe(int threadCount) => [];

    public string Continue(ITokenizer tokenizer, int[] prompt, int maxTokens, float temperature, ulong seed, int threadCount)
    {
        using TrainedText speaker = new(Model, tokenizer, threadCount);
        return speaker.Continue(prompt, maxTokens, temperature, seed).Text;
    }

    public void Save(string name, DType matrixType, ByteLevelBpeTokenizer tokenizer, string path) =>
        GgufExport.Save(Model, name, matrixType, writer => TokenizerWriter.Write(writer, tokenizer), path);
}
