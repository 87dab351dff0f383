namespace LlmFromScratch.Cli.Inspection;

/// <summary>One tensor of a model file, whatever the format.</summary>
/// <param name="Name">As the file names it.</param>
/// <param name="Type">As the format names it.</param>
/// <param name="Shape">Slowest axis first.</param>
/// <param name="File">The file's name, where a model has several.</param>
/// <param name="Offset">Where the values start in the file, in bytes.</param>
/// <param name="ByteLength">Bytes of the values.</param>
internal sealed record InspectedTensor(string Name, string Type, IReadOnlyList<long> Shape, string? File, long Offset, long ByteLength)
{
    public long Count { get; } = Shape.Aggregate(1L, (product, size) => product * size);
}
