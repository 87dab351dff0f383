using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using LlmFromScratch.Benchmarks;
using LlmFromScratch.Tensors;

// make-model FILE TYPE 110M|1.1B: the file of random weights that benchmarks/peers compares on; tokenizers DIR: the speed of
// every vocabulary of a folder laid out like LLM_TEST_DATA; anything else goes to BenchmarkDotNet.
if (args is ["make-model", var path, var type, var size])
{
    RandomModel.Write(path, Enum.Parse<DType>(type), size);
    return;
}
if (args is ["tokenizers", var folder])
{
    TokenizerSpeed.Print(folder, Console.Out);
    return;
}

// In this process: the generated projects of BenchmarkDotNet do not find outputs under artifacts/.
Job job = Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(5).WithIterationCount(15);
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, DefaultConfig.Instance.AddJob(job).AddColumn(StatisticColumn.Min));
