using System.Text.Json.Nodes;

namespace LlmFromScratch.Notebooks.Jupyter.Messaging;

/// <summary>A message as the Jupyter protocol has it (Jupyter client documentation, "Messaging in Jupyter", version 5.3).</summary>
/// <param name="Identities">ZeroMQ's addresses of the sender, given back in the reply.</param>
/// <param name="Header">msg_id, msg_type, session and so on.</param>
/// <param name="Content">What the type of the message defines.</param>
internal sealed record JupyterMessage(IReadOnlyList<byte[]> Identities, JsonObject Header, JsonObject Content)
{
    /// <summary>The type, such as <c>execute_request</c>; empty when the header has none.</summary>
    public string Type => Text(Header["msg_type"]);

    /// <summary>A string of the content; empty when it is missing.</summary>
    public string ContentText(string key) => Text(Content[key]);

    /// <summary>A truth value of the content, or <paramref name="otherwise"/> when it is missing.</summary>
    public bool ContentFlag(string key, bool otherwise) => Content[key] is JsonValue value && value.TryGetValue(out bool flag) ? flag : otherwise;

    /// <summary>An integer of the content, or <paramref name="otherwise"/> when it is missing.</summary>
    public int ContentNumber(string key, int otherwise) => Content[key] is JsonValue value && value.TryGetValue(out int number) ? number : otherwise;

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : "";
}
