using LlmFromScratch.Tensors;
using TorchSharp;
using TorchSharp.Utils;

namespace LlmFromScratch.TorchSharp;

/// <summary>
/// Copies of our tensors in PyTorch and back, row-major on both sides, so that a kernel or a gradient can be held against PyTorch's own arithmetic:
/// <c>x.ToTorch(requiresGrad: true)</c>, compute, <c>backward()</c>, <c>x.grad</c>. Compare within a tolerance: the order of summation differs.
/// </summary>
public static class TorchTensors
{
    private const int MostAxes = 4; // what a Shape holds

    /// <summary>A copy of <paramref name="tensor"/> in PyTorch, in host memory; the caller disposes it.</summary>
    /// <param name="tensor">Host F32, any shape.</param>
    /// <param name="requiresGrad">Whether PyTorch is to keep what <c>backward()</c> needs for it.</param>
    /// <exception cref="InvalidOperationException">The tensor lives on a device or is not F32.</exception>
    public static torch.Tensor ToTorch(this Tensor tensor, bool requiresGrad = false)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        long[] sizes = new long[tensor.Shape.Rank];
        for (int axis = 0; axis < sizes.Length; axis++) sizes[axis] = tensor.Shape[axis];
        return torch.tensor(tensor.Floats.ToArray(), sizes, requires_grad: requiresGrad);
    }

    /// <summary>A copy of <paramref name="tensor"/> as ours; values only, the graph of gradients stays with PyTorch. A single number becomes [1].</summary>
    /// <param name="tensor">Float32 on any device, at most four axes.</param>
    /// <exception cref="ArgumentException">Another type, or more axes.</exception>
    public static Tensor ToTensor(this torch.Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (tensor.dtype != torch.ScalarType.Float32)
            throw new ArgumentException($"TorchTensors: expected Float32, got {tensor.dtype}. Call to(torch.float32) first.", nameof(tensor));
        long[] sizes = tensor.shape;
        if (sizes.Length > MostAxes)
            throw new ArgumentException($"TorchTensors: expected at most {MostAxes} axes, got [{string.Join(", ", sizes)}]. Call reshape first.", nameof(tensor));
        Shape shape = sizes.Length == 0 ? new Shape(1) : new Shape(Array.ConvertAll(sizes, size => checked((int)size)));
        Tensor copy = Tensor.Zeros(shape);
        using TensorAccessor<float> values = tensor.data<float>(); // reads in row-major order whatever the strides
        values.CopyTo(copy.Floats);
        return copy;
    }
}
