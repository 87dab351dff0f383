using LlmFromScratch.Training.Data.TinyTales;

namespace LlmFromScratch.Training.Data;

/// <summary>The texts that this repository makes and a recipe can name.</summary>
public static class GeneratedCorpora
{
    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = ["tiny-tales", "tales-base"];

    /// <summary>Writes one of them; see <see cref="TinyTalesCorpus.Write"/> for parameters and exceptions.</summary>
    /// <exception cref="ArgumentException">The name is none of <see cref="Names"/>.</exception>
    public static void Write(string name, string path, ulong seed, long bytes, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        switch (name)
        {
            case "tiny-tales":
                TinyTalesCorpus.Write(path, seed, bytes, progress, cancellationToken);
                break;
            case "tales-base":
                TalesBaseCorpus.Write(path, seed, bytes, progress, cancellationToken);
                break;
            default:
                throw new ArgumentException($"GeneratedCorpora: no corpus is named \"{name}\"; expected one of {string.Join(", ", Names)}.", nameof(name));
        }
    }
}
