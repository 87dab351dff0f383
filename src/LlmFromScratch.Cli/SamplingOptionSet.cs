using System.CommandLine;
using LlmFromScratch.Sampling;

namespace LlmFromScratch.Cli;

/// <summary>The dials of sampling as options; their ranges are checked by the sampler stages themselves.</summary>
/// <param name="defaults">What is not given.</param>
internal sealed class SamplingOptionSet(SamplingOptions defaults)
{
    private readonly Option<float> _temperature = new("--temperature", "-t")
    {
        Description = "0 is greedy; higher is wilder.", DefaultValueFactory = _ => defaults.Temperature,
    };

    private readonly Option<int> _topK = new("--top-k") { Description = "Keep the K best tokens; 0 is off.", DefaultValueFactory = _ => defaults.TopK };

    private readonly Option<float> _topP = new("--top-p")
    {
        Description = "Keep the best tokens that together reach probability P; 1 is off.", DefaultValueFactory = _ => defaults.TopP,
    };

    private readonly Option<float> _minP = new("--min-p")
    {
        Description = "Keep the tokens at least P times as probable as the best; 0 is off.", DefaultValueFactory = _ => defaults.MinP,
    };

    private readonly Option<ulong> _seed = new("--seed", "-s") { Description = "The same seed gives the same text.", DefaultValueFactory = _ => defaults.Seed };

    /// <summary>With the library's defaults.</summary>
    public SamplingOptionSet() : this(new SamplingOptions()) { }

    public void AddTo(Command command)
    {
        command.Add(_temperature);
        command.Add(_topK);
        command.Add(_topP);
        command.Add(_minP);
        command.Add(_seed);
    }

    public SamplingOptions Read(ParseResult parsed) => new()
    {
        Temperature = parsed.GetValue(_temperature), TopK = parsed.GetValue(_topK), TopP = parsed.GetValue(_topP), MinP = parsed.GetValue(_minP),
        Seed = parsed.GetValue(_seed),
    };
}
