using LlmFromScratch.Tensors;

namespace LlmFromScratch.Models;

/// <summary>Experts that lie in tensors of their own, [out, in] each, as the one tensor [E, out, in] that the engine reads: a copy, bit for bit.</summary>
internal static class JoinedExperts
{
    /// <summary>Joins tensors in the order of their experts.</summary>
    /// <param name="source">What error messages begin with.</param>
    /// <param name="names">The tensors, expert 0 first; at least one.</param>
    /// <param name="get">Gives the host tensor of a name.</param>
    /// <exception cref="InvalidDataException">They differ in shape or type.</exception>
    /// <exception cref="NotSupportedException">They are no matrices.</exception>
    public static Tensor Join(string source, IReadOnlyList<string> names, Func<string, Tensor> get)
    {
        Tensor[] experts = [.. names.Select(get)];
        Tensor first = experts[0];
        if (first.Shape.Rank != 2) throw new NotSupportedException($"{source}: tensor '{names[0]}' is {first.Shape}; supported: experts that are matrices.");
        for (int expert = 1; expert < experts.Length; expert++) // all of them, before room is made
            if (experts[expert].Shape != first.Shape || experts[expert].DType != first.DType) throw new InvalidDataException(
                $"{source}: tensor '{names[expert]}' is {experts[expert].Shape} of {experts[expert].DType}; expected {first.Shape} of {first.DType}, as the first expert's.");
        Shape shape = new(experts.Length, first.Shape[0], first.Shape[1]); // [E, out, in]
        Tensor all = new(shape, first.DType, HostStorage.AllocateForWeights(first.ByteLength * experts.Length));
        for (int expert = 0; expert < experts.Length; expert++)
        {
            experts[expert].Bytes.CopyTo(all.Slice(expert, 1).Bytes);
            ((HostStorage)experts[expert].Storage).Release(); // a host tensor: its file's pages are not read again
        }
        return all;
    }
}
