using LlmFromScratch.Kernels.Cpu;
using LlmFromScratch.Kernels.Cpu.Lanes;

namespace LlmFromScratch.Tests.Kernels.Cpu;

public unsafe class VectorMathTests
{
    private const double ExpTolerance = 1.2e-7; // relative: the claim of VectorMath.Exp
    private const double TanhTolerance = 5e-7; // relative: the claim of VectorMath.Tanh
    private const double GeluTolerance = 3e-7; // of max(1, |x|): the claim of VectorMath.Gelu

    [Fact]
    public void Exp_NormalRange_IsWithinTheClaim()
    {
        for (float x = -87.3f; x < 88.7f; x += 0.00071f)
        {
            double expected = Math.Exp(x);
            Assert.True(Math.Abs(Exp<Lanes1>(x) - expected) <= ExpTolerance * expected, $"exp({x:R})");
        }
    }

    [Fact]
    public void Exp_Extremes_AreExact()
    {
        Assert.Equal(1, Exp<Lanes1>(0));
        Assert.Equal(0, Exp<Lanes1>(float.NegativeInfinity));
        Assert.Equal(0, Exp<Lanes1>(-105));
        Assert.Equal(float.Epsilon, Exp<Lanes1>(-103)); // e^-103 is 1.3e-45, nearest 1.4e-45
        Assert.Equal(float.PositiveInfinity, Exp<Lanes1>(89));
        Assert.Equal(float.PositiveInfinity, Exp<Lanes1>(float.PositiveInfinity));
        Assert.True(float.IsNaN(Exp<Lanes1>(float.NaN)));
    }

    [Fact]
    public void Tanh_AllMagnitudes_IsWithinTheClaim()
    {
        for (double x = 1e-6; x < 20; x *= 1.0003)
        {
            double expected = Math.Tanh((float)x);
            Assert.True(Math.Abs(Tanh<Lanes1>((float)x) - expected) <= TanhTolerance * expected, $"tanh({(float)x:R})");
            Assert.Equal(-Tanh<Lanes1>((float)x), Tanh<Lanes1>(-(float)x), TanhTolerance);
        }
        Assert.Equal((0, 1, -1), (Tanh<Lanes1>(0), Tanh<Lanes1>(float.PositiveInfinity), Tanh<Lanes1>(-1e30f)));
        Assert.True(float.IsNaN(Tanh<Lanes1>(float.NaN)));
    }

    [Fact]
    public void Gelu_AllMagnitudes_IsWithinTheClaim()
    {
        for (float x = -40; x < 40; x += 0.00713f)
        {
            double expected = 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
            Assert.True(Math.Abs(Gelu<Lanes1>(x) - expected) <= GeluTolerance * Math.Max(1, Math.Abs(x)), $"gelu({x:R})");
        }
    }

    [Fact]
    public void Functions_EveryWidth_GiveTheSameBits()
    {
        for (float x = -110; x < 95; x += 0.0137f)
        {
            AssertSameBits(Exp<Lanes1>(x), Exp<Lanes128>(x), Exp<Lanes256>(x), Exp<Lanes512>(x));
            AssertSameBits(Silu<Lanes1>(x), Silu<Lanes128>(x), Silu<Lanes256>(x), Silu<Lanes512>(x));
            AssertSameBits(Gelu<Lanes1>(x), Gelu<Lanes128>(x), Gelu<Lanes256>(x), Gelu<Lanes512>(x));
            AssertSameBits(Tanh<Lanes1>(x), Tanh<Lanes128>(x), Tanh<Lanes256>(x), Tanh<Lanes512>(x));
        }
    }

    [Fact]
    public void LoadHalves_AllPatterns_EqualTheCast()
    {
        ushort* bits = stackalloc ushort[16];
        float* values = stackalloc float[16];
        for (int first = 0; first < 65536; first += 16)
        {
            for (int i = 0; i < 16; i++) bits[i] = (ushort)(first + i);
            Lanes512.LoadHalves(bits).Store(values);
            AssertHalves(bits, values, 16);
            Lanes256.LoadHalves(bits).Store(values);
            AssertHalves(bits, values, 8);
            Lanes128.LoadHalves(bits + 8).Store(values);
            AssertHalves(bits + 8, values, 4);
        }
    }

