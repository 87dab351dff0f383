using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Training.Pretraining;

/// <summary>A decoder that learns from teachers; it is measured by the text alone.</summary>
internal sealed class TaughtLearner(DecoderModel model, Teachers teachers) : DecoderLearner(model)
{
    public override string Identity => teachers.Identity;

    public override Variable Loss(Tape tape, ReadOnlyMemory<int> ids, ReadOnlyMemory<int> targets, int sequenceCount, SeededRandom? dropout = null) => dropout is null
        ? base.Loss(tape, ids, targets, sequenceCount)
        : Model.SoftLoss(tape, ids, teachers.Foretell(tape, ids, targets.Span, sequenceCount), sequenceCount, dropout);
}
