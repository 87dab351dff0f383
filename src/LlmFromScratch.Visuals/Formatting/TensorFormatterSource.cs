using LlmFromScratch.Tensors;
using LlmFromScratch.Visuals.Displays;

namespace LlmFromScratch.Visuals.Formatting;

/// <summary>Makes the formatters of <see cref="Tensor"/>, which names this class; a notebook host creates it by reflection.</summary>
internal sealed class TensorFormatterSource
{
    /// <summary>One formatter for each form of a tensor.</summary>
    public IEnumerable<object> CreateTypeFormatters() =>
        [new TypeFormatter<Tensor>(MimeTypes.Html, TensorDisplay.Html), new TypeFormatter<Tensor>(MimeTypes.Text, TensorDisplay.Text)];
}
