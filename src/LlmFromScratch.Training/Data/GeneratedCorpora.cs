using LlmFromScratch.Training.Data.Dialogues;
using LlmFromScratch.Training.Data.TinyTales;

namespace LlmFromScratch.Training.Data;

/// <summary>The sets that this repository makes; <c>llmfs data make</c> writes each, and a recipe can name those that are plain text.</summary>
public static class GeneratedCorpora
{
    /// <summary>All sets.</summary>
    public static IReadOnlyList<GeneratedCorpus> All { get; } =
    [
        new("tiny-tales", ".txt", "short tales from a small simulated world", request =>
        {
            TinyTalesGenerator tales = new(request.Seed, request.Split);
            return _ => tales.NextStory();
        }),
        new("tales-base", ".txt", "tales and plain-text talks about them, the text of models/tales-base", TalesBaseCorpus.Start),
        new("conversations", ".jsonl", "talks of several turns about tales and small worlds", request =>
        {
            DialogueGenerator dialogues = new(request.Seed, request.Split);
            return _ => dialogues.Next().ToJson();
        }),
    ];

    /// <summary>The names of the sets that are plain text, so that a recipe can name them.</summary>
    public static IReadOnlyList<string> TextNames { get; } = [.. All.Where(corpus => corpus.Extension == ".txt").Select(corpus => corpus.Name)];

    /// <summary>The set of that name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static GeneratedCorpus Get(string name) => All.FirstOrDefault(corpus => corpus.Name == name) ?? throw new ArgumentException(
        $"GeneratedCorpora: no set is named \"{name}\"; expected one of {string.Join(", ", All.Select(corpus => corpus.Name))}.", nameof(name));
}
