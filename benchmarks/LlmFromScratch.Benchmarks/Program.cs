using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using LlmFromScratch.Benchmarks;
using LlmFromScratch.Tensors;

// What benchmarks/peers calls: make-model FILE TYPE 110M|1.1B, train SIZES.json NAME THREADS, gemm THREADS [LAYERS]. tokenizers DIR: the speed of
// every vocabulary of a folder laid out like LLM_TEST_DATA. Anything else goes to BenchmarkDotNet.
switch (args)
{
    case ["make-model", var path, var type, var size]:
        RandomModel.Write(path, Enum.Parse<DType>(type), size);
        return;
    case ["train", var sizes, var name, var threads]:
        TrainingSteps.Run(sizes, name, int.Parse(threads, CultureInfo.InvariantCulture));
        return;
    case ["gemm", var gemmThreads, .. var only]:
        GemmComparison.Run(int.Parse(gemmThreads, CultureInfo.InvariantCulture), string.Join(' ', only));
        return;
    case ["tokenizers", var folder]:
        TokenizerSpeed.Print(folder, Console.Out);
        return;
}

// In this process: the generated projects of BenchmarkDotNet do not find outputs under artifacts/.
Job job = Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(5).WithIterationCount(15);
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, DefaultConfig.Instance.AddJob(job).AddColumn(StatisticColumn.Min));
