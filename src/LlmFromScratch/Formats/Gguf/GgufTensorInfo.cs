using LlmFromScratch.Tensors;

namespace LlmFromScratch.Formats.Gguf;

/// <summary>What a GGUF file says about one tensor.</summary>
/// <param name="Name">The tensor's name, for example "blk.0.attn_q.weight".</param>
/// <param name="Shape">The sizes, slowest axis first ([out, in] for a weight); the file itself stores them fastest first.</param>
/// <param name="Type">How the values are stored.</param>
/// <param name="Offset">Where the values start, in bytes from the start of the file.</param>
/// <param name="ByteLength">The size of the values in bytes.</param>
public sealed record GgufTensorInfo(string Name, Shape Shape, GgufTensorType Type, long Offset, long ByteLength);
