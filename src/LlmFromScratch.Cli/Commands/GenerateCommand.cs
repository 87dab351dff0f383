using System.CommandLine;
using System.Diagnostics;
using LlmFromScratch.Inference;
using LlmFromScratch.Sampling;

namespace LlmFromScratch.Cli.Commands;

/// <summary><c>llmfs generate</c>: continues a prompt.</summary>
internal static class GenerateCommand
{
    public static Command Create()
    {
        ModelOptions model = new();
        SamplingOptionSet sampling = new();
        Argument<string?> promptArgument = new("PROMPT") { Description = "The text to continue.", Arity = ArgumentArity.ZeroOrOne };
        Option<string?> prompt = new("--prompt", "-p") { Description = "The text to continue, as an option." };
        Option<string?> promptIds = new("--prompt-ids") { Description = "Token ids separated by commas, read as they are." };
        Option<int?> maxTokens = new("--max-tokens", "-n") { Description = "Most tokens to generate; without it, to the end of the model's context." };
        Option<bool> ignoreEnd = new("--ignore-eos") { Description = "Go on when the model says that it has finished." };
        Option<bool> json = new("--json") { Description = "Print one JSON object instead of text." };
        Command command = new("generate", "Continue a prompt, with the embedded model or a GGUF file.")
        {
            promptArgument, prompt, promptIds, maxTokens, ignoreEnd, json,
        };
        model.AddTo(command);
        sampling.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            string?[] given = [parsed.GetValue(promptArgument), parsed.GetValue(prompt), parsed.GetValue(promptIds)];
            if (given.Count(text => text is not null) != 1)
                return Failure.WrongInput("generate: give one prompt: as an argument, with --prompt or with --prompt-ids.");
            if (parsed.GetValue(maxTokens) < 0) return Failure.WrongInput($"--max-tokens {parsed.GetValue(maxTokens)}: expected 0 or more.");
            GenerationOptions options = new()
            {
                MaxTokens = parsed.GetValue(maxTokens), IgnoreEndOfSequence = parsed.GetValue(ignoreEnd), Sampling = sampling.Read(parsed),
            };

            long start = Stopwatch.GetTimestamp();
            using LanguageModel loaded = model.Load(parsed);
            double loadMs = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            int[] ids = given[2] is { } list ? ParseIds(list) : loaded.Generator.EncodePrompt(given[0] ?? given[1] ?? "");
            if (parsed.GetValue(json)) PrintJson(loaded.Generator.Generate(ids, options, null, cancellation), loadMs);
            else PrintText(loaded, given[0] ?? given[1], ids, options, cancellation);
            return 0;
        }, cancellation));
        return command;
    }

    // The prompt is printed with the first piece: by then every option has been found good.
    private static void PrintText(LanguageModel model, string? prompt, int[] ids, GenerationOptions options, CancellationToken cancellation)
    {
        bool isFirst = true;
        model.Generator.Generate(ids, options, Show, cancellation);
        Show(Environment.NewLine);

        void Show(string piece)
        {
            if (isFirst) Console.Out.Write(prompt ?? model.Tokenizer.Decode(ids));
            isFirst = false;
            Console.Out.Write(piece);
            Console.Out.Flush();
        }
    }

    private static void PrintJson(Generation generation, double loadMs) => Json.Print(new
    {
        generation.PromptIds,
        generation.Ids,
        generation.Text,
        FinishReason = generation.FinishReason == FinishReason.Stop ? "stop" : "length",
        Timings = new
        {
            LoadMs = Math.Round(loadMs, 3),
            PrefillMs = Math.Round(generation.Timings.PrefillMilliseconds, 3),
            DecodeMs = Math.Round(generation.Timings.DecodeMilliseconds, 3),
            generation.Timings.DecodeSteps,
        },
    });

    private static int[] ParseIds(string list) => list.Split(',', StringSplitOptions.TrimEntries).Select(text =>
        int.TryParse(text, out int id) ? id : throw new ArgumentException($"--prompt-ids: '{text}' is no token id; expected numbers separated by commas.")).ToArray();
}
