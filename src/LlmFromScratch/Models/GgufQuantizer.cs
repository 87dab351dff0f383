using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Kernels.Quantization;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Models;

/// <summary>
/// Writes a GGUF file again with its matrices in another type. Goes through the file tensor by tensor and chunk by chunk, so a model of any size needs
/// little memory; the new file appears whole or not at all. Same input, same bytes, on any number of threads.
/// </summary>
public static class GgufQuantizer
{
    private const int ChunkValues = 1 << 20; // that are in memory at once
    private const uint QuantizationVersion = 2; // of ggml's block formats

    /// <summary>Quantizes a file.</summary>
    /// <param name="source">The file; best in F32, F16 or BF16, since what a coarser type has lost stays lost.</param>
    /// <param name="path">Where the new file goes; not the source's path.</param>
    /// <param name="target">Which types the tensors get.</param>
    /// <param name="report">Hears of each tensor when it is written, in the file's order.</param>
    /// <param name="cancellation">Checked before each chunk; nothing is left behind.</param>
    /// <exception cref="ArgumentException">The path is the source's, or the file has no tensors.</exception>
    /// <exception cref="NotSupportedException">A matrix has a type that the engine cannot read.</exception>
    public static void Quantize(GgufFile source, string path, QuantizationTarget target, Action<QuantizedTensor>? report = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        if (Path.GetFullPath(path) == Path.GetFullPath(source.Path)) throw new ArgumentException(
            $"Quantization: '{path}' is the file that is read; expected another name for the new one.", nameof(path));
        if (source.Tensors.Count == 0) throw new ArgumentException($"{source.Path}: has no tensors to quantize; is it a vocabulary-only file?", nameof(source));
        GgufWriter writer = new();
        foreach ((string key, object value) in source.Metadata)
            if (key is not ("general.file_type" or "general.quantization_version")) writer.Add(key, value);
        writer.Add("general.quantization_version", QuantizationVersion).Add("general.file_type", target.FileType);
        QuantizedModel model = Describe(source);
        foreach (GgufTensorInfo info in source.Tensors)
        {
            GgufTensorType type = target.TypeOf(info.Name, info.Shape, model) is DType wanted ? GgufTensorType.Of(wanted) : info.Type;
            if (type != info.Type) source.GetTensor(info.Name); // refuses what cannot be read before anything is written
            writer.Add(info.Name, info.Shape, type, Parts(source, info, type, report, cancellation));
        }
        writer.Save(path);
    }

    private static QuantizedModel Describe(GgufFile source)
    {
        string architecture = source.Metadata.TryGetString("general.architecture", out string? name) ? name : "";
        source.Metadata.TryGetInt32($"{architecture}.block_count", out int layers);
        source.Metadata.TryGetInt32($"{architecture}.expert_count", out int experts);
        return new QuantizedModel(layers, experts, TiedHead: !source.Contains("output.weight"));
    }

    // Runs while the file is written.
    private static IEnumerable<ReadOnlyMemory<byte>> Parts(GgufFile source, GgufTensorInfo info, GgufTensorType type, Action<QuantizedTensor>? report,
        CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        double squares = 0, largest = 0;
        if (type == info.Type)
        {
            foreach (ReadOnlyMemory<byte> part in source.GetParts(info.Name)) yield return part;
        }
        else
        {
            Tensor tensor = source.GetTensor(info.Name);
            int rows = (int)tensor.Shape.RowCount, rowsAtOnce = Math.Max(1, ChunkValues / tensor.Shape.RowLength);
            for (int row = 0; row < rows; row += rowsAtOnce)
            {
                cancellation.ThrowIfCancellationRequested();
                (byte[] bytes, (double Squares, double Largest)[] errors) = Encode(tensor, row, Math.Min(rowsAtOnce, rows - row), type.DType!.Value); // a target's type
                foreach ((double rowSquares, double rowLargest) in errors) // in order: the sum does not depend on threads
                    (squares, largest) = (squares + rowSquares, Math.Max(largest, rowLargest));
                yield return bytes;
            }
        }
        report?.Invoke(new QuantizedTensor(info.Name, info.Shape, info.Type, type, info.ByteLength, type.ByteCount(info.Shape),
            Math.Sqrt(squares / Math.Max(1, info.Shape.Count)), largest));
    }

    private static (byte[] Bytes, (double Squares, double Largest)[] Errors) Encode(Tensor tensor, int first, int count, DType type)
    {
        int size = tensor.Shape.RowLength, rowBytes = (int)type.ByteCount(size);
        byte[] bytes = new byte[count * rowBytes];
        (double, double)[] errors = new (double, double)[count];
        Parallel.For(0, count, () => (Values: new float[size], Again: new float[size]), (row, _, buffers) =>
        {
            Span<byte> encoded = bytes.AsSpan(row * rowBytes, rowBytes);
            RowCodec.Decode(tensor.DType, tensor.RowSpan(first + row), buffers.Values);
            RowCodec.Encode(type, buffers.Values, encoded);
            RowCodec.Decode(type, encoded, buffers.Again);
            double squares = 0, largest = 0;
            for (int i = 0; i < size; i++)
            {
                double difference = Math.Abs((double)buffers.Again[i] - buffers.Values[i]);
                (squares, largest) = (squares + difference * difference, Math.Max(largest, difference));
            }
            errors[row] = (squares, largest);
            return buffers;
        }, _ => { });
        return (bytes, errors);
    }
}
