using LlmFromScratch.Visuals.Displays;

namespace LlmFromScratch.Visuals.Formatting;

/// <summary>
/// Makes the formatters of ModelConfig, Transformer and LanguageModel, which name this class; a notebook host creates it by reflection.
/// </summary>
internal sealed class ModelFormatterSource
{
    /// <summary>One formatter for each form; each takes all three types.</summary>
    public IEnumerable<object> CreateTypeFormatters() =>
        [new TypeFormatter<object>(MimeTypes.Html, ModelDisplay.Html), new TypeFormatter<object>(MimeTypes.Text, ModelDisplay.Text)];
}
