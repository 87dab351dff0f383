namespace LlmFromScratch.Tokenization.Templates;

/// <summary>The exceptions of a template that is broken or does what it must not.</summary>
internal static class TemplateErrors
{
    /// <summary>The template is at fault, or the values given to it are not what it expects.</summary>
    public static InvalidDataException At(int line, string what) => new($"Chat template, line {line}: {what}");

    /// <summary>Something that is no part of the language as chat templates use it.</summary>
    public static NotSupportedException Unsupported(int line, string what) => new($"Chat template, line {line}: {what} is not supported.");
}
