using LlmFromScratch.Tensors;

namespace LlmFromScratch.Package.Tests;

/// <summary>What users of the package can see changes only on purpose: PublicApi.txt is the approved surface.</summary>
public class PublicApiTests
{
    [Fact]
    public void PublicSurface_IsTheApprovedOne()
    {
        string[] actual = [.. PublicApi.Describe(typeof(Tensor).Assembly)];
        string approvedFile = Repository.PathOf("tests", "LlmFromScratch.Package.Tests", "PublicApi.txt"), actualFile = Repository.PathOf("artifacts", "PublicApi.txt");
        File.WriteAllLines(actualFile, actual);
        string[] approved = File.Exists(approvedFile) ? File.ReadAllLines(approvedFile) : [];
        // A member of the same form in two types shows once here; the comparison below is line by line.
        string[] changes = [.. approved.Except(actual).Select(line => "- " + line), .. actual.Except(approved).Select(line => "+ " + line)];
        Assert.True(approved.SequenceEqual(actual), $"""
            The public surface changed, from {approved.Length} lines to {actual.Length}:
            {string.Join('\n', changes.Take(40))}
            If that is meant, approve it: cp artifacts/PublicApi.txt tests/LlmFromScratch.Package.Tests/PublicApi.txt
            """);
    }
}
