using System.Runtime.InteropServices;

namespace LlmFromScratch.Kernels.Cpu.Threading;

/// <summary>Memory that is reused from job to job: pinned, starts on a cache line, grows when asked for more.</summary>
internal sealed unsafe class ScratchBuffer
{
    private const int Alignment = 64; // bytes: one cache line, one Vector512
    private float[] _array = [];

    /// <summary>Room for <paramref name="count"/> floats with anything in them; valid until the next call.</summary>
    public float* Floats(int count)
    {
        int padded = checked(count + Alignment / sizeof(float));
        if (_array.Length < padded) _array = GC.AllocateUninitializedArray<float>(Math.Max(padded, 2 * _array.Length), pinned: true);
        nint address = Marshal.UnsafeAddrOfPinnedArrayElement(_array, 0); // pinned: stays true while this object holds the array
        return (float*)((address + Alignment - 1) & ~(nint)(Alignment - 1));
    }
}
