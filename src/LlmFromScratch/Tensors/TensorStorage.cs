namespace LlmFromScratch.Tensors;

/// <summary>The bytes behind a tensor: host memory here, device memory in a GPU backend. Views share one storage and never dispose it.</summary>
public abstract class TensorStorage : IDisposable
{
    /// <summary>The size in bytes.</summary>
    public abstract long ByteLength { get; }

    /// <summary>Gives the memory back; tensors over it must not be used afterwards.</summary>
    public abstract void Dispose();
}
