using System.Text.Json.Nodes;
using LlmFromScratch.Notebooks.Formatting;

namespace LlmFromScratch.Notebooks.Execution;

/// <summary>What <c>display</c> gives back: a place in the output that can show something newer, such as a progress that grows.</summary>
public sealed class DisplayedValue
{
    private readonly OutputRecorder _recorder;
    private readonly RichFormatter _formatter;
    private readonly JsonObject _output;

    internal DisplayedValue(OutputRecorder recorder, RichFormatter formatter, JsonObject output) => (_recorder, _formatter, _output) = (recorder, formatter, output);

    /// <summary>Shows <paramref name="value"/> in place of what stood there.</summary>
    public void Update(object? value) => _recorder.Update(_output, _formatter.Format(value));
}
