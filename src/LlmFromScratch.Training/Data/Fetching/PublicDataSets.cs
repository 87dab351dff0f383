namespace LlmFromScratch.Training.Data.Fetching;

/// <summary>
/// The published files that <c>llmfs data fetch</c> knows by name. Nothing of this repository needs them; they are what others train small models on.
/// </summary>
public static class PublicDataSets
{
    // The revision whose sizes and hashes stand below: a later one cannot change what is fetched.
    private const string TinyStories = "https://huggingface.co/datasets/roneneldan/TinyStories/resolve/f54c09fd23315a6f9c86f9dc80f725de7d8f9c64/";
    private const string TinyStoriesLicence = "CDLA-Sharing-1.0";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<PublicDataSet> All { get; } =
    [
        new("tinystories", "2 million short tales by GPT-3.5 and GPT-4 (Eldan and Li 2023)", new Uri(TinyStories + "TinyStories-train.txt"),
            "TinyStories-train.txt", 1_924_281_556, "c5cf5e22ff13614e830afbe61a99fbcbe8bcb7dd72252b989fa1117a368d401f", TinyStoriesLicence),
        new("tinystories-valid", "its 22,000 held-out tales", new Uri(TinyStories + "TinyStories-valid.txt"),
            "TinyStories-valid.txt", 19_447_282, "94e431816c4cce81ff71e4408ff8d3bda9a42e8d2663986697c3954288cb38b4", TinyStoriesLicence),
        new("tinyshakespeare", "40,000 lines of Shakespeare (Karpathy 2015)",
            new Uri("https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/input.txt"),
            "tinyshakespeare.txt", 1_115_394, "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed", "LicenseRef-Public-Domain"),
    ];
}
