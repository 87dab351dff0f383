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
    /// <exception cref="NotSupportedException">They are no matrices, or larger than one tensor can be.</exception>
    public static Tensor Join(string source, IReadOnlyList<string> names, Func<string, Tensor> get)
    {
        Tensor first = get(names[0]);
        if (first.Shape.Rank != 2 || first.ByteLength * names.Count > HostStorage.MostBytes) throw new NotSupportedException(
            $"{source}: {names.Count} experts like '{names[0]}' {first.Shape}; supported: matrices of up to {HostStorage.MostBytes} bytes in all.");
        Tensor all = Tensor.Zeros(new Shape(names.Count, first.Shape[0], first.Shape[1]), first.DType); // [E, out, in]
        for (int expert = 0; expert < names.Count; expert++)
        {
            Tensor one = get(names[expert]);
            if (one.Shape != first.Shape || one.DType != first.DType) throw new InvalidDataException(
                $"{source}: tensor '{names[expert]}' is {one.Shape} of {one.DType}; expected {first.Shape} of {first.DType}, as the first expert's.");
            one.Bytes.CopyTo(all.Bytes[(int)(expert * one.ByteLength)..]);
            ((HostStorage)one.Storage).Release(); // a host tensor: its file's pages are not read again
        }
        return all;
    }
}
