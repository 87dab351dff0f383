using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Kernels.Cpu;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Tests.Formats.Gguf;

public class GgufReleaseTests
{
    [Fact]
    public void Release_MappedTensor_ReadsTheSameValuesAgain()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        float[] values = Enumerable.Range(0, 64 * 1024).Select(i => (float)i).ToArray(); // 64 pages
        try
        {
            new GgufWriter().Add("w", Tensor.FromFloats(values, 64, 1024)).Save(path);
            using GgufFile file = GgufFile.Open(path);
            Tensor mapped = file.GetTensor("w");
            using CpuBackend backend = new(1);
            using Tensor packed = backend.LoadMatMulWeight(mapped); // gives the pages back
            using Tensor x = Tensor.Zeros(new Shape(1, 1024)), y = Tensor.Zeros(new Shape(1, 64));
            x.Floats[3] = 1;
            backend.MatMul(x, packed, y);
            Assert.Equal(Enumerable.Range(0, 64).Select(row => row * 1024f + 3), y.Floats.ToArray());
            Assert.Equal(values, mapped.Floats.ToArray());
        }
        finally
        {
            File.Delete(path);
        }
    }
}
