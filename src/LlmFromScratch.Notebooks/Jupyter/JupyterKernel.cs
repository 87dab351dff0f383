using System.Diagnostics;
using System.Text.Json.Nodes;
using LlmFromScratch.Notebooks.Execution;
using LlmFromScratch.Notebooks.Jupyter.Messaging;

namespace LlmFromScratch.Notebooks.Jupyter;

/// <summary>
/// A notebook session behind the Jupyter protocol: five sockets on this machine, signed messages. Requests are answered one after the other on
/// the thread that runs the kernel; interrupt and shutdown have a socket and a thread of their own, so that they reach a busy kernel.
/// Source: "Messaging in Jupyter", protocol 5.3.
/// </summary>
public sealed class JupyterKernel : IDisposable
{
    /// <summary>The version of the protocol that is spoken.</summary>
    public const string ProtocolVersion = "5.3";

    private readonly ConnectionInfo _connection;
    private readonly TextWriter _log;
    private readonly JupyterWire _wire;
    private readonly ZmqContext _context = new();
    private readonly ZmqSocket _shell, _control, _broadcast, _questions, _heartbeat;
    private readonly CellExecution _cells;
    private readonly RequestHandlers _handlers;
    private readonly List<Thread> _threads = [];
    private volatile bool _isStopping;

    /// <summary>Throws where the kernel cannot run.</summary>
    /// <exception cref="NotSupportedException">Windows, or ZeroMQ's library is missing; the message says what to do.</exception>
    public static void RequireLibrary() => ZmqApi.RequireLibrary();

    /// <summary>Opens the sockets.</summary>
    /// <param name="connection">Where to listen, and the key.</param>
    /// <param name="folder">Where relative paths of cells start.</param>
    /// <param name="log">Gets a line for each message that is refused.</param>
    /// <exception cref="NotSupportedException">ZeroMQ is missing on this system.</exception>
    /// <exception cref="IOException">A port is in use.</exception>
    public JupyterKernel(ConnectionInfo connection, string folder, TextWriter log)
    {
        (_connection, _log, _wire) = (connection, log, new JupyterWire(connection.Key));
        _shell = Open(ZmqApi.Router, connection.ShellPort);
        _control = Open(ZmqApi.Router, connection.ControlPort);
        _broadcast = Open(ZmqApi.Pub, connection.IopubPort);
        _questions = Open(ZmqApi.Router, connection.StdinPort);
        _heartbeat = Open(ZmqApi.Rep, connection.HeartbeatPort);
        _cells = new CellExecution(folder, Broadcast);
        _handlers = new RequestHandlers(_cells);
    }

    /// <summary>Serves until a front end asks for shutdown, <see cref="Stop"/> is called, or the process that started the kernel is gone.</summary>
    public void Run()
    {
        Start("Jupyter heartbeat", () => { while (_heartbeat.Receive() is { } echo) _heartbeat.Send(echo); });
        Start("Jupyter control", () => Serve(_control));
        WatchParent();
        Broadcast("status", null, new JsonObject { ["execution_state"] = "starting" });
        Serve(_shell);
    }

    /// <summary>Stops the running cell; the session keeps what earlier cells declared.</summary>
    public void Interrupt() => _cells.Interrupt();

    /// <summary>Stops the running cell and ends <see cref="Run"/>.</summary>
    public void Stop()
    {
        _isStopping = true;
        _cells.Interrupt();
        _context.Shutdown();
    }

    /// <summary>Closes the sockets, after the last messages were taken or a second has passed.</summary>
    public void Dispose()
    {
        Stop();
        foreach (Thread thread in _threads) thread.Join();
        foreach (ZmqSocket socket in new[] { _shell, _control, _broadcast, _questions, _heartbeat }) socket.Dispose();
        _context.Dispose();
        _cells.Dispose();
    }

    private void Serve(ZmqSocket socket)
    {
        while (!_isStopping && socket.Receive() is { } parts)
        {
            if (_wire.Read(parts, out string? refusal) is not { } request)
            {
                _log.WriteLine($"llmfs kernel: a message was refused: {refusal}");
                continue;
            }
            Broadcast("status", request, new JsonObject { ["execution_state"] = "busy" });
            Answer(socket, request);
            Broadcast("status", request, new JsonObject { ["execution_state"] = "idle" });
            if (request.Type == "shutdown_request") Stop();
        }
    }

    private void Answer(ZmqSocket socket, JupyterMessage request)
    {
        if (_handlers.Answer(request) is not (string type, JsonObject content)) return; // an unknown request is left unanswered, as the protocol asks
        bool isFailed = type == "execute_reply" && (string?)content["status"] == "error";
        // Before the reply goes out: what comes after it was sent by somebody who knows of the error.
        List<JupyterMessage> waiting = isFailed && request.ContentFlag("stop_on_error", true) ? Waiting(socket) : [];
        socket.Send(_wire.Write(request.Identities, type, request.Header, content));
        foreach (JupyterMessage next in waiting)
        {
            if (next.Type == "execute_request")
                socket.Send(_wire.Write(next.Identities, "execute_reply", next.Header, new JsonObject { ["status"] = "aborted", ["execution_count"] = _cells.Count }));
            else
                Answer(socket, next);
            Broadcast("status", next, new JsonObject { ["execution_state"] = "idle" });
        }
    }

    // "Run all" sends every cell at once; after an error those that wait are not run.
    private List<JupyterMessage> Waiting(ZmqSocket socket)
    {
        List<JupyterMessage> waiting = [];
        while (socket.Receive(milliseconds: 0) is { } parts)
            if (_wire.Read(parts, out _) is { } request) waiting.Add(request);
        return waiting;
    }

    private void Broadcast(string type, JupyterMessage? parent, JsonObject content) => _broadcast.Send(_wire.Write([], type, parent?.Header, content));

    private ZmqSocket Open(int type, int port)
    {
        ZmqSocket socket = new(_context, type);
        socket.Bind(_connection.Endpoint(port));
        return socket;
    }

    private void Start(string name, ThreadStart body)
    {
        Thread thread = new(body) { IsBackground = true, Name = name };
        _threads.Add(thread);
        thread.Start();
    }

    // A front end that dies without a word would leave its kernel behind; Jupyter says who started it.
    private void WatchParent()
    {
        if (!int.TryParse(Environment.GetEnvironmentVariable("JPY_PARENT_PID"), out int id)) return;
        try
        {
            Process parent = Process.GetProcessById(id);
            parent.WaitForExitAsync().ContinueWith(_ => Stop(), TaskScheduler.Default);
        }
        catch (ArgumentException)
        {
            Stop(); // it is gone already
        }
    }
}
