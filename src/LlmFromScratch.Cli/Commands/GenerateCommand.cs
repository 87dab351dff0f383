using System.CommandLine;
using System.Diagnostics;
using LlmFromScratch.Inference;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Cli.Commands;

/// <summary><c>llmfs generate</c>: continues a prompt.</summary>
internal sealed class GenerateCommand
{
    private readonly ModelOptions _model = new();
    private readonly SamplingOptionSet _sampling = new();
    private readonly Argument<string?> _promptArgument = new("PROMPT") { Description = "The text to continue.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _prompt = new("--prompt", "-p") { Description = "The text to continue, as an option." };
    private readonly Option<string?> _promptIds = new("--prompt-ids") { Description = "Token ids separated by commas, read as they are." };
    private readonly Option<int?> _maxTokens = new("--max-tokens", "-n") { Description = "Most tokens to generate; without it, as many as the context holds." };
    private readonly Option<bool> _ignoreEnd = new("--ignore-eos") { Description = "Go on when the model says that it has finished." };
    private readonly Option<string[]> _stop = new("--stop") { Description = "End before this text; may be given several times.", DefaultValueFactory = _ => [] };

    private readonly Option<int?> _context = new("--ctx")
    {
        Description = $"Most tokens of prompt and answer; without it, prompt and --max-tokens, or what the model was trained for up to {Session.MostTokensUnasked}.",
    };

    private readonly Option<string> _cacheType =
        ModelOptions.Choice("--cache-type", "How past keys and values are stored: f32, or rounded to f16 or q8_0 to save memory.", "f32", "f16", "q8_0");

    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON object instead of text." };

    public static Command Create()
    {
        GenerateCommand generate = new();
        Command command = new("generate", "Continue a prompt, with the embedded model or a GGUF file.")
        {
            generate._promptArgument, generate._prompt, generate._promptIds, generate._maxTokens, generate._ignoreEnd, generate._stop, generate._context,
            generate._cacheType, generate._json,
        };
        generate._model.AddTo(command);
        generate._sampling.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.Run(() => generate.Run(parsed, cancellation), cancellation));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        string? text = parsed.GetValue(_promptArgument) ?? parsed.GetValue(_prompt), list = parsed.GetValue(_promptIds);
        string?[] given = [parsed.GetValue(_promptArgument), parsed.GetValue(_prompt), list];
        if (given.Count(prompt => prompt is not null) != 1)
            return Failure.WrongInput("generate: give one prompt: as an argument, with --prompt or with --prompt-ids.");
        if (parsed.GetValue(_maxTokens) < 0) return Failure.WrongInput($"--max-tokens {parsed.GetValue(_maxTokens)}: expected 0 or more.");
        if (parsed.GetValue(_context) < 1) return Failure.WrongInput($"--ctx {parsed.GetValue(_context)}: expected 1 or more.");
        if (parsed.GetRequiredValue(_stop).Contains("")) return Failure.WrongInput("--stop: the text is empty; expected at least one character.");
        int[]? listed = list is null ? null : ParseIds(list);

        long start = Stopwatch.GetTimestamp();
        using LanguageModel model = _model.Load(parsed);
        double loadMs = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        int[] ids = listed ?? model.Generator.EncodePrompt(text ?? ""); // one of the two was given
        if (parsed.GetValue(_json)) PrintJson(model.Generator.Generate(ids, ReadOptions(parsed), cancellation: cancellation), loadMs);
        else PrintText(model, text, ids, ReadOptions(parsed), cancellation);
        return 0;
    }

    private GenerationOptions ReadOptions(ParseResult parsed) => new()
    {
        MaxTokens = parsed.GetValue(_maxTokens),
        ContextLength = parsed.GetValue(_context),
        IgnoreEndOfSequence = parsed.GetValue(_ignoreEnd),
        StopStrings = parsed.GetRequiredValue(_stop),
        CacheType = Enum.Parse<DType>(parsed.GetRequiredValue(_cacheType), ignoreCase: true),
        Sampling = _sampling.Read(parsed),
    };

    // The prompt is printed with the first piece: by then every option has been found good.
    private static void PrintText(LanguageModel model, string? prompt, int[] ids, GenerationOptions options, CancellationToken cancellation)
    {
        bool isFirst = true;
        try
        {
            model.Generator.Generate(ids, options, Show, cancellation: cancellation);
        }
        catch (OperationCanceledException)
        {
            if (!isFirst) Console.Out.WriteLine(); // whatever comes next begins a line of its own
            throw;
        }
        Show(Environment.NewLine);

        void Show(string piece)
        {
            if (isFirst) Console.Out.Write(prompt ?? model.Tokenizer.Decode(ids));
            isFirst = false;
            Console.Out.Write(Console.IsOutputRedirected ? piece : Printable.Text(piece)); // a pipe gets every character
            Console.Out.Flush();
        }
    }

    private static void PrintJson(Generation generation, double loadMs) => Json.Print(new
    {
        generation.PromptIds,
        generation.Ids,
        generation.Text,
        FinishReason = generation.FinishReason switch
        {
            FinishReason.Stop => "stop",
            FinishReason.StopString => "stopString",
            _ => "length",
        },
        Timings = new
        {
            LoadMs = Math.Round(loadMs, 3),
            PrefillMs = Math.Round(generation.Timings.PrefillMilliseconds, 3),
            DecodeMs = Math.Round(generation.Timings.DecodeMilliseconds, 3),
            generation.Timings.PrefillTokens,
            generation.Timings.DecodeSteps,
        },
    });

    private static int[] ParseIds(string list) => list.Split(',', StringSplitOptions.TrimEntries).Select(text =>
        int.TryParse(text, out int id) ? id : throw new ArgumentException($"--prompt-ids: '{text}' is no token id; expected numbers separated by commas.")).ToArray();
}
