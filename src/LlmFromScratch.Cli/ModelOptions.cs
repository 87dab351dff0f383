using System.CommandLine;
using LlmFromScratch.Inference;
using LlmFromScratch.Kernels;
using LlmFromScratch.Kernels.Cpu;
using LlmFromScratch.Kernels.Reference;
using LlmFromScratch.Gpu;
using LlmFromScratch.Models;

namespace LlmFromScratch.Cli;

/// <summary>The options by which every command that runs a model finds it and the device.</summary>
/// <param name="exact">Whether activations are left as they are unless asked otherwise: for commands that measure the model and not the engine.</param>
internal sealed class ModelOptions(bool exact = false)
{
    private const int MostThreads = 1024;

    public Option<FileInfo?> Model { get; } = new("--model", "-m") { Description = "A GGUF file, a Hugging Face folder or a llama2.c file; without it, the embedded model." };

    public Option<string> Backend { get; } = Choice("--backend", "Where the arithmetic runs: cpu, reference or opencl.", "cpu", "reference", "opencl");

    public Option<int?> Threads { get; } = new("--threads") { Description = "Threads of the cpu backend; without it, one for each core." };

    public Option<string> Activations { get; } = Choice("--activations",
        "How activations meet quantized weights on the cpu: q8 rounds them to 8 bits, f32 is exact and slower.", exact ? ["f32", "q8"] : ["q8", "f32"]);

    public void AddTo(Command command)
    {
        command.Add(Model);
        command.Add(Backend);
        command.Add(Threads);
        command.Add(Activations);
    }

    /// <summary>Opens the model that the options name; the caller disposes it.</summary>
    public LanguageModel Load(ParseResult parsed)
    {
        if (parsed.GetValue(Threads) is < 1 or > MostThreads) throw new ArgumentException(
            $"--threads {parsed.GetValue(Threads)}: expected 1 to {MostThreads}; more than there are cores only slows down.");
        return LanguageModel.Load(parsed.GetValue(Model)?.FullName ?? EmbeddedModel.Path, CreateBackend(parsed));
    }

    private IBackend CreateBackend(ParseResult parsed) => parsed.GetValue(Backend) switch
    {
        "reference" => new ReferenceBackend(),
        "opencl" => new OpenClBackend(),
        _ => new CpuBackend(parsed.GetValue(Threads), parsed.GetValue(Activations) == "q8" ? ActivationType.Q8 : ActivationType.F32),
    };

    /// <summary>An option that takes one of a few words, the first by default; another word is wrong input and lists them.</summary>
    public static Option<string> Choice(string name, string description, params string[] values)
    {
        Option<string> option = new(name) { Description = description, DefaultValueFactory = _ => values[0] };
        option.AcceptOnlyFromAmong(values);
        return option;
    }
}
