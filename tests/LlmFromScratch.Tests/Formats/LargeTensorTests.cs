using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Formats.SafeTensors;
using LlmFromScratch.Kernels;
using LlmFromScratch.Kernels.Cpu;
using LlmFromScratch.Kernels.Reference;
using LlmFromScratch.Tensors;
using LlmFromScratch.Tests.Formats.Gguf;

namespace LlmFromScratch.Tests.Formats;

/// <summary>Tensors of more than 2 GiB, more than a span can count: an embedding table of 600,000 rows of 1024 floats, 2.4 GB, nearly all of it a hole.</summary>
public sealed class LargeTensorTests : IDisposable
{
    private const int Rows = 600_000, Size = 1024;
    private const long ByteLength = (long)Rows * Size * sizeof(float);
    private const string Name = "token_embd.weight";

    private static readonly int[] Written = [0, 524_287, 524_288, Rows - 1]; // the first row, the last below 2 GiB, the first above, the last of all

    private readonly string _folder = Directory.CreateTempSubdirectory("llmfs-large-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SparseFileFact]
    public void Gguf_RowsBeyondTwoGiB_AreEmbedded()
    {
        using GgufFile file = GgufFile.Open(SaveGguf());
        using Tensor table = file.GetTensor(Name);
        Assert.Equal((ByteLength, Rows), (table.ByteLength, table.Shape[0]));
        AssertEmbedded(new ReferenceBackend(), table);
        AssertEmbedded(new CpuBackend(1), table);
        Assert.Equal(Values(Rows - 1), table.Slice(Rows - 10, 10).Floats[^Size..].ToArray());
        Assert.Equal(ByteLength, file.GetParts(Name).Sum(part => (long)part.Length));
    }

    [SparseFileFact]
    public void Gguf_AskedForInOnePiece_SaysWhatToDo()
    {
        using GgufFile file = GgufFile.Open(SaveGguf());
        using Tensor table = file.GetTensor(Name);
        string message = Assert.Throws<NotSupportedException>(() => table.Bytes.Length).Message;
        Assert.Contains($"[{Rows}, {Size}] F32 has {ByteLength} bytes; supported: up to {int.MaxValue} in one piece", message);
        Assert.Contains($"'{Name}'", Assert.Throws<NotSupportedException>(() => file.GetBytes(Name)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => table.RowSpan(Rows).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => table.RowSpan(-1).Length);
    }

    [SparseFileFact]
    public void SafeTensors_RowsBeyondTwoGiB_AreEmbedded()
    {
        string path = Path.Combine(_folder, "large.safetensors");
        byte[] header = Encoding.UTF8.GetBytes($$$"""{"{{{Name}}}":{"dtype":"F32","shape":[{{{Rows}}},{{{Size}}}],"data_offsets":[0,{{{ByteLength}}}]}}""");
        byte[] start = new byte[8 + header.Length];
        BinaryPrimitives.WriteInt64LittleEndian(start, header.Length);
        header.CopyTo(start, 8);
        Save(path, start, start.Length);
        using SafeTensorsFile file = SafeTensorsFile.Open(path);
        using Tensor table = file.GetTensor(Name);
        AssertEmbedded(new CpuBackend(1), table);
    }

    [Fact]
    public void Gguf_TensorBeyondTwoGiB_IsWrittenPieceByPiece()
    {
        using Tensor table = new(new Shape(Rows, Size), DType.F32, new HostStorage(new NumberedMemory(ByteLength)));
        int header = GgufFileTests.Bytes(new GgufWriter().Add(Name, Tensor.Zeros(new Shape(1, Size)))).Length - Size * sizeof(float);
        using NumberChecker checker = new(header);
        new GgufWriter().Add(Name, table).Write(checker);
        Assert.Equal(header + ByteLength, checker.Length);
    }

    // As many bytes as one likes in a few: every piece begins with the number of its first byte.
    private sealed class NumberedMemory(long byteLength) : IHostMemory
    {
        private readonly byte[] _piece = new byte[1 << 26];

        public long ByteLength => byteLength;

        public Span<byte> GetSpan(long offset, int length)
        {
            BinaryPrimitives.WriteInt64LittleEndian(_piece, offset);
            return _piece.AsSpan(0, length);
        }
    }

    // Counts what is written, and after the header finds at the start of each piece the number of its first byte.
    private sealed class NumberChecker(int header) : Stream
    {
        private long _length;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => _length;

        public override long Position { get => _length; set => throw new NotSupportedException(); }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (_length >= header && buffer.Length >= sizeof(long)) Assert.Equal(_length - header, BinaryPrimitives.ReadInt64LittleEndian(buffer));
            _length += buffer.Length;
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush() { }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }

    [Fact]
    public void LargeHostMemory_FirstAndLastByte_AndNoneBeyond()
    {
        LargeHostMemory memory = new(1000);
        (memory.GetSpan(0, 1)[0], memory.GetSpan(999, 1)[0]) = (1, 2);
        Assert.Equal((1, 2), (memory.GetSpan(0, 1000)[0], memory.GetSpan(0, 1000)[999]));
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.GetSpan(1, 1000).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.GetSpan(-1, 1).Length);
    }

    private static void AssertEmbedded(IBackend backend, Tensor table)
    {
        using IBackend owned = backend;
        Tensor loaded = backend.Load(table), ids = Tensor.Zeros(new Shape(Written.Length), DType.I32), output = Tensor.Zeros(new Shape(Written.Length, Size));
        Written.CopyTo(ids.Ints);
        backend.Embed(loaded, ids, output);
        for (int i = 0; i < Written.Length; i++) Assert.Equal(Values(Written[i]), output.Floats.Slice(i * Size, Size).ToArray());
    }

    private static float[] Values(int row) => [.. Enumerable.Range(0, Size).Select(i => row + i / 1024f)];

    // A file with one row of zeros, whose count of rows is then written over: name, 4 bytes count of axes, 8 bytes size of the fastest axis, 8 bytes rows.
    private string SaveGguf()
    {
        byte[] bytes = GgufFileTests.Bytes(new GgufWriter().Add(Name, Tensor.Zeros(new Shape(1, Size))));
        int rows = bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Name)) + Name.Length + sizeof(uint) + sizeof(ulong);
        Assert.Equal(1, BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(rows)));
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(rows), Rows);
        string path = Path.Combine(_folder, "large.gguf");
        Save(path, bytes, bytes.Length - Size * sizeof(float));
        return path;
    }

    private static void Save(string path, ReadOnlySpan<byte> start, long dataOffset)
    {
        using FileStream stream = File.Create(path);
        stream.Write(start);
        stream.SetLength(dataOffset + ByteLength); // a hole
        foreach (int row in Written)
        {
            stream.Position = dataOffset + (long)row * Size * sizeof(float);
            stream.Write(MemoryMarshal.AsBytes<float>(Values(row)));
        }
    }
}
