using LlmFromScratch.Kernels;
using LlmFromScratch.Kernels.Cpu;
using LlmFromScratch.Kernels.Cpu.Lanes;

namespace LlmFromScratch.Tests.Kernels;

/// <summary>Every backend that must agree with the reference: another one is one more row.</summary>
public static class TestBackends
{
    private static readonly (string Name, Func<IBackend> Create)[] All =
    [
        ("cpu", () => new CpuBackend(threads: 2)),
        ("cpu, 16 lanes", () => new CpuBackend(1, LaneWidth.Sixteen)),
        ("cpu, 8 lanes", () => new CpuBackend(1, LaneWidth.Eight)),
        ("cpu, 4 lanes", () => new CpuBackend(1, LaneWidth.Four)),
        ("cpu, 1 lane", () => new CpuBackend(1, LaneWidth.One)),
    ];

    public static IEnumerable<string> Names => All.Select(backend => backend.Name);

    public static IBackend Create(string name) => All.Single(backend => backend.Name == name).Create();
}
