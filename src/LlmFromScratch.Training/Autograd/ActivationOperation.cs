using LlmFromScratch.Kernels.Cpu.Gradients;

namespace LlmFromScratch.Training.Autograd;

/// <summary>A function of each value; the formulas stand at <see cref="ActivationGradient"/>.</summary>
internal sealed class ActivationOperation : Operation
{
    private Activation _activation;
    private GradientTarget _xGrad;

    private Variable X => Input(0);

    public ActivationOperation Forward(Tape tape, Variable x, Activation activation)
    {
        _activation = activation;
        Begin(tape, Name(activation), x.Shape, x);
        RunForward(tape, Output.Data.Length, Elementwise.PieceSize);
        return this;
    }

    protected override void Forward(int first, int end)
    {
        ReadOnlySpan<float> x = X.Data[first..end];
        Span<float> y = Output.Data[first..end];
        switch (_activation)
        {
            case Activation.Relu: ActivationGradient.Forward<ReluLanes>(x, y); break;
            case Activation.GeluErf: ActivationGradient.Forward<GeluErfLanes>(x, y); break;
            case Activation.GeluTanh: ActivationGradient.Forward<GeluTanhLanes>(x, y); break;
            case Activation.Silu: ActivationGradient.Forward<SiluLanes>(x, y); break;
            case Activation.Sigmoid: ActivationGradient.Forward<SigmoidLanes>(x, y); break;
            case Activation.Tanh: ActivationGradient.Forward<TanhLanes>(x, y); break;
            case Activation.Exp: ActivationGradient.Forward<ExpLanes>(x, y); break;
            case Activation.LogSigmoid: LogSigmoidGradient.Forward(x, y); break;
            default: throw new ArgumentOutOfRangeException(nameof(first), _activation, "Activate: expected a member of Activation.");
        }
    }

    public override void Backward(Tape tape)
    {
        _xGrad = tape.GradientOf(X);
        RunBackward(tape, Output.Data.Length, Elementwise.PieceSize);
        tape.Release(_xGrad);
    }

    protected override void Backward(int first, int end)
    {
        ReadOnlySpan<float> x = X.Data[first..end], yGrad = Output.Gradient[first..end];
        Span<float> xGrad = _xGrad.Values[first..end];
        bool accumulate = _xGrad.Accumulate;
        switch (_activation)
        {
            case Activation.Relu: ActivationGradient.Backward<ReluLanes>(x, yGrad, xGrad, accumulate); break;
            case Activation.GeluErf: ActivationGradient.Backward<GeluErfLanes>(x, yGrad, xGrad, accumulate); break;
            case Activation.GeluTanh: ActivationGradient.Backward<GeluTanhLanes>(x, yGrad, xGrad, accumulate); break;
            case Activation.Silu: ActivationGradient.Backward<SiluLanes>(x, yGrad, xGrad, accumulate); break;
            case Activation.Sigmoid: ActivationGradient.Backward<SigmoidLanes>(x, yGrad, xGrad, accumulate); break;
            case Activation.Tanh: ActivationGradient.Backward<TanhLanes>(x, yGrad, xGrad, accumulate); break;
            case Activation.Exp: ActivationGradient.Backward<ExpLanes>(x, yGrad, xGrad, accumulate); break;
            default: LogSigmoidGradient.Backward(x, yGrad, xGrad, accumulate); break;
        }
    }

    private static string Name(Activation activation) => activation switch // constants: ToString would allocate
    {
        Activation.Relu => "relu",
        Activation.GeluErf => "gelu",
        Activation.GeluTanh => "gelu (tanh)",
        Activation.Silu => "silu",
        Activation.Sigmoid => "sigmoid",
        Activation.Tanh => "tanh",
        Activation.Exp => "exp",
        _ => "log sigmoid",
    };
}
