using System.IO.MemoryMappedFiles;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Formats;

/// <summary>
/// A file seen as memory: the operating system reads pages when they are touched and shares them between processes. The mapping is
/// copy-on-write, so that a write through a tensor changes this process's copy of a page and never the file (a read-only mapping
/// would end the process). A file that somebody shortens while it is mapped cannot be guarded against: replace files by renaming.
/// </summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile _mapping;
    private readonly MemoryMappedViewAccessor _view;
    private byte* _start; // null once disposed

    private MappedFile(string path, MemoryMappedFile mapping, long length)
    {
        (Path, Length, _mapping) = (path, length, mapping);
        _view = mapping.CreateViewAccessor(0, length, MemoryMappedFileAccess.CopyOnWrite);
        byte* pointer = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
        _start = pointer + _view.PointerOffset; // the view starts on a page border at or before byte 0
    }

    /// <summary>The path that was opened.</summary>
    public string Path { get; }

    /// <summary>The size in bytes when the file was opened.</summary>
    public long Length { get; }

    /// <summary>Maps a whole file.</summary>
    /// <exception cref="InvalidDataException">The file is empty, or no file that has a length, such as a pipe.</exception>
    /// <exception cref="PlatformNotSupportedException">A big-endian machine.</exception>
    public static MappedFile Open(string path)
    {
        if (!BitConverter.IsLittleEndian) throw new PlatformNotSupportedException($"{path}: weights are used as they lie in the file; expected a little-endian machine.");
        FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        long length = stream.CanSeek ? stream.Length : 0;
        if (length == 0)
        {
            stream.Dispose();
            throw new InvalidDataException($"{path}: the file is empty; expected at least a header.");
        }
        return new MappedFile(path, MemoryMappedFile.CreateFromFile(stream, mapName: null, length, MemoryMappedFileAccess.CopyOnWrite,
            HandleInheritability.None, leaveOpen: false), length);
    }

    /// <summary>Some bytes of the file, valid until this mapping is disposed.</summary>
    /// <exception cref="ObjectDisposedException">The file was disposed.</exception>
    public Span<byte> GetSpan(long offset, int length)
    {
        ObjectDisposedException.ThrowIf(_start == null, this);
        if (offset < 0 || length < 0 || offset > Length - length) throw new ArgumentOutOfRangeException(nameof(offset),
            $"{Path}: {length} bytes at {offset} lie outside the file's {Length} bytes.");
        return new Span<byte>(_start + offset, length); // bound: offset + length <= Length, the size of the view, checked above
    }

    /// <summary>The values of a tensor of any size, valid until this mapping is disposed.</summary>
    public HostStorage GetStorage(string tensor, long offset, long byteLength) => byteLength <= int.MaxValue
        ? new HostStorage(GetMemory(tensor, offset, byteLength))
        : new HostStorage(new MappedRegion(this, offset, byteLength));

    /// <summary>The values of a tensor, as memory that stays valid until this mapping is disposed.</summary>
    /// <exception cref="NotSupportedException">More than one memory can count, 2 GiB.</exception>
    public Memory<byte> GetMemory(string tensor, long offset, long byteLength) => byteLength <= int.MaxValue
        ? new MappedMemory(this, offset, (int)byteLength).Memory
        : throw new NotSupportedException(
            $"{Path}: tensor '{tensor}' at byte {offset} has {byteLength} bytes; supported: up to {int.MaxValue} bytes in one piece. Read it as a tensor, row by row.");

    /// <summary>
    /// Gives the pages that lie wholly within these bytes back to the operating system; they are read from the file again when they are touched, and what
    /// this process wrote to them is lost. Where the system has no such call it does nothing.
    /// </summary>
    public void Release(long offset, long length)
    {
        ObjectDisposedException.ThrowIf(_start == null, this);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length - offset);
        MemoryAdvice.Release((nint)(_start + offset), length);
    }

    /// <summary>Unmaps the file; memory handed out before throws <see cref="ObjectDisposedException"/> when it is asked for its span.</summary>
    public void Dispose()
    {
        if (_start == null) return;
        _start = null;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _mapping.Dispose();
    }
}
