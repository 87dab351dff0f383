using LlmFromScratch.Numerics;

namespace LlmFromScratch.Training.Alignment;

/// <summary>
/// Losses over n pairs of an answer that was preferred and one that was not, with their gradients, in double precision. A log-probability here is that of a
/// whole answer: the sum over its tokens. The model's own gradient takes it from there.
/// </summary>
public static class PreferenceLosses
{
    /// <summary>
    /// Direct preference optimisation (Rafailov et al. 2023, eq. 7): <c>-mean log σ(β h)</c> with
    /// <c>h = (policyChosen - policyRejected) - (referenceChosen - referenceRejected)</c>: how much more than the reference the policy prefers the chosen answer.
    /// </summary>
    /// <param name="pairs">[n] the four log-probabilities of each pair.</param>
    /// <param name="beta">β above 0: how dear it is to leave the reference.</param>
    /// <param name="chosenGradient">[n] the derivative by policyChosen; by policyRejected it is the same with the other sign.</param>
    public static double Dpo(ReadOnlySpan<AnswerPair> pairs, double beta, Span<double> chosenGradient)
    {
        double sum = 0;
        for (int i = 0; i < pairs.Length; i++)
        {
            double margin = beta * pairs[i].Margin;
            sum -= LogSigmoid(margin);
            chosenGradient[i] = -beta * Sigmoid(-margin) / pairs.Length;
        }
        return sum / pairs.Length;
    }

    /// <summary>
    /// Identity preference optimisation (Azar et al. 2023, eq. 17): <c>mean (h - 1/(2β))²</c>. The margin has a goal, where <see cref="Dpo"/> pushes without end.
    /// </summary>
    /// <param name="pairs">[n].</param>
    /// <param name="beta">β above 0: the goal is <c>1/(2β)</c>.</param>
    /// <param name="chosenGradient">[n] the derivative by policyChosen; by policyRejected it is the same with the other sign.</param>
    public static double Ipo(ReadOnlySpan<AnswerPair> pairs, double beta, Span<double> chosenGradient)
    {
        double sum = 0;
        for (int i = 0; i < pairs.Length; i++)
        {
            double miss = pairs[i].Margin - 1 / (2 * beta);
            sum += miss * miss;
            chosenGradient[i] = 2 * miss / pairs.Length;
        }
        return sum / pairs.Length;
    }

    /// <summary>
    /// The likelihood of the chosen answers, to be added to one of the above: <c>α · mean (-policyChosen / tokens)</c> (Pang et al. 2024, "Iterative reasoning preference
    /// optimization", eq. 1). A margin alone may grow while both answers become unlikelier; this keeps the better one where it is.
    /// </summary>
    /// <param name="pairs">[n].</param>
    /// <param name="tokenCounts">[n] tokens of each chosen answer.</param>
    /// <param name="weight">α, at least 0.</param>
    /// <param name="chosenGradient">[n] the derivative by policyChosen; policyRejected has none.</param>
    public static double ChosenLikelihood(ReadOnlySpan<AnswerPair> pairs, ReadOnlySpan<int> tokenCounts, double weight, Span<double> chosenGradient)
    {
        double sum = 0;
        for (int i = 0; i < pairs.Length; i++)
        {
            chosenGradient[i] = -weight / tokenCounts[i] / pairs.Length;
            sum += chosenGradient[i] * pairs[i].PolicyChosen;
        }
        return sum;
    }

    /// <summary>
    /// The reward model's loss (Bradley and Terry 1952; Ouyang et al. 2022, eq. 1): <c>-mean log σ(chosen - rejected)</c>, the chance that the preferred answer
    /// wins.
    /// </summary>
    /// <param name="chosen">[n] rewards of the preferred answers.</param>
    /// <param name="rejected">[n] rewards of the others.</param>
    /// <param name="chosenGradient">[n] the derivative by chosen; by rejected it is the same with the other sign.</param>
    public static double BradleyTerry(ReadOnlySpan<double> chosen, ReadOnlySpan<double> rejected, Span<double> chosenGradient)
    {
        double sum = 0;
        for (int i = 0; i < chosen.Length; i++)
        {
            double margin = chosen[i] - rejected[i];
            sum -= LogSigmoid(margin);
            chosenGradient[i] = -Sigmoid(-margin) / chosen.Length;
        }
        return sum / chosen.Length;
    }

    /// <summary><c>σ(x) = 1 / (1 + e^-x)</c>.</summary>
    internal static double Sigmoid(double x) => x >= 0 ? 1 / (1 + PortableMath.Exp(-x)) : PortableMath.Exp(x) / (1 + PortableMath.Exp(x));

    /// <summary><c>log σ(x) = min(x, 0) - log(1 + e^-|x|)</c>, which cannot overflow.</summary>
    internal static double LogSigmoid(double x) => Math.Min(x, 0) - PortableMath.Log(1 + PortableMath.Exp(-Math.Abs(x)));
}
