using System.Text.Json.Nodes;
using LlmFromScratch.Notebooks.Execution;
using LlmFromScratch.Notebooks.Jupyter.Messaging;
using LlmFromScratch.Notebooks.Model;

namespace LlmFromScratch.Notebooks.Jupyter;

/// <summary>Runs the cells of a kernel and broadcasts what they show while they run.</summary>
internal sealed class CellExecution : IDisposable
{
    private static readonly TimeSpan NoLimit = TimeSpan.FromMilliseconds(int.MaxValue); // 24 days: a person interrupts, not a clock

    private readonly NotebookSession _session;
    private readonly Action<string, JupyterMessage?, JsonObject> _broadcast;
    private readonly Lock _gate = new();
    private CancellationTokenSource? _running;

    public CellExecution(string folder, Action<string, JupyterMessage?, JsonObject> broadcast)
    {
        _session = new NotebookSession(folder, NoLimit, isInteractive: true);
        _broadcast = broadcast;
        Assistant = new CodeAssistant(_session);
    }

    /// <summary>Cells that ran.</summary>
    public int Count { get; private set; }

    /// <summary>Answers an editor's questions.</summary>
    public CodeAssistant Assistant { get; }

    /// <summary>Runs the cell of an <c>execute_request</c> and gives the content of its reply.</summary>
    public JsonObject Run(JupyterMessage request)
    {
        string code = request.ContentText("code").ReplaceLineEndings("\n");
        bool isSilent = request.ContentFlag("silent", false);
        if (!isSilent)
        {
            Count++;
            _broadcast("execute_input", request, new JsonObject { ["code"] = code, ["execution_count"] = Count });
        }
        using CancellationTokenSource stop = new();
        lock (_gate) _running = stop;
        CellResult result;
        try
        {
            result = _session.RunAsync(code, CellSegment.CSharp, Count, Count, stop.Token, isSilent ? null : output => Show(request, output)).GetAwaiter().GetResult();
        }
        catch (InvalidOperationException exception) // an earlier cell could not be stopped
        {
            return Failed("InvalidOperationException", exception.Message, [exception.Message]);
        }
        finally
        {
            lock (_gate) _running = null;
        }
        if (result.Error is null) return new JsonObject { ["status"] = "ok", ["execution_count"] = Count, ["payload"] = new JsonArray(), ["user_expressions"] = new JsonObject() };
        JsonObject error = (JsonObject)result.Outputs[^1]!; // a failed cell ends with its error
        return Failed((string)error["ename"]!, (string)error["evalue"]!, ((JsonArray)error["traceback"]!).Select(line => (string)line!));
    }

    /// <summary>Stops the running cell; does nothing when none runs.</summary>
    public void Interrupt()
    {
        lock (_gate) _running?.Cancel();
    }

    /// <summary>Ends the session.</summary>
    public void Dispose() => _session.Dispose();

    private JsonObject Failed(string name, string message, IEnumerable<string> traceback) => new()
    {
        ["status"] = "error", ["execution_count"] = Count, ["ename"] = name, ["evalue"] = message, ["traceback"] = new JsonArray([.. traceback.Select(line => JsonValue.Create(line))]),
    };

    // Files hold texts as lists of lines; messages hold them whole.
    private void Show(JupyterMessage request, JsonObject output)
    {
        string type = (string)output["output_type"]!; // every output has one
        output.Remove("output_type");
        if (output["text"] is { } text) output["text"] = NotebookJson.FromLines(text);
        if (output["data"] is JsonObject data)
            foreach (string mimeType in data.Select(entry => entry.Key).Where(mimeType => !mimeType.EndsWith("json", StringComparison.Ordinal)).ToList())
                data[mimeType] = NotebookJson.FromLines(data[mimeType]);
        _broadcast(type, request, output);
    }
}
