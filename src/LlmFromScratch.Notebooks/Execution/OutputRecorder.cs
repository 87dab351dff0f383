using System.Text;
using System.Text.Json.Nodes;
using LlmFromScratch.Notebooks.Model;

namespace LlmFromScratch.Notebooks.Execution;

/// <summary>
/// Collects what a running cell shows, in order, as nbformat outputs. Printed text is gathered until something else is shown, so that a
/// cell that prints, displays and prints again has three outputs. A listener hears of each output while the cell still runs, and of printed
/// text many times a second. Safe to call from the threads that a cell starts.
/// </summary>
internal sealed class OutputRecorder : IDisposable
{
    private static readonly TimeSpan ListenerPeriod = TimeSpan.FromMilliseconds(50); // printed text reaches a listener at least this often

    private readonly Lock _gate = new();
    private readonly JsonArray _outputs = [];
    private readonly StringBuilder _pending = new();
    private readonly Action<JsonObject>? _listener;
    private readonly Timer? _ticker;
    private readonly Guid _recorderId = Guid.NewGuid();
    private string _pendingStream = "stdout";

    /// <summary>An empty record.</summary>
    /// <param name="listener">Gets each output as it is made; a display that changed comes again, as <c>update_display_data</c>. Null: nobody listens.</param>
    public OutputRecorder(Action<JsonObject>? listener = null)
    {
        _listener = listener;
        if (listener is not null) _ticker = new Timer(_ => Flush(), null, ListenerPeriod, ListenerPeriod);
    }

    /// <summary>Adds printed text to the stream <c>stdout</c> or <c>stderr</c>.</summary>
    public void Print(string stream, ReadOnlySpan<char> text)
    {
        lock (_gate)
        {
            if (stream != _pendingStream)
                FlushPending();
            _pendingStream = stream;
            _pending.Append(text);
        }
    }

    /// <summary>Adds a MIME bundle that the cell displayed, and gives the output that holds it.</summary>
    public JsonObject Display(JsonObject data)
    {
        JsonObject output = new() { ["output_type"] = "display_data", ["data"] = data, ["metadata"] = new JsonObject() };
        Add(output);
        return output;
    }

    /// <summary>Replaces what <paramref name="displayed"/>, an output of <see cref="Display"/>, shows.</summary>
    public void Update(JsonObject displayed, JsonObject data)
    {
        lock (_gate)
        {
            displayed["data"] = data;
            JsonObject update = (JsonObject)displayed.DeepClone();
            update["output_type"] = "update_display_data";
            Tell(displayed, update);
        }
    }

    /// <summary>Adds the MIME bundle of the cell's last expression.</summary>
    public void Result(JsonObject data, int executionCount) => Add(new JsonObject
    {
        ["output_type"] = "execute_result",
        ["data"] = data,
        ["execution_count"] = executionCount,
        ["metadata"] = new JsonObject(),
    });

    /// <summary>Adds the error that ended the cell.</summary>
    public void Error(CellError error) => Add(new JsonObject
    {
        ["output_type"] = "error",
        ["ename"] = error.Name,
        ["evalue"] = error.Message,
        ["traceback"] = new JsonArray([.. error.Traceback.Select(line => JsonValue.Create(line))]),
    });

    /// <summary>All outputs so far; a cell that was cut off may go on to record, but into nobody's hands.</summary>
    public JsonArray Take()
    {
        lock (_gate)
        {
            FlushPending();
            return (JsonArray)_outputs.DeepClone();
        }
    }

    /// <summary>Stops to tell the listener.</summary>
    public void Dispose()
    {
        _ticker?.Dispose();
        Flush();
    }

    private void Flush()
    {
        lock (_gate) FlushPending();
    }

    private void Add(JsonObject output)
    {
        lock (_gate)
        {
            FlushPending();
            AddAndTell(output);
        }
    }

    private void AddAndTell(JsonObject output)
    {
        _outputs.Add(output);
        if (_listener is not null) Tell(output, (JsonObject)output.DeepClone());
    }

    // A front end finds the display that is to change by an id; stored outputs have none.
    private void Tell(JsonObject recorded, JsonObject copy)
    {
        if (_listener is null) return;
        if ((string?)recorded["output_type"] == "display_data")
            copy["transient"] = new JsonObject { ["display_id"] = $"{_recorderId}-{_outputs.IndexOf(recorded)}" };
        _listener(copy);
    }

    private void FlushPending()
    {
        if (_pending.Length == 0)
            return;
        AddAndTell(new JsonObject
        {
            ["output_type"] = "stream",
            ["name"] = _pendingStream,
            ["text"] = NotebookJson.ToLines(_pending.ToString()),
        });
        _pending.Clear();
    }
}
