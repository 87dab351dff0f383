using System.Text.Encodings.Web;
using System.Text.Json;

namespace LlmFromScratch.Cli;

/// <summary>How <c>--json</c> prints: one object on one line, camelCase names, text unescaped.</summary>
internal static class Json
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Print<T>(T value) => Console.Out.WriteLine(JsonSerializer.Serialize(value, Options));
}
