using System.Diagnostics;
using System.Text.Json;
using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Configuration;
using LlmFromScratch.Training.Models;
using LlmFromScratch.Training.Optimization;

namespace LlmFromScratch.Benchmarks;

/// <summary>
/// Whole training steps: forward, backward, clipping, AdamW, on random ids. benchmarks/peers/train.py makes the same steps in PyTorch; the sizes are read
/// from the same file, benchmarks/peers/training-sizes.json.
/// </summary>
internal static class TrainingSteps
{
    private const int Vocab = 2048, WarmUps = 2;

    private static readonly JsonSerializerOptions Json = new() { PropertyNameCaseInsensitive = true };

    private sealed record Size(int Embedding, int Layers, int Heads, int KvHeads, int FeedForward, int Batch, int Sequence, int Steps);

    /// <summary>Makes the steps and prints one JSON object.</summary>
    /// <param name="sizesFile">Sizes by name.</param>
    /// <param name="name">Which of them.</param>
    /// <param name="threads">Threads that share the work.</param>
    public static void Run(string sizesFile, string name, int threads)
    {
        Dictionary<string, Size> sizes = JsonSerializer.Deserialize<Dictionary<string, Size>>(File.ReadAllText(sizesFile), Json)
            ?? throw new InvalidDataException($"{sizesFile}: expected sizes by name, got null.");
        Size size = sizes[name];
        DecoderModel model = new(Sizes(size).ToModelConfig(Vocab), seed: 1);
        using Tape tape = new(threads);
        AdamW optimizer = new(model.Parameters, new AdamWSettings());
        SeededRandom random = new(1);
        int[] ids = new int[size.Batch * size.Sequence], targets = new int[ids.Length];
        List<double> seconds = [];
        float loss = 0;
        for (int step = -WarmUps; step < size.Steps; step++)
        {
            foreach (ref int id in ids.AsSpan()) id = random.NextInt(Vocab);
            for (int i = 0; i < ids.Length; i++) targets[i] = ids[(i + 1) % ids.Length];
            long start = Stopwatch.GetTimestamp();
            model.ZeroGradients();
            loss = tape.Backward(model.Loss(tape, ids, targets, size.Batch));
            GradientClipping.ClipGlobalNorm(model.Parameters, 1);
            optimizer.Step(1e-3f);
            if (step >= 0) seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        seconds.Sort();
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            size = name,
            parameters = model.Config.ParameterCount,
            tokensPerSecond = Math.Round(ids.Length / seconds[seconds.Count / 2], 1),
            peakMegabytes = Process.GetCurrentProcess().PeakWorkingSet64 / 1_000_000,
            loss,
        }));
    }

    private static ModelSizes Sizes(Size size) => new()
    {
        EmbeddingSize = size.Embedding, LayerCount = size.Layers, HeadCount = size.Heads, KvHeadCount = size.KvHeads,
        HeadSize = size.Embedding / size.Heads, FeedForwardSize = size.FeedForward, ContextLength = size.Sequence,
    };
}
