using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Interpretability;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Training.Pretraining;

/// <summary>A decoder without feed-forward networks. Its evaluations watch for the moment in which induction heads appear.</summary>
internal sealed class AttentionOnlyLearner(DecoderModel model) : DecoderLearner(model)
{
    private const int TextCount = 4;     // random texts an evaluation
    private const int LongestText = 50;  // tokens before the repetition, as far as the context allows

    private readonly IReadOnlyList<Variable> _learning = AttentionOnly.Learning(model);

    public override IReadOnlyList<Variable> Parameters => _learning;

    /// <summary>The loss of random tokens and of the same tokens said a second time, and the best induction score of any head.</summary>
    public override IReadOnlyList<Measurement> Probe(int threadCount)
    {
        using TrainedTransformer trained = new(Model, threadCount);
        InductionReport report = InductionReport.Measure(trained.Transformer, Math.Min(LongestText, Model.Config.ContextLength / 2), TextCount, seed: 1);
        return [new("firstTimeLoss", report.FirstTimeLoss), new("secondTimeLoss", report.SecondTimeLoss), new("inductionScore", report.Score)];
    }
}
