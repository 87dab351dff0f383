namespace LlmFromScratch.Kernels.Cpu.Threading;

/// <summary>Work in independent parts. Jobs are structs of pointers and sizes on the caller's stack, so that running one allocates nothing.</summary>
internal interface IJob
{
    /// <summary>Does one part; <paramref name="worker"/> in [0, ThreadCount) says which slice of scratch memory is free to use.</summary>
    void Run(int part, int worker);
}
