namespace LlmFromScratch.Models;

/// <summary>The small model that this repository trained and that comes with the library as a file beside its assembly.</summary>
public static class EmbeddedModel
{
    /// <summary>The full path of the model file, found from the assembly's place.</summary>
    public static string Path { get; } = System.IO.Path.Combine(
        System.IO.Path.GetDirectoryName(typeof(EmbeddedModel).Assembly.Location) is { Length: > 0 } folder ? folder : AppContext.BaseDirectory,
        "models", "tales-chat-dpo.gguf");
}
