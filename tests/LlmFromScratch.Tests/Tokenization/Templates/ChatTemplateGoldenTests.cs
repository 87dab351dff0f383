using System.Globalization;
using System.Text.Json;
using LlmFromScratch.Tokenization;

namespace LlmFromScratch.Tests.Tokenization.Templates;

/// <summary>Templates of published models, rendered by jinja2; the shared folder's README says how.</summary>
public class ChatTemplateGoldenTests
{
    public static TheoryData<string> Files => [.. TestData.FilesOf("*.json", "chat-templates")];

    [SharedDataTheory]
    [MemberData(nameof(Files))]
    public void Render_EveryCase_GivesTheTextOfJinja(string name)
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllBytes(TestData.PathOf(name)));
        string folder = Path.GetDirectoryName(TestData.PathOf(name))!; // not null: a file has a folder
        ChatTemplate template = new(File.ReadAllText(Path.Combine(folder, golden.RootElement.GetProperty("template").GetString()!))); // not null: every file names it
        DateTime now = DateTime.Parse(golden.RootElement.GetProperty("now").GetString()!, CultureInfo.InvariantCulture);
        foreach (JsonElement item in golden.RootElement.GetProperty("cases").EnumerateArray())
        {
            JsonElement variables = item.GetProperty("in");
            if (item.TryGetProperty("error", out JsonElement error))
            {
                Exception refused = Assert.ThrowsAny<Exception>(() => template.Render(variables, now));
                Assert.True(refused is ArgumentException or InvalidDataException, refused.ToString());
                if (refused is ArgumentException) Assert.Equal(error.GetString(), refused.Message);
            }
            else Assert.Equal(item.GetProperty("out").GetString(), template.Render(variables, now));
        }
    }
}
