using LlmFromScratch.Tokenization;
using LlmFromScratch.Visuals.Displays;

namespace LlmFromScratch.Visuals.Formatting;

/// <summary>Makes the formatters of the library's tokenizers, which name this class; a notebook host creates it by reflection.</summary>
internal sealed class TokenizerFormatterSource
{
    /// <summary>One formatter for each form of a tokenizer.</summary>
    public IEnumerable<object> CreateTypeFormatters() =>
        [new TypeFormatter<ITokenizer>(MimeTypes.Html, TokenizerDisplay.Html), new TypeFormatter<ITokenizer>(MimeTypes.Text, TokenizerDisplay.Text)];
}
