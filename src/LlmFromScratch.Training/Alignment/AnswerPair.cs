namespace LlmFromScratch.Training.Alignment;

/// <summary>Log-probabilities of a preferred and a rejected answer to one prompt, by the model that learns and by the one it started from, in nats.</summary>
/// <param name="PolicyChosen">log π(chosen | prompt).</param>
/// <param name="PolicyRejected">log π(rejected | prompt).</param>
/// <param name="ReferenceChosen">log of the reference's probability of the chosen answer.</param>
/// <param name="ReferenceRejected">log of the reference's probability of the rejected answer.</param>
public readonly record struct AnswerPair(double PolicyChosen, double PolicyRejected, double ReferenceChosen, double ReferenceRejected)
{
    /// <summary><c>h = (PolicyChosen - PolicyRejected) - (ReferenceChosen - ReferenceRejected)</c>; above 0, the policy leans to the chosen answer more than the reference.</summary>
    public double Margin => PolicyChosen - PolicyRejected - (ReferenceChosen - ReferenceRejected);
}
