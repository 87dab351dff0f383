using System.Text.Json;
using System.Text.Json.Nodes;

namespace LlmFromScratch.Training;

/// <summary>
/// Numbers of a run, one JSON object a line, appended: <c>{"step":1,"loss":...}</c> for steps and <c>{"step":250,"heldOutLoss":...}</c> for
/// evaluations.
/// A resumed run drops the lines after its checkpoint, because it makes those steps again.
/// </summary>
internal sealed class MetricsLog : IDisposable
{
    private readonly StreamWriter _writer;

    public MetricsLog(string path, int keptSteps)
    {
        string[] kept = keptSteps == 0 || !File.Exists(path) ? [] : [.. File.ReadLines(path).Where(line => IsUpTo(line, keptSteps))];
        File.WriteAllLines(path, kept);
        _writer = new StreamWriter(path, append: true) { AutoFlush = true };
    }

    public void Write(int step, params ReadOnlySpan<(string Name, double Value)> values)
    {
        JsonObject line = new() { ["step"] = step };
        foreach ((string name, double value) in values) line[name] = value;
        _writer.WriteLine(line.ToJsonString());
    }

    public void Dispose() => _writer.Dispose();

    // The last line of a killed run may be cut in the middle.
    private static bool IsUpTo(string line, int step)
    {
        try
        {
            return JsonNode.Parse(line) is JsonObject numbers && numbers["step"]?.GetValue<int>() <= step;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
