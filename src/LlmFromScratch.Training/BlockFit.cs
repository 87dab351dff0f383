using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Training;

/// <summary>Says before any work which weight a block format cannot hold.</summary>
internal static class BlockFit
{
    /// <summary>Refuses a type whose blocks do not divide the rows of a weight.</summary>
    /// <param name="field">What names the type, and where: a field of a recipe, an option for a file.</param>
    /// <param name="type">The type.</param>
    /// <param name="weights">The weights that it is for.</param>
    /// <exception cref="InvalidDataException">A row is no whole number of blocks.</exception>
    public static void Require(string field, DType type, IEnumerable<Variable> weights)
    {
        int block = type.BlockSize();
        if (weights.FirstOrDefault(weight => weight.Shape.RowLength % block != 0) is Variable bad) throw new InvalidDataException(
            $"{field}: {type} stores blocks of {block} values, but the rows of {bad.Name} have {bad.Shape.RowLength}; expected a multiple of {block}. F32 and BF16 take any.");
    }
}
