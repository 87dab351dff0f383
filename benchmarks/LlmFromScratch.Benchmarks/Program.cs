using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using LlmFromScratch.Benchmarks;
using LlmFromScratch.Tensors;

// make-model FILE TYPE 110M|1.1B: the file of random weights that benchmarks/peers compares on; anything else goes to BenchmarkDotNet.
if (args is ["make-model", var path, var type, var size])
{
    RandomModel.Write(path, Enum.Parse<DType>(type), size);
    return;
}

// In this process: the generated projects of BenchmarkDotNet do not find outputs under artifacts/.
Job job = Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(5).WithIterationCount(15);
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, DefaultConfig.Instance.AddJob(job).AddColumn(StatisticColumn.Min));
