using System.Text;
using System.Text.Json.Nodes;
using LlmFromScratch.Notebooks.Model;

namespace LlmFromScratch.Notebooks.Execution;

/// <summary>
/// Collects what a running cell shows, in order, as nbformat outputs. Printed text is gathered until something else is shown, so that a
/// cell that prints, displays and prints again has three outputs. Safe to call from the threads that a cell starts.
/// </summary>
internal sealed class OutputRecorder
{
    private readonly Lock _gate = new();
    private readonly JsonArray _outputs = [];
    private readonly StringBuilder _pending = new();
    private string _pendingStream = "stdout";

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

    /// <summary>Adds a MIME bundle that the cell displayed.</summary>
    public void Display(JsonObject data) =>
        Add(new JsonObject { ["output_type"] = "display_data", ["data"] = data, ["metadata"] = new JsonObject() });

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

    private void Add(JsonObject output)
    {
        lock (_gate)
        {
            FlushPending();
            _outputs.Add(output);
        }
    }

    private void FlushPending()
    {
        if (_pending.Length == 0)
            return;
        _outputs.Add(new JsonObject
        {
            ["output_type"] = "stream",
            ["name"] = _pendingStream,
            ["text"] = NotebookJson.ToLines(_pending.ToString()),
        });
        _pending.Clear();
    }
}
