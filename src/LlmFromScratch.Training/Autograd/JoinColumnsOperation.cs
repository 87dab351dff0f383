using LlmFromScratch.Kernels.Cpu.Gradients;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Training.Autograd;

/// <summary><c>y[n] = [a[n], b[n]]</c>; each input gets its part of the gradient.</summary>
internal sealed class JoinColumnsOperation : Operation
{
    private Variable A => Input(0);

    private Variable B => Input(1);

    public JoinColumnsOperation Forward(Tape tape, Variable a, Variable b)
    {
        Require.Matrix("JoinColumns", "a", a);
        Require.Matrix("JoinColumns", "b", b);
        Require.That(a.Shape[0] == b.Shape[0], $"JoinColumns: a is {a.Shape}, b is {b.Shape}; expected as many rows.");
        int left = a.Shape[1], right = b.Shape[1];
        Begin(tape, "join", new Shape(a.Shape[0], left + right), a, b);
        for (int n = 0; n < a.Shape[0]; n++)
        {
            Span<float> row = Output.Data.Slice(n * (left + right), left + right);
            a.Data.Slice(n * left, left).CopyTo(row);
            b.Data.Slice(n * right, right).CopyTo(row[left..]);
        }
        return this;
    }

    public override void Backward(Tape tape)
    {
        int left = A.Shape[1], right = B.Shape[1];
        GradientTarget aGrad = tape.GradientToAddTo(A), bGrad = tape.GradientToAddTo(B);
        for (int n = 0; n < A.Shape[0]; n++)
        {
            ReadOnlySpan<float> row = Output.Gradient.Slice(n * (left + right), left + right);
            Elementwise.AddTo(row[..left], aGrad.Values.Slice(n * left, left));
            Elementwise.AddTo(row[left..], bGrad.Values.Slice(n * right, right));
        }
        tape.Release(aGrad);
        tape.Release(bGrad);
    }
}
