using System.CommandLine;
using System.Diagnostics;
using LlmFromScratch.Inference;
using LlmFromScratch.Kernels;
using LlmFromScratch.Kernels.Cpu;
using LlmFromScratch.Models;

namespace LlmFromScratch.Cli.Commands;

/// <summary><c>llmfs bench</c>: tokens a second of prefill and of decode, each the median of several runs.</summary>
internal static class BenchCommand
{
    private const int Runs = 5;

    public static Command Create()
    {
        ModelOptions model = new();
        Option<int?> promptTokens = new("--prompt-tokens") { Description = "Tokens of the prefill; without it 512, or fewer for a short context." };
        Option<int?> generateTokens = new("--generate-tokens") { Description = "Decode steps after it; without it 128, or fewer for a short context." };
        Option<bool> json = new("--json") { Description = "Print one JSON object." };
        Command command = new("bench", "Measure prefill and decode, medians of 5 runs after one to warm up.") { promptTokens, generateTokens, json };
        model.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            foreach (Option<int?> option in (Option<int?>[])[promptTokens, generateTokens])
                if (parsed.GetValue(option) < 1) return Failure.WrongInput($"bench: {option.Name}: expected at least 1, got {parsed.GetValue(option)}.");
            using LanguageModel loaded = model.Load(parsed);
            int context = loaded.Transformer.Config.ContextLength;
            int generate = parsed.GetValue(generateTokens) ?? Math.Min(128, Math.Max(1, context / 4));
            int prompt = parsed.GetValue(promptTokens) ?? Math.Min(512, Math.Max(1, context - generate));
            if (prompt + generate > loaded.Transformer.Config.ContextLength) return Failure.WrongInput(
                $"bench: {prompt} + {generate} tokens exceed this model's context of {loaded.Transformer.Config.ContextLength}.");
            Report(Measure(loaded.Transformer, prompt, generate, cancellation), loaded.Transformer, parsed.GetValue(json), prompt, generate);
            return 0;
        }, cancellation));
        return command;
    }

    // Which tokens are read does not change the work, so a fixed pattern of ids stands for a prompt.
    private static (double Prefill, double Decode) Measure(Transformer model, int promptTokens, int generateTokens, CancellationToken cancellation)
    {
        int[] prompt = Enumerable.Range(0, promptTokens).Select(i => (i * 7 + 3) % model.Config.VocabSize).ToArray();
        List<double> prefill = [], decode = [];
        using Session session = new(model, promptTokens + generateTokens, prefillRows: promptTokens);
        for (int run = 0; run <= Runs; run++)
        {
            cancellation.ThrowIfCancellationRequested();
            session.Truncate(0);
            long start = Stopwatch.GetTimestamp();
            session.Prefill(prompt);
            double prefillSeconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            start = Stopwatch.GetTimestamp();
            for (int i = 0; i < generateTokens; i++) session.Decode(prompt[i % promptTokens]);
            double decodeSeconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (run == 0) continue; // warm-up: the JIT and the page cache
            prefill.Add(promptTokens / prefillSeconds);
            decode.Add(generateTokens / decodeSeconds);
        }
        return (Median(prefill), Median(decode));
    }

    private static void Report((double Prefill, double Decode) speed, Transformer model, bool json, int promptTokens, int generateTokens)
    {
        if (json) Json.Print(new
        {
            PrefillTokensPerSecond = Math.Round(speed.Prefill, 1), DecodeTokensPerSecond = Math.Round(speed.Decode, 1),
            Activations = ActivationsOf(model.Backend), Backend = model.Backend.Name, Parameters = model.Config.ParameterCount,
            PromptTokens = promptTokens, GenerateTokens = generateTokens, Runs, ResidentBytes = Environment.WorkingSet,
        });
        else Console.Out.WriteLine(FormattableString.Invariant(
            $"prefill {speed.Prefill:0.0} tokens/s ({promptTokens} tokens), decode {speed.Decode:0.0} tokens/s ({generateTokens} steps), activations {ActivationsOf(model.Backend)}, backend {model.Backend.Name}, medians of {Runs}, {Environment.WorkingSet / 1e6:0} MB resident"));
    }

    private static string ActivationsOf(IBackend backend) => backend is CpuBackend { Activations: ActivationType.Q8 } ? "q8" : "f32";

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
