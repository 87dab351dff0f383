using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using LlmFromScratch.Notebooks.Jupyter;
using LlmFromScratch.Notebooks.Jupyter.Messaging;

namespace LlmFromScratch.Tests.Notebooks.Jupyter;

/// <summary>A kernel on free ports of this machine, and the other end of its sockets.</summary>
internal sealed class TestFrontEnd : IDisposable
{
    private const int Patience = 30_000; // milliseconds; compiling the first cell takes a second, a busy machine ten

    private readonly ZmqContext _context = new();
    private readonly ZmqSocket _shell, _control, _broadcast, _heartbeat;
    private readonly JupyterKernel _kernel;
    private readonly Thread _thread;
    private readonly int _greetings;

    public TestFrontEnd()
    {
        int[] ports = FreePorts(5);
        ConnectionInfo connection = new("127.0.0.1", "a secret", ports[0], ports[1], ports[2], ports[3], ports[4]);
        Wire = new JupyterWire(connection.Key);
        _kernel = new JupyterKernel(connection, AppContext.BaseDirectory, Log);
        _broadcast = Connect(ZmqApi.Sub, connection.IopubPort);
        _shell = Connect(ZmqApi.Dealer, connection.ShellPort);
        _control = Connect(ZmqApi.Dealer, connection.ControlPort);
        _heartbeat = Connect(ZmqApi.Dealer, connection.HeartbeatPort);
        _thread = new Thread(_kernel.Run);
        _thread.Start();
        // A subscriber that has just connected misses what was sent before: ask until the broadcast of an answer arrives.
        for (int attempt = 0; attempt < 100 && _broadcast.Receive(50) is null; attempt++, _greetings++) Send("kernel_info_request", []);
        for (int i = 0; i < _greetings; i++) Reply();
    }

    /// <summary>Forgets the broadcasts that nobody read: asks for one more and reads up to it.</summary>
    public void Drain()
    {
        Request("execute_request", new JsonObject { ["code"] = "\"drained\"" });
        JsonObject? last = null;
        while ((string?)last?["data"]?["text/plain"] != "drained")
            last = (Broadcast() ?? throw new TimeoutException("the kernel did not answer")).Content;
    }

    public JupyterWire Wire { get; }

    public StringWriter Log { get; } = new();

    public bool IsRunning => _thread.IsAlive;

    /// <summary>Sends on the shell socket and waits for the reply.</summary>
    public JsonObject Request(string type, JsonObject content)
    {
        Send(type, content);
        return Reply().Content;
    }

    public JsonObject Execute(string code) => Request("execute_request", new JsonObject { ["code"] = code });

    public void Send(string type, JsonObject content) => _shell.Send(Wire.Write([], type, null, content));

    /// <summary>Sends with another signature than the kernel's key makes.</summary>
    public void SendForged(string type, JsonObject content) => _shell.Send(new JupyterWire("another secret").Write([], type, null, content));

    public JupyterMessage Reply() => Read(_shell);

    public JupyterMessage Control(string type)
    {
        _control.Send(Wire.Write([], type, null, []));
        return Read(_control);
    }

    /// <summary>The next broadcast that is no status, or null when none comes.</summary>
    public JupyterMessage? Broadcast(int milliseconds = Patience)
    {
        while (_broadcast.Receive(milliseconds) is { } parts)
            if (Wire.Read(parts, out _) is { Type: not "status" } message) return message;
        return null;
    }

    public byte[]? Echo(byte[] ping)
    {
        _heartbeat.Send([[], ping]); // a dealer speaks to a replier with an empty part before the message
        return _heartbeat.Receive(Patience)?[^1];
    }

    public void WaitUntilStopped() => Assert.True(_thread.Join(Patience), "the kernel did not stop");

    public void Dispose()
    {
        _kernel.Dispose();
        _thread.Join();
        foreach (ZmqSocket socket in new[] { _shell, _control, _broadcast, _heartbeat }) socket.Dispose();
        _context.Dispose();
    }

    private JupyterMessage Read(ZmqSocket socket)
    {
        List<byte[]> parts = socket.Receive(Patience) ?? throw new TimeoutException("no reply");
        return Wire.Read(parts, out string? refusal) ?? throw new UnreachableException(refusal);
    }

    private ZmqSocket Connect(int type, int port)
    {
        ZmqSocket socket = new(_context, type);
        socket.Connect($"tcp://127.0.0.1:{port}");
        return socket;
    }

    private static int[] FreePorts(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        foreach (TcpListener listener in listeners) listener.Start();
        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        foreach (TcpListener listener in listeners) listener.Stop();
        return ports;
    }
}
