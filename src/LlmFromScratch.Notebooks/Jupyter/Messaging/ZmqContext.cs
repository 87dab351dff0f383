namespace LlmFromScratch.Notebooks.Jupyter.Messaging;

/// <summary>What the sockets of one kernel share. <see cref="Shutdown"/> wakes every thread that waits on one of them.</summary>
internal sealed class ZmqContext : IDisposable
{
    private nint _handle;

    public ZmqContext()
    {
        ZmqApi.RequireLibrary();
        _handle = ZmqApi.zmq_ctx_new();
    }

    /// <summary>The library's handle.</summary>
    public nint Handle => _handle != 0 ? _handle : throw new ObjectDisposedException(nameof(ZmqContext));

    /// <summary>Ends every waiting receive of this context's sockets; what was sent is still delivered.</summary>
    public void Shutdown()
    {
        if (_handle != 0) _ = ZmqApi.zmq_ctx_shutdown(_handle); // it fails only for a handle that is none
    }

    /// <summary>Frees the context; all its sockets must be disposed, or this waits for them.</summary>
    public void Dispose()
    {
        nint handle = Interlocked.Exchange(ref _handle, 0);
        if (handle != 0) _ = ZmqApi.zmq_ctx_term(handle); // nothing is left to do for a context that does not end
    }
}
