using LlmFromScratch.Gpu.Interop;

namespace LlmFromScratch.Gpu;

/// <summary>Every kernel of Kernels/*.cl, ready to run on one device.</summary>
internal sealed class OpenClKernels : IDisposable
{
    private readonly List<OpenClKernel> _all = [];

    public OpenClKernels(OpenClProgram program, int groupSize, int tileSize)
    {
        Embed = Kernel("embed");
        MatMulRow = Kernel("matmul_row");
        MatMulTile = Kernel("matmul_tile", tileSize);
        Add = Kernel("add");
        AddBias = Kernel("add_bias");
        Scale = Kernel("scale");
        SoftCap = Kernel("soft_cap");
        LayerNorm = Kernel("layer_norm");
        RmsNorm = Kernel("rms_norm");
        Rope = Kernel("rope");
        WriteKv = Kernel("write_kv");
        Attention = Kernel("attention");
        SiluMul = Kernel("silu_mul");
        Gelu = Kernel("gelu");
        GeluMul = Kernel("gelu_mul");
        RouteExperts = Kernel("route_experts");
        ExpertMatMulRow = Kernel("expert_matmul_row");
        MixExperts = Kernel("mix_experts");
        GatherRows = Kernel("gather_rows");

        OpenClKernel Kernel(string name, int? workItems = null)
        {
            OpenClKernel kernel = program.Kernel(name).RequireGroupSize(workItems ?? groupSize);
            _all.Add(kernel);
            return kernel;
        }
    }

    public OpenClKernel Embed { get; }
    public OpenClKernel MatMulRow { get; }
    public OpenClKernel MatMulTile { get; }
    public OpenClKernel Add { get; }
    public OpenClKernel AddBias { get; }
    public OpenClKernel Scale { get; }
    public OpenClKernel SoftCap { get; }
    public OpenClKernel LayerNorm { get; }
    public OpenClKernel RmsNorm { get; }
    public OpenClKernel Rope { get; }
    public OpenClKernel WriteKv { get; }
    public OpenClKernel Attention { get; }
    public OpenClKernel SiluMul { get; }
    public OpenClKernel Gelu { get; }
    public OpenClKernel GeluMul { get; }
    public OpenClKernel RouteExperts { get; }
    public OpenClKernel ExpertMatMulRow { get; }
    public OpenClKernel MixExperts { get; }
    public OpenClKernel GatherRows { get; }

    public void Dispose()
    {
        foreach (OpenClKernel kernel in _all) kernel.Dispose();
    }
}
