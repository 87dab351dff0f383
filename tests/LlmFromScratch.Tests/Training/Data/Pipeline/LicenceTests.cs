using System.Text.Json;
using LlmFromScratch.Training.Data.Pipeline;

namespace LlmFromScratch.Tests.Training.Data.Pipeline;

public class LicenceTests
{
    [Theory]
    [InlineData("CC0-1.0", true)]
    [InlineData("LicenseRef-Public-Domain", true)]
    [InlineData("LicenseRef-", false)]
    [InlineData("cc0", false)]
    [InlineData("NOASSERTION", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void IsKnown_Identifiers(string? licence, bool known) => Assert.Equal(known, Licences.IsKnown(licence));

    [Fact]
    public void Filter_UnknownLicence_IsRefusedAndNamed()
    {
        CleaningPipeline pipeline = new([new LicenceFilter()]);
        Document[] documents = [Documents.Of("a"), Documents.Of("b", licence: null), Documents.Of("c", licence: "all rights reserved"), Documents.Of("d", licence: " ")];
        Assert.Equal(["a"], pipeline.Run(documents).Select(document => document.Text));
        Assert.Equal(new SortedDictionary<string, long> { ["no licence"] = 2, ["unknown: all rights reserved"] = 1 }, pipeline.Funnel.Rows[0].Notes);
    }

    // The manifest of the course's own texts: a file without an SPDX licence in data/licences.json fails the build.
    [Fact]
    public void Data_EveryCommittedFile_HasALicence()
    {
        string folder = Path.Combine(TestData.SolutionFolder, "data"), cache = Path.Combine(folder, "cache") + Path.DirectorySeparatorChar;
        using JsonDocument manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "licences.json")));
        Dictionary<string, string?> licences = manifest.RootElement.GetProperty("files").EnumerateArray()
            .ToDictionary(file => file.GetProperty("file").GetString()!, file => file.GetProperty("licence").GetString()); // not null: a null name would be no file
        string[] files = [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Where(file => !file.StartsWith(cache, StringComparison.Ordinal))
            .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'))];
        Assert.Equal(files.Order(StringComparer.Ordinal), licences.Keys.Order(StringComparer.Ordinal)); // a line for each file, and no line without one
        Assert.All(licences, file => Assert.True(Licences.IsKnown(file.Value), $"data/licences.json: {file.Key}: expected an SPDX identifier, got \"{file.Value}\"."));
    }
}
