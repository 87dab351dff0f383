using System.Text.Json;
using System.Text.Json.Nodes;
using LlmFromScratch.Formats;

namespace LlmFromScratch.Training;

/// <summary>
/// Numbers of a run, one JSON object a line, appended: <c>{"step":1,"loss":...}</c> for steps and <c>{"step":250,"heldOutLoss":...}</c> for
/// evaluations. A resumed run drops the lines after its checkpoint, because it makes those steps again.
/// </summary>
internal sealed class MetricsLog : IDisposable
{
    private readonly StreamWriter _writer;

    public MetricsLog(string path, int keptSteps)
    {
        string[] kept = keptSteps == 0 || !File.Exists(path) ? [] : [.. File.ReadLines(path).Where(line => IsUpTo(line, keptSteps))];
        AtomicFile.Write(path, stream =>
        {
            using StreamWriter writer = new(stream, leaveOpen: true);
            foreach (string line in kept) writer.Write(line + "\n");
        });
        _writer = new StreamWriter(path, append: true) { AutoFlush = true, NewLine = "\n" };
    }

    public void Write(int step, params ReadOnlySpan<Measurement> measurements)
    {
        JsonObject line = new() { ["step"] = step };
        foreach ((string name, double value) in measurements) line[name] = double.IsFinite(value) ? value : null; // JSON has no NaN
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
