using LlmFromScratch.Tensors;
using LlmFromScratch.TorchSharp;
using TorchSharp;

namespace LlmFromScratch.Tests.Adapters;

/// <summary>Tensors to PyTorch and back, and its arithmetic as a witness; runs with FullFeed only.</summary>
public class TorchTensorsTests
{
    [Fact]
    public void ToTorch_AndBack_KeepsShapeAndValues()
    {
        Tensor tensor = Tensor.FromFloats([1, 2, 3, 4, 5, 6], 2, 3);
        using torch.Tensor theirs = tensor.ToTorch();
        Tensor back = theirs.ToTensor();
        Assert.Equal([2L, 3L], theirs.shape);
        Assert.Equal(tensor.Shape, back.Shape);
        Assert.Equal(tensor.Floats.ToArray(), back.Floats.ToArray());
    }

    [Fact]
    public void ToTensor_TransposedView_IsCopiedRowMajor()
    {
        using torch.Tensor theirs = Tensor.FromFloats([1, 2, 3, 4, 5, 6], 2, 3).ToTorch();
        using torch.Tensor transposed = theirs.transpose(0, 1);
        Assert.Equal([1f, 4, 2, 5, 3, 6], transposed.ToTensor().Floats.ToArray());
    }

    [Fact]
    public void Gradient_OfTheSumOfSquares_IsTwiceTheValues()
    {
        using torch.Tensor x = Tensor.FromFloats([1, -2, 3], 3).ToTorch(requiresGrad: true);
        using torch.Tensor loss = (x * x).sum();
        loss.backward();
        Assert.Equal([2f, -4, 6], x.grad!.ToTensor().Floats.ToArray()); // backward has filled it
        Assert.Equal(new Shape(1), loss.ToTensor().Shape);
    }

    [Fact]
    public void ToTensor_OtherTypeOrTooManyAxes_IsRefused()
    {
        using torch.Tensor doubles = torch.zeros(2, torch.float64);
        using torch.Tensor fiveAxes = torch.zeros([1, 1, 1, 1, 1]);
        Assert.Throws<ArgumentException>(() => doubles.ToTensor());
        Assert.Throws<ArgumentException>(() => fiveAxes.ToTensor());
    }
}
