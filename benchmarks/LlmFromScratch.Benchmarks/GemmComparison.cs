using System.Diagnostics;
using System.Globalization;
using LlmFromScratch.Kernels.Cpu;
using LlmFromScratch.Kernels.Cpu.Threading;
using LlmFromScratch.Numerics;

namespace LlmFromScratch.Benchmarks;

/// <summary>
/// The three products of a linear layer against OpenBLAS, in turns in one process: forward <c>y = x · Wᵀ</c>, and backward <c>xGrad = yGrad · W</c>,
/// <c>WGrad = yGradᵀ · x</c>, with T = 8192 rows, as a training step of 16 sequences of 512 tokens has them. After a product OpenBLAS's threads
/// keep a core busy for a while, so every turn begins with a pause, and with one product that is not counted.
/// </summary>
internal static class GemmComparison
{
    private const int Rows = 8192, Turns = 7, Side = 1024;
    private const double SecondsATurn = 0.25;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200); // longer than what BusyAfter finds

    private static readonly (string Layer, int In, int Out)[] Layers =
    [
        ("4M attention", 256, 256), ("4M up", 256, 512), ("4M down", 512, 256), ("4M head", 256, 2048),
        ("10M up", 384, 1024), ("50M attention", 768, 768), ("50M up", 768, 2048), ("50M down", 2048, 768),
    ];

    /// <summary>Prints a Markdown table of the layers whose name begins with some text, of all where it is empty.</summary>
    public static void Run(int threads, string only = "")
    {
        using ThreadTeam team = new(threads);
        OpenBlas.SetThreadCount(threads);
        Console.WriteLine($"Peer: {OpenBlas.Description}; {threads} threads; best of {Turns} turns, {Pause.TotalMilliseconds} ms apart");
        float[] q = Uniforms(Side * Side), product = new float[Side * Side];
        string busy = BusyAfter(() => Gemm.Multiply(false, false, Side, Side, Side, q, q, product, accumulate: false, team));
        string peerBusy = BusyAfter(() => OpenBlas.Multiply(false, false, Side, Side, Side, q, q, product));
        Console.WriteLine($"Processor time in the second after a product, while nothing is to do: ours {busy} ms, OpenBLAS {peerBusy} ms\n");
        Console.WriteLine("| layer | product | GFLOP/s, ours | OpenBLAS | ratio | median of the turns' ratios | largest difference |\n|---|---|---:|---:|---:|---:|---:|");
        foreach ((string layer, int inSize, int outSize) in Layers.Where(layer => layer.Layer.StartsWith(only, StringComparison.Ordinal)))
        {
            float[] x = Uniforms(Rows * inSize), w = Uniforms(outSize * inSize), g = Uniforms(Rows * outSize);
            Compare(layer, "forward", false, true, Rows, outSize, inSize, x, w, team);
            Compare(layer, "to the input", false, false, Rows, inSize, outSize, g, w, team);
            Compare(layer, "to the weight", true, false, outSize, inSize, Rows, g, x, team);
        }
    }

    private static void Compare(string layer, string product, bool transposeA, bool transposeB, int m, int n, int k, float[] a, float[] b, ThreadTeam team)
    {
        float[] ours = new float[m * n], theirs = new float[m * n];
        double[] rates = new double[Turns], peerRates = new double[Turns];
        for (int turn = 0; turn < Turns; turn++)
        {
            rates[turn] = Rate(() => Gemm.Multiply(transposeA, transposeB, m, n, k, a, b, ours, accumulate: false, team));
            peerRates[turn] = Rate(() => OpenBlas.Multiply(transposeA, transposeB, m, n, k, a, b, theirs));
        }
        double best = rates.Max(), peerBest = peerRates.Max();
        double median = rates.Zip(peerRates, (rate, peerRate) => rate / peerRate).Order().ElementAt(Turns / 2);
        float difference = 0, largest = 0;
        for (int i = 0; i < ours.Length; i++)
        {
            difference = Math.Max(difference, Math.Abs(ours[i] - theirs[i]));
            largest = Math.Max(largest, Math.Abs(theirs[i]));
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {layer} [{(transposeA ? $"{m}, {n}" : $"{n}, {k}")}] | {product} | {best:f0} | {peerBest:f0} | {best / peerBest:f2} | {median:f2} | {difference / largest:e1} |"));

        double Rate(Action multiply)
        {
            Thread.Sleep(Pause);
            multiply(); // wakes the threads
            int count = 0;
            long start = Stopwatch.GetTimestamp();
            for (; Stopwatch.GetElapsedTime(start).TotalSeconds < SecondsATurn; count++) multiply();
            return 2.0 * m * n * k * count / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e9;
        }
    }

    // how long threads that wait for the next product keep the processor from anybody else
    private static string BusyAfter(Action multiply)
    {
        for (int call = 0; call < 50; call++) multiply(); // so that the compiler has nothing left to do
        Thread.Sleep(TimeSpan.FromSeconds(1));
        multiply();
        TimeSpan before = Environment.CpuUsage.TotalTime;
        Thread.Sleep(TimeSpan.FromSeconds(1));
        return (Environment.CpuUsage.TotalTime - before).TotalMilliseconds.ToString("f0", CultureInfo.InvariantCulture);
    }

    private static float[] Uniforms(int count)
    {
        SeededRandom random = new((ulong)count);
        float[] values = new float[count];
        foreach (ref float value in values.AsSpan()) value = random.NextSingle() - 0.5f;
        return values;
    }
}
