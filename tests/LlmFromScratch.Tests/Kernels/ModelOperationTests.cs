using LlmFromScratch.Kernels;
using LlmFromScratch.Kernels.Reference;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Tests.Kernels;

/// <summary>The operations of other architectures than llama, by hand, on the backend that defines them.</summary>
public class ModelOperationTests
{
    private readonly ReferenceBackend _backend = new();

    [Fact]
    public void LayerNorm_FourNumbers_ByHand()
    {
        // mean of 1 3 5 7 is 4, variance (9 + 1 + 1 + 9) / 4 = 5; with ε = 4 the deviation is 3: -1, -1/3, 1/3, 1, times 3, plus the bias
        Tensor x = Tensor.FromFloats([1, 3, 5, 7], 1, 4), weight = Tensor.FromFloats([3, 3, 3, 3], 4), bias = Tensor.FromFloats([0, 10, 0, 10], 4);
        _backend.LayerNorm(x, weight, bias, 4, x);
        AssertClose([-3, 9, 1, 13], x);
    }

    [Fact]
    public void Gelu_KnownPoints_AreThoseOfTheTanhForm()
    {
        // gelu(1) = 0.5 · (1 + tanh(0.7978846 · 1.044715)) = 0.841192; gelu(-x) = gelu(x) - x
        Tensor x = Tensor.FromFloats([0, 1, -1, 30, -30], 1, 5), up = Tensor.FromFloats([7, 2, 2, 1, 1], 1, 5);
        _backend.GeluMul(x, up, up);
        AssertClose([0, 1.682384f, -0.317616f, 30, 0], up);
        _backend.Gelu(x, x);
        AssertClose([0, 0.841192f, -0.158808f, 30, 0], x);
    }

    [Fact]
    public void SoftCap_SmallStaysLargeBends()
    {
        Tensor x = Tensor.FromFloats([0.001f, 2, -1000], 1, 3);
        _backend.SoftCap(x, 2, x); // 2 tanh(1) = 1.523188
        AssertClose([0.001f, 1.523188f, -2], x);
    }

    [Fact]
    public void RouteExperts_TiesAndShares_ByHand()
    {
        // the two largest of 0, ln 3, -1, ln 3, 0 are experts 1 and 3, a tie: the lower number first, half each; of three, expert 0 follows with 1 / (3 + 3 + 1)
        Tensor logits = Tensor.FromFloats([0, MathF.Log(3), -1, MathF.Log(3), 0], 1, 5), two = Tensor.Zeros(new Shape(1, 2)), three = Tensor.Zeros(new Shape(1, 3));
        Tensor ids = Tensor.Zeros(new Shape(1, 2), DType.I32), more = Tensor.Zeros(new Shape(1, 3), DType.I32);
        _backend.RouteExperts(logits, ids, two);
        Assert.Equal([1, 3], ids.Ints.ToArray());
        AssertClose([0.5f, 0.5f], two);
        _backend.RouteExperts(logits, more, three);
        Assert.Equal([1, 3, 0], more.Ints.ToArray());
        AssertClose([3 / 7f, 3 / 7f, 1 / 7f], three);
    }

    [Fact]
    public void ExpertMatMul_ThenMix_ByHand()
    {
        Tensor weight = Tensor.FromFloats([1, 0, 0, 1, 2, 0, 0, 2, 0, 1, 1, 0], 3, 2, 2); // expert 0 copies, 1 doubles, 2 swaps
        Tensor x = Tensor.FromFloats([3, 4], 1, 2), y = Tensor.Zeros(new Shape(1, 2, 2)), experts = Tensor.Zeros(new Shape(1, 2), DType.I32), mixed = Tensor.Zeros(new Shape(1, 2));
        (experts.Ints[0], experts.Ints[1]) = (2, 1);
        _backend.ExpertMatMul(x, weight, experts, y);
        AssertClose([4, 3, 6, 8], y);
        _backend.MixExperts(y, Tensor.FromFloats([0.75f, 0.25f], 1, 2), mixed);
        AssertClose([4.5f, 4.25f], mixed);
        Tensor again = Tensor.Zeros(new Shape(1, 2, 2));
        _backend.ExpertMatMul(y, weight, experts, again); // each expert its own input: swapped back, doubled again
        AssertClose([3, 4, 12, 16], again);
    }

    [Fact]
    public void Rope_PartOfTheHead_LeavesTheRest()
    {
        // a quarter turn of the pair (1, 3) under pairing Half of four rotated values, and of (2, 4); doubled; the fifth value stays
        Tensor x = Tensor.FromFloats([1, 2, 3, 4, 5], 1, 1, 5), positions = Tensor.Zeros(new Shape(1), DType.I32);
        positions.Ints[0] = 1;
        _backend.Rope(x, positions, new RopeOptions(RopePairing.Half, Tensor.FromFloats([MathF.PI / 2, MathF.PI / 2], 2), Factor: 2));
        AssertClose([-6, -8, 2, 4, 5], x);
    }

    [Fact]
    public void Ops_WrongShapes_AreRefusedWithBoth()
    {
        Tensor x = Tensor.Zeros(new Shape(2, 3)), vector = Tensor.Zeros(new Shape(4));
        Assert.Contains("bias is [4] F32; expected [3] F32", Assert.Throws<ArgumentException>(() => _backend.AddBias(x, vector)).Message);
        Assert.Contains("expected a cap above 0", Assert.Throws<ArgumentOutOfRangeException>(() => _backend.SoftCap(x, 0, x)).Message);
        Tensor ids = Tensor.Zeros(new Shape(2, 4), DType.I32), shares = Tensor.Zeros(new Shape(2, 4));
        Assert.Contains("4 experts a row of 3 in all", Assert.Throws<ArgumentException>(() => _backend.RouteExperts(x, ids, shares)).Message);
        Tensor heads = Tensor.Zeros(new Shape(2, 1, 3)), positions = Tensor.Zeros(new Shape(2), DType.I32);
        Assert.Contains("heads of at least that size", Assert.Throws<ArgumentException>(
            () => _backend.Rope(heads, positions, new RopeOptions(RopePairing.Half, Tensor.Zeros(new Shape(2))))).Message);
        ids.Ints[3] = 3;
        Assert.Contains("expert 3: expected 0 to 2", Assert.Throws<ArgumentOutOfRangeException>(
            () => _backend.ExpertMatMul(x, Tensor.Zeros(new Shape(3, 1, 3)), ids, Tensor.Zeros(new Shape(2, 4, 1)))).Message);
    }

    private static void AssertClose(float[] expected, Tensor actual)
    {
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual.Floats[i], 1e-5f * Math.Max(1, Math.Abs(expected[i])));
    }
}
