using LlmFromScratch.Numerics;
using LlmFromScratch.Sampling;
using LlmFromScratch.Tensors;
using LlmFromScratch.Tokenization;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Training.Pretraining;

/// <summary>An RNN, LSTM or GRU; every window begins with a state of zeros, and gradients flow back through all of it.</summary>
internal sealed class RecurrentLearner(RecurrentLanguageModel model, int contextLength) : ITextLearner
{
    private int[] _ids = [], _targets = []; // [T·B]

    public IReadOnlyList<Variable> Parameters => model.Parameters;

    public Variable Loss(Tape tape, ReadOnlyMemory<int> ids, ReadOnlyMemory<int> targets, int sequenceCount, SeededRandom? dropout = null)
    {
        if (_ids.Length != ids.Length) (_ids, _targets) = (new int[ids.Length], new int[ids.Length]);
        ByStep(ids.Span, sequenceCount, _ids);
        ByStep(targets.Span, sequenceCount, _targets);
        return model.Loss(tape, _ids, _targets, sequenceCount);
    }

    public string Continue(ITokenizer tokenizer, int[] prompt, int maxTokens, float temperature, ulong seed, int threadCount) =>
        RecurrentReader.Continue(model, tokenizer, prompt, maxTokens, new SamplingOptions { Temperature = temperature, TopP = 1, Seed = seed });

    public void Save(string name, DType matrixType, ByteLevelBpeTokenizer tokenizer, string path) =>
        new TrainedRecurrent(name, model, tokenizer, contextLength).Save(matrixType, path);

    // [B·T] -> [T·B]
    private static void ByStep(ReadOnlySpan<int> bySequence, int sequenceCount, int[] byStep)
    {
        int length = bySequence.Length / sequenceCount;
        for (int sequence = 0; sequence < sequenceCount; sequence++)
            for (int t = 0; t < length; t++) byStep[t * sequenceCount + sequence] = bySequence[sequence * length + t];
    }
}
