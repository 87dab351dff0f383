using LlmFromScratch.Gpu;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Tests.Gpu;

public class OpenClMemoryTests
{
    [OpenClFact]
    public void Allocate_NewTensor_IsZeroed()
    {
        using OpenClBackend backend = new();
        using Tensor tensor = backend.Allocate(new Shape(3, 5));
        float[] values = Enumerable.Repeat(7f, 15).ToArray();
        backend.Download<float>(tensor, values);
        Assert.Equal(new float[15], values);
    }

    [OpenClFact]
    public void UploadAndDownload_ViewOfRows_TouchOnlyThoseRows()
    {
        using OpenClBackend backend = new();
        using Tensor tensor = backend.Allocate(new Shape(4, 3));
        backend.Upload<float>([1, 2, 3, 4, 5, 6], tensor.Slice(1, 2));
        float[] all = new float[12], last = new float[3];
        backend.Download<float>(tensor, all);
        Assert.Equal([0, 0, 0, 1, 2, 3, 4, 5, 6, 0, 0, 0], all);
        backend.Download<float>(tensor.Slice(2, 1), last);
        Assert.Equal([4, 5, 6], last);
    }

    [OpenClFact]
    public void Copy_BetweenViews_CopiesTheirBytes()
    {
        using OpenClBackend backend = new();
        using Tensor tensor = backend.Load(Tensor.FromFloats([1, 2, 3, 4, 5, 6], 3, 2));
        backend.Copy(tensor.Slice(0, 1), tensor.Slice(2, 1));
        float[] all = new float[6];
        backend.Download<float>(tensor, all);
        Assert.Equal([1, 2, 3, 4, 1, 2], all);
    }

    [OpenClFact]
    public void Operations_OnViews_StartWhereTheViewStarts()
    {
        using OpenClBackend backend = new();
        using Tensor tensor = backend.Load(Tensor.FromFloats([1, 2, 3, 4, 5, 6], 3, 2));
        backend.Add(tensor.Slice(0, 1), tensor.Slice(1, 1), tensor.Slice(2, 1)); // [1, 2] + [3, 4]
        using Tensor identity = backend.LoadMatMulWeight(Tensor.FromFloats([9, 9, 1, 0, 0, 1], 3, 2));
        using Tensor y = backend.Allocate(new Shape(2, 2));
        backend.MatMul(tensor.Slice(2, 1), identity.Slice(1, 2), y.Slice(1, 1));
        float[] all = new float[6], product = new float[4];
        backend.Download<float>(tensor, all);
        backend.Download<float>(y, product);
        Assert.Equal([1, 2, 3, 4, 4, 6], all);
        Assert.Equal([0, 0, 4, 6], product);
    }

    [OpenClFact]
    public void Operations_NoRows_DoNothing()
    {
        using OpenClBackend backend = new();
        using Tensor x = backend.Allocate(new Shape(2, 4)), weight = backend.LoadMatMulWeight(Tensor.Zeros(new Shape(3, 4))), y = backend.Allocate(new Shape(2, 3));
        backend.Upload<float>([], x.Slice(0, 0));
        backend.MatMul(x.Slice(0, 0), weight, y.Slice(0, 0));
        backend.Add(x.Slice(1, 0), x.Slice(1, 0), x.Slice(1, 0));
        backend.Copy(x.Slice(0, 0), y.Slice(0, 0));
        backend.Synchronize();
    }

    [OpenClFact]
    public void MatMul_NoInputs_IsZero()
    {
        using OpenClBackend backend = new();
        using Tensor x = backend.Allocate(new Shape(6, 0)), weight = backend.Allocate(new Shape(3, 0)), y = backend.Load(Tensor.FromFloats(new float[18], 6, 3));
        float[] product = Enumerable.Repeat(7f, 18).ToArray();
        backend.Upload<float>(product, y);
        backend.MatMul(x, weight, y); // an empty sum
        backend.Download<float>(y, product);
        Assert.Equal(new float[18], product);
    }

    [OpenClFact]
    public void Tensor_FromElsewhere_IsRefusedByName()
    {
        using OpenClBackend backend = new(), other = new();
        using Tensor here = backend.Allocate(new Shape(1, 2)), there = other.Allocate(new Shape(1, 2));
        string host = Assert.Throws<ArgumentException>(() => backend.Add(here, Tensor.Zeros(new Shape(1, 2)), here)).Message;
        Assert.Equal("OpenCL add: Tensor [1, 2] F32 lives in HostStorage; expected OpenClStorage. Bring it to the device with Load or Upload.", host);
        Assert.Contains("belongs to another OpenClBackend", Assert.Throws<ArgumentException>(() => backend.Add(here, there, here)).Message);
        Assert.Throws<InvalidOperationException>(() => here.Floats.Length);
    }

    [OpenClFact]
    public void Tensor_AfterDispose_IsRefused()
    {
        using OpenClBackend backend = new();
        Tensor tensor = backend.Allocate(new Shape(1, 2));
        tensor.Dispose();
        Assert.Throws<ObjectDisposedException>(() => backend.Add(tensor, tensor, tensor));
    }

    [OpenClFact]
    public void Transfer_OtherLength_SaysBoth()
    {
        using OpenClBackend backend = new();
        using Tensor tensor = backend.Allocate(new Shape(1, 2));
        Assert.Equal("Upload: Tensor [1, 2] F32 has 8 bytes; the other side of the copy has 12.",
            Assert.Throws<ArgumentException>(() => backend.Upload<float>([1, 2, 3], tensor)).Message);
        Assert.Throws<ArgumentException>(() => backend.Download<float>(tensor, new float[1]));
        using Tensor longer = backend.Allocate(new Shape(3, 2));
        Assert.Throws<ArgumentException>(() => backend.Copy(tensor, longer));
    }

    [OpenClFact]
    public void Allocate_MoreThanTheDeviceGives_IsRefused()
    {
        using OpenClBackend backend = new();
        Assert.Contains("at once", Assert.Throws<NotSupportedException>(() => backend.Allocate(new Shape(int.MaxValue, int.MaxValue / 4))).Message);
    }
}
