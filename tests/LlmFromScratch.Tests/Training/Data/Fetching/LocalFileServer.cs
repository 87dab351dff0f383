using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LlmFromScratch.Tests.Training.Data.Fetching;

/// <summary>
/// A file behind HTTP on this machine, that can do what real servers do: ranges or none, an ETag that changes, connections that are cut. One request a connection.
/// </summary>
internal sealed class LocalFileServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    public LocalFileServer(byte[] content)
    {
        Content = content;
        _listener.Start();
        _loop = Task.Run(ServeAsync);
    }

    public byte[] Content { get; set; }

    /// <summary>Quoted, with W/ in front if it is a weak one; null for a server that sends none.</summary>
    public string? EntityTag { get; set; } = "\"v1\"";

    public bool HasRanges { get; set; } = true;

    public bool SaysLength { get; set; } = true;

    /// <summary>Answers with this code instead of the file.</summary>
    public int? Refusal { get; set; }

    /// <summary>Bytes of the body after which each of the next connections is cut.</summary>
    public Queue<int> Cuts { get; } = new();

    /// <summary>The Range header of each request, "-" where there was none.</summary>
    public List<string> Ranges { get; } = [];

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/files/tales.txt");

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Stop();
        _loop.Wait();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await AnswerAsync(client.GetStream());
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException or IOException or ObjectDisposedException)
            {
                // the server ends, or a client went away
            }
        }
    }

    private async Task AnswerAsync(NetworkStream stream)
    {
        using StreamReader reader = new(stream, Encoding.ASCII, leaveOpen: true);
        Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
            if (line.Split(": ", 2) is [string name, string value]) headers[name] = value;
        string range = headers.GetValueOrDefault("Range", "-");
        Ranges.Add(range);
        bool same = !headers.TryGetValue("If-Range", out string? tag) || tag == EntityTag;
        int from = HasRanges && same && range != "-" ? int.Parse(range["bytes=".Length..].TrimEnd('-')) : -1;
        byte[] body = Refusal is not null || from >= Content.Length ? [] : Content[Math.Max(from, 0)..];
        StringBuilder head = new();
        string status = from >= Content.Length ? "416 Range Not Satisfiable" : from >= 0 ? "206 Partial Content" : "200 OK";
        head.Append("HTTP/1.1 ").Append(Refusal is int code ? $"{code} Refused" : status);
        if (SaysLength) head.Append($"\r\nContent-Length: {body.Length}");
        if (from >= 0 && body.Length > 0) head.Append($"\r\nContent-Range: bytes {from}-{Content.Length - 1}/{Content.Length}");
        if (EntityTag is not null) head.Append($"\r\nETag: {EntityTag}");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head.Append("\r\nConnection: close\r\n\r\n").ToString()));
        await stream.WriteAsync(Cuts.TryDequeue(out int most) ? body.AsMemory(0, Math.Min(most, body.Length)) : body);
    }
}