    [Fact]
    public void LoadSignedBytes_AllValues_EqualTheCast()
    {
        sbyte* bytes = stackalloc sbyte[256];
        float* values = stackalloc float[16];
        for (int i = 0; i < 256; i++) bytes[i] = (sbyte)(i - 128);
        for (int first = 0; first < 256; first += 16)
        {
            Lanes512.LoadSignedBytes(bytes + first).Store(values);
            for (int i = 0; i < 16; i++) Assert.Equal(first + i - 128, values[i]);
            Lanes256.LoadSignedBytes(bytes + first).Store(values);
            for (int i = 0; i < 8; i++) Assert.Equal(first + i - 128, values[i]);
            Lanes128.LoadSignedBytes(bytes + first).Store(values);
            for (int i = 0; i < 4; i++) Assert.Equal(first + i - 128, values[i]);
        }
    }

    [Fact]
    public void Dot_SixteenPartialSums_FollowTheTreeByHand()
    {
        // 2^24 + 1 is no float: it lies between 2^24 and 2^24 + 2 and goes to the even one, 2^24.
        float* a = stackalloc float[17];
        float* ones = stackalloc float[17];
        new Span<float>(a, 17).Clear();
        new Span<float>(ones, 17).Fill(1);
        (a[0], a[4], a[8]) = (16777216, 1, 1); // lanes 0 and 8 meet first and the 1 is lost; so is lane 4's, which comes alone
        Assert.Equal(16777216, VectorMath.Dot<Lanes1>(a, ones, 17));
        Assert.Equal(16777216, VectorMath.Dot<Lanes512>(a, ones, 17));
        (a[4], a[8], a[12]) = (1, 0, 1); // lanes 4 and 12 meet first, and their 2 is kept
        Assert.Equal(16777218, VectorMath.Dot<Lanes1>(a, ones, 17));
        Assert.Equal(16777218, VectorMath.Dot<Lanes256>(a, ones, 17));
        (a[4], a[12], a[16]) = (1, 0, 1); // value 16 belongs to lane 0 and is lost in its chain, lane 4's 1 is lost in the tree
        Assert.Equal(16777216, VectorMath.Dot<Lanes1>(a, ones, 17));
        Assert.Equal(16777216, VectorMath.Dot<Lanes128>(a, ones, 17));
    }

    private static float Exp<TLanes>(float x) where TLanes : unmanaged, ILanes<TLanes> => First(VectorMath.Exp(TLanes.Broadcast(x)));

    private static float Silu<TLanes>(float x) where TLanes : unmanaged, ILanes<TLanes> => First(VectorMath.Silu(TLanes.Broadcast(x)));

    private static float Gelu<TLanes>(float x) where TLanes : unmanaged, ILanes<TLanes> => First(VectorMath.Gelu(TLanes.Broadcast(x)));

    private static float Tanh<TLanes>(float x) where TLanes : unmanaged, ILanes<TLanes> => First(VectorMath.Tanh(TLanes.Broadcast(x)));

    private static float First<TLanes>(TLanes lanes) where TLanes : unmanaged, ILanes<TLanes>
    {
        float* values = stackalloc float[16];
        lanes.Store(values);
        return values[0];
    }

    private static void AssertHalves(ushort* bits, float* values, int count)
    {
        for (int i = 0; i < count; i++)
        {
            float expected = (float)BitConverter.UInt16BitsToHalf(bits[i]);
            if (float.IsNaN(expected)) Assert.True(float.IsNaN(values[i]));
            else AssertSameBits(expected, values[i]);
        }
    }

    private static void AssertSameBits(float expected, params ReadOnlySpan<float> actual)
    {
        foreach (float value in actual) Assert.Equal(BitConverter.SingleToInt32Bits(expected), BitConverter.SingleToInt32Bits(value));
    }
}
