using LlmFromScratch.Kernels.Cpu.Gradients;
using LlmFromScratch.Numerics;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Training.Autograd;

/// <summary>
/// A low-rank addition to a frozen weight, the only part that learns (Hu et al. 2021, LoRA): a linear layer computes
/// <c>y = x · Wᵀ + scale · (x · Downᵀ) · Upᵀ</c>. Up starts at zero, so that a fresh adapter changes nothing.
/// </summary>
public sealed class LowRankAdapter
{
    /// <summary>Freezes the weight and attaches itself to it.</summary>
    /// <param name="weight">[out, in].</param>
    /// <param name="rank">r, at least 1.</param>
    /// <param name="scale">α/r.</param>
    /// <param name="random">Draws Down: normal with deviation <c>1/√in</c>.</param>
    public LowRankAdapter(Variable weight, int rank, float scale, SeededRandom random)
    {
        Require.Matrix("LowRankAdapter", "the weight", weight);
        ArgumentOutOfRangeException.ThrowIfLessThan(rank, 1);
        (Weight, Scale) = (weight, scale);
        Down = new Variable(weight.Name + ".lora_down", new Shape(rank, weight.Shape[1]));
        Up = new Variable(weight.Name + ".lora_up", new Shape(weight.Shape[0], rank));
        double deviation = 1 / Math.Sqrt(weight.Shape[1]);
        foreach (ref float value in Down.Data) value = (float)(deviation * random.NextGaussian());
        weight.Freeze();
        weight.Adapter = this;
    }

    /// <summary>W, [out, in].</summary>
    public Variable Weight { get; }

    /// <summary>[r, in].</summary>
    public Variable Down { get; }

    /// <summary>[out, r].</summary>
    public Variable Up { get; }

    /// <summary>α/r.</summary>
    public float Scale { get; }

    /// <summary><c>W + scale · Up · Down</c>: one matrix that does what both did.</summary>
    /// <returns>[out, in].</returns>
    public float[] Merged()
    {
        float[] merged = Weight.Data.ToArray();
        int inSize = Weight.Shape[1], rank = Down.Shape[0];
        float[] scaled = new float[inSize];
        for (int row = 0; row < Weight.Shape[0]; row++)
        for (int r = 0; r < rank; r++)
        {
            Elementwise.Scale(Scale * Up.Data[row * rank + r], Down.Data.Slice(r * inSize, inSize), scaled);
            Elementwise.AddTo(scaled, merged.AsSpan(row * inSize, inSize));
        }
        return merged;
    }

    /// <summary>Puts the merged matrix in the weight's place and lets go of it.</summary>
    public void Merge()
    {
        Weight.Fill(Merged());
        Weight.Adapter = null;
    }
}
