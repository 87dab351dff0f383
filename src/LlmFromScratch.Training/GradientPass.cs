using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Training;

/// <summary>The backward pass of an objective, which refuses a loss that is no number.</summary>
internal static class GradientPass
{
    /// <summary>Adds the gradient of <c>scale · loss</c> to the leaves and returns the loss.</summary>
    /// <exception cref="ArithmeticException">The loss is NaN or infinite; the message names the first result that is.</exception>
    public static float Run(Tape tape, Variable loss, float scale = 1)
    {
        float value = loss.Data[0];
        if (float.IsFinite(value)) return tape.Backward(loss, scale);
        string origin = tape.FirstNotFinite() ?? loss.Name;
        tape.Reset();
        throw new ArithmeticException($"the loss is {value}; the first result that is not finite: {origin}");
    }
}
