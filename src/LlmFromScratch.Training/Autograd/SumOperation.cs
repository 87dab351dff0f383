using LlmFromScratch.Tensors;

namespace LlmFromScratch.Training.Autograd;

/// <summary>The sum of all values, in double and in order; backward: every value gets the gradient of the sum.</summary>
internal sealed class SumOperation : Operation
{
    private Variable X => Input(0);

    public SumOperation Forward(Tape tape, Variable x)
    {
        Begin(tape, "sum", new Shape(1), x);
        double sum = 0;
        foreach (float value in x.Data) sum += value;
        Output.Data[0] = (float)sum;
        return this;
    }

    public override void Backward(Tape tape)
    {
        if (!X.RequiresGradient) return;
        float gradient = Output.Gradient[0];
        foreach (ref float value in tape.GradientToAddTo(X).Values) value += gradient;
    }
}
