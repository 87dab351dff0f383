using LlmFromScratch.Numerics;
using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Training.Layers;

/// <summary>Fixed positions: row t holds <c>sin(t / 10000^(2i/C))</c> at 2i and the cosine at 2i + 1 (Vaswani et al. 2017, section 3.5).</summary>
public static class SinusoidalPositions
{
    /// <summary>Makes the table; look rows up with <see cref="ITape.Embedding"/> and add them to the token embeddings.</summary>
    /// <param name="count">T: positions from 0.</param>
    /// <param name="size">C.</param>
    /// <returns>[T, C], a constant.</returns>
    public static Variable Table(int count, int size)
    {
        double[] table = new double[count * size];
        for (int i = 0; i < size; i++)
        {
            double frequency = PortableMath.Pow(10_000, -2.0 * (i / 2) / size);
            for (int t = 0; t < count; t++) table[t * size + i] = i % 2 == 0 ? PortableMath.Sin(t * frequency) : PortableMath.Cos(t * frequency);
        }
        return Variable.Constant("positions", new Shape(count, size), table);
    }
}
