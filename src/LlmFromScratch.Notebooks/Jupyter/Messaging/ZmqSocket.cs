namespace LlmFromScratch.Notebooks.Jupyter.Messaging;

/// <summary>
/// A ZeroMQ socket that moves whole multipart messages. One thread receives; sends may come from any thread, one at a time (a socket may
/// change threads behind a full memory barrier, which the lock is).
/// </summary>
internal sealed unsafe class ZmqSocket : IDisposable
{
    private const int LingerMilliseconds = 1000; // how long closing waits for a front end to take the last messages
    private const long LargestPart = 256L << 20; // bytes; a longer part is cut off with its connection, before it is allocated

    private readonly Lock _gate = new();
    private nint _handle;

    /// <summary>Opens a socket of one of <see cref="ZmqApi"/>'s types.</summary>
    /// <exception cref="IOException">The library has no more sockets.</exception>
    public ZmqSocket(ZmqContext context, int type)
    {
        _handle = ZmqApi.zmq_socket(context.Handle, type);
        if (_handle == 0) throw new IOException($"ZeroMQ: no socket: {ZmqApi.LastError()}.");
        SetOption(ZmqApi.Linger, LingerMilliseconds);
        long largest = LargestPart;
        _ = ZmqApi.zmq_setsockopt(_handle, ZmqApi.MaxMessageSize, &largest, sizeof(long)); // an option that every version knows
        if (type == ZmqApi.Sub) _ = ZmqApi.zmq_setsockopt(_handle, ZmqApi.Subscribe, null, 0); // the empty prefix: everything
    }

    /// <summary>Listens at <paramref name="endpoint"/>, such as <c>tcp://127.0.0.1:5555</c>.</summary>
    /// <exception cref="IOException">The address is in use or is none of this machine.</exception>
    public void Bind(string endpoint)
    {
        if (ZmqApi.zmq_bind(_handle, endpoint) != 0) throw new IOException($"ZeroMQ: cannot listen at {endpoint}: {ZmqApi.LastError()}.");
    }

    /// <summary>Connects to <paramref name="endpoint"/>, now or as soon as somebody listens there.</summary>
    public void Connect(string endpoint)
    {
        if (ZmqApi.zmq_connect(_handle, endpoint) != 0) throw new IOException($"ZeroMQ: cannot connect to {endpoint}: {ZmqApi.LastError()}.");
    }

    /// <summary>Waits for a message; null when the time is over or the context was shut down.</summary>
    /// <param name="milliseconds">How long to wait; -1 for as long as it takes.</param>
    public List<byte[]>? Receive(int milliseconds = -1)
    {
        SetOption(ZmqApi.ReceiveTimeout, milliseconds);
        var parts = new List<byte[]>();
        long* message = stackalloc long[ZmqApi.MessageBytes / sizeof(long)];
        int more = 1;
        while (more != 0)
        {
            _ = ZmqApi.zmq_msg_init(message); // always succeeds
            if (ZmqApi.zmq_msg_recv(message, _handle, 0) < 0) return null;
            parts.Add(new ReadOnlySpan<byte>(ZmqApi.zmq_msg_data(message), checked((int)ZmqApi.zmq_msg_size(message))).ToArray());
            _ = ZmqApi.zmq_msg_close(message);
            nuint length = sizeof(int);
            _ = ZmqApi.zmq_getsockopt(_handle, ZmqApi.ReceiveMore, &more, &length);
        }
        return parts;
    }

    /// <summary>Sends all parts as one message; nobody is told when the context is shut down meanwhile.</summary>
    public void Send(IReadOnlyList<byte[]> parts)
    {
        lock (_gate)
        {
            for (int i = 0; i < parts.Count; i++)
                fixed (byte* bytes = parts[i])
                    if (ZmqApi.zmq_send(_handle, bytes, (nuint)parts[i].Length, i < parts.Count - 1 ? ZmqApi.SendMore : 0) < 0) return;
        }
    }

    /// <summary>Closes the socket.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_handle != 0) _ = ZmqApi.zmq_close(_handle); // fails only for a handle that is none
            _handle = 0;
        }
    }

    private void SetOption(int option, int value) => _ = ZmqApi.zmq_setsockopt(_handle, option, &value, sizeof(int)); // options that every version knows
}
