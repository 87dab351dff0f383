using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Models;

/// <summary>What became of one tensor when a file was quantized.</summary>
/// <param name="Name">The tensor's name.</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="From">The type it had.</param>
/// <param name="To">The type it has.</param>
/// <param name="BytesBefore">Its size before.</param>
/// <param name="BytesAfter">Its size after.</param>
/// <param name="RmsError">Root mean square of the differences of the values; 0 for a tensor that stayed as it was.</param>
/// <param name="MaxError">The largest difference.</param>
public sealed record QuantizedTensor(
    string Name, Shape Shape, GgufTensorType From, GgufTensorType To, long BytesBefore, long BytesAfter, double RmsError, double MaxError);
