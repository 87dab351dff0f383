using LlmFromScratch.Numerics;

namespace LlmFromScratch.Kernels.Cpu;

/// <summary>Cosines and sines of one set of frequencies, times a factor, for positions from 0 on, worked out once: a forward pass then
/// does no trigonometry.</summary>
internal sealed class RopeTable
{
    private const int FirstPositions = 512; // then doubled as often as needed, so that a decode step allocates only at 512, 1024, 2048 ...
    private readonly float[] _frequencies; // [R/2] radians a position
    private readonly float _factor;
    private int _positions;

    public RopeTable(ReadOnlySpan<float> frequencies, float factor)
    {
        _frequencies = frequencies.ToArray();
        (_factor, Cosines, Sines) = (factor, [], []);
    }

    /// <summary>[positions, R/2].</summary>
    public float[] Cosines { get; private set; }

    /// <summary>[positions, R/2].</summary>
    public float[] Sines { get; private set; }

    public bool IsFor(ReadOnlySpan<float> frequencies, float factor) => factor.Equals(_factor) && frequencies.SequenceEqual(_frequencies);

    /// <summary>Makes sure that positions 0 to <paramref name="position"/> are there.</summary>
    public void Reach(int position)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        if (position < _positions) return;
        int pairs = _frequencies.Length, positions = Math.Max(_positions, FirstPositions);
        while (positions <= position) positions = checked(positions * 2);
        float[] cosines = new float[checked(positions * pairs)], sines = new float[positions * pairs];
        Cosines.CopyTo(cosines, 0);
        Sines.CopyTo(sines, 0);
        for (int p = _positions; p < positions; p++)
        for (int pair = 0; pair < pairs; pair++)
        {
            double angle = (double)p * _frequencies[pair];
            cosines[p * pairs + pair] = (float)(_factor * PortableMath.Cos(angle));
            sines[p * pairs + pair] = (float)(_factor * PortableMath.Sin(angle));
        }
        (Cosines, Sines, _positions) = (cosines, sines, positions);
    }
}
