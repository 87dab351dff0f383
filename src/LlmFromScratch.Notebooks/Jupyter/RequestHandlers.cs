using System.Reflection;
using System.Text.Json.Nodes;
using LlmFromScratch.Notebooks.Execution;
using LlmFromScratch.Notebooks.Jupyter.Messaging;

namespace LlmFromScratch.Notebooks.Jupyter;

/// <summary>The answer to each kind of request ("Messages on the shell channel" in Jupyter's messaging documentation).</summary>
internal sealed class RequestHandlers(CellExecution cells)
{
    /// <summary>The type and content of the reply; null for a request that is not known.</summary>
    public (string Type, JsonObject Content)? Answer(JupyterMessage request) => request.Type switch
    {
        "kernel_info_request" => ("kernel_info_reply", KernelInfo()),
        "execute_request" => ("execute_reply", cells.Run(request)),
        "complete_request" => ("complete_reply", Complete(request)),
        "inspect_request" => ("inspect_reply", Inspect(request)),
        "is_complete_request" => ("is_complete_reply", IsComplete(request)),
        "comm_info_request" => ("comm_info_reply", Ok(("comms", new JsonObject()))),
        "history_request" => ("history_reply", Ok(("history", new JsonArray()))),
        "interrupt_request" => Interrupt(),
        "shutdown_request" => ("shutdown_reply", Ok(("restart", request.ContentFlag("restart", false)))),
        _ => null,
    };

    private (string, JsonObject) Interrupt()
    {
        cells.Interrupt();
        return ("interrupt_reply", Ok());
    }

    private static JsonObject KernelInfo() => Ok(
        ("protocol_version", JupyterKernel.ProtocolVersion),
        ("implementation", "llmfs"),
        ("implementation_version", Assembly.GetExecutingAssembly().GetName().Version?.ToString() ?? "0"),
        ("banner", "LlmFromScratch: C# notebooks over the course's library"),
        ("help_links", new JsonArray()),
        ("language_info", new JsonObject { ["name"] = "C#", ["version"] = "13.0", ["mimetype"] = "text/x-csharp", ["file_extension"] = ".cs", ["pygments_lexer"] = "csharp" }));

    private JsonObject Complete(JupyterMessage request)
    {
        string code = request.ContentText("code");
        int position = IndexOf(code, request.ContentNumber("cursor_pos", int.MaxValue));
        (int start, IReadOnlyList<string> names) = cells.Assistant.Complete(code, position);
        return Ok(("matches", new JsonArray([.. names.Select(name => JsonValue.Create(name))])), ("cursor_start", CountOf(code, start)),
            ("cursor_end", CountOf(code, position)), ("metadata", new JsonObject()));
    }

    private JsonObject Inspect(JupyterMessage request)
    {
        string code = request.ContentText("code");
        string? text = cells.Assistant.Inspect(code, IndexOf(code, request.ContentNumber("cursor_pos", int.MaxValue)));
        JsonObject data = text is null ? [] : new JsonObject { ["text/plain"] = text };
        return Ok(("found", text is not null), ("data", data), ("metadata", new JsonObject()));
    }

    private static JsonObject IsComplete(JupyterMessage request) => CodeAssistant.IsComplete(request.ContentText("code"))
        ? new JsonObject { ["status"] = "complete" }
        : new JsonObject { ["status"] = "incomplete", ["indent"] = "" };

    private static JsonObject Ok(params ReadOnlySpan<(string Key, JsonNode? Value)> fields)
    {
        JsonObject content = new() { ["status"] = "ok" };
        foreach ((string key, JsonNode? value) in fields) content[key] = value;
        return content;
    }

    // The protocol counts Unicode characters, .NET counts UTF-16 units.
    private static int IndexOf(string text, int characters)
    {
        int index = 0;
        for (int count = 0; count < characters && index < text.Length; count++) index += char.IsSurrogatePair(text, index) ? 2 : 1;
        return index;
    }

    private static int CountOf(string text, int index) => text[..index].EnumerateRunes().Count();
}
