using System.Net;
using System.Text.Json;

namespace LlmFromScratch.Notebooks.Jupyter;

/// <summary>
/// What a front end writes into the connection file that it gives a kernel ("Connection files" in Jupyter's documentation). Only addresses
/// of this machine are served: whoever reaches a kernel runs code.
/// </summary>
/// <param name="Ip">A loopback address.</param>
/// <param name="Key">The secret that messages are signed with.</param>
/// <param name="ShellPort">Requests.</param>
/// <param name="ControlPort">Interrupt and shutdown.</param>
/// <param name="IopubPort">What is broadcast to all front ends.</param>
/// <param name="StdinPort">Questions to the user; opened, never used.</param>
/// <param name="HeartbeatPort">Echo.</param>
public sealed record ConnectionInfo(string Ip, string Key, int ShellPort, int ControlPort, int IopubPort, int StdinPort, int HeartbeatPort)
{
    /// <summary>Reads a connection file.</summary>
    /// <exception cref="InvalidDataException">A field is missing or wrong; the message names it.</exception>
    /// <exception cref="NotSupportedException">Another transport, another signature, no key, or an address of the network.</exception>
    public static ConnectionInfo Load(string path)
    {
        try
        {
            using JsonDocument file = JsonDocument.Parse(File.ReadAllBytes(path));
            if (file.RootElement.ValueKind != JsonValueKind.Object) throw new InvalidDataException($"{path}: expected a JSON object, got {file.RootElement.ValueKind}.");
            return From(path, file.RootElement);
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{path}: expected a connection file in JSON: {exception.Message}", exception);
        }
    }

    /// <summary>The endpoint of a port.</summary>
    internal string Endpoint(int port) => $"tcp://{Ip}:{port}";

    private static ConnectionInfo From(string path, JsonElement file)
    {
        Expect("transport", "tcp");
        Expect("signature_scheme", "hmac-sha256");
        string ip = Text("ip"), key = Text("key");
        if (!IPAddress.TryParse(ip, out IPAddress? address) || !IPAddress.IsLoopback(address)) throw new NotSupportedException(
            $"{path}: ip is '{ip}'; this kernel serves only this machine: expected 127.0.0.1.");
        if (key.Length == 0) throw new NotSupportedException($"{path}: key is empty; this kernel takes only signed messages.");
        return new ConnectionInfo(ip, key, Port("shell_port"), Port("control_port"), Port("iopub_port"), Port("stdin_port"), Port("hb_port"));

        void Expect(string field, string value)
        {
            if (Text(field) is string found && found != value) throw new NotSupportedException($"{path}: {field} is '{found}'; supported: {value}.");
        }

        string Text(string field) => file.TryGetProperty(field, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()! // a string: the line above saw it
            : throw new InvalidDataException($"{path}: {field}: expected a string, got {Found(field)}.");

        int Port(string field) => file.TryGetProperty(field, out JsonElement value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt32(out int port) && port is > 0 and <= ushort.MaxValue
            ? port
            : throw new InvalidDataException($"{path}: {field}: expected a port from 1 to 65535, got {Found(field)}.");

        string Found(string field) => file.TryGetProperty(field, out JsonElement value) ? value.GetRawText() : "nothing";
    }
}
