using LlmFromScratch.Training.Data.Dialogues;
using LlmFromScratch.Training.Data.TinyTales;
using LlmFromScratch.Training.Data.Worlds;

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
        new("tales-base", ".txt", "tales and plain-text talks about them, the text of models/tales-base; its end is held out", TalesBaseCorpus.Start, hasSplits: false),
        new("conversations", ".jsonl", "talks of several turns about tales and small worlds", request =>
        {
            DialogueGenerator dialogues = new(request.Seed, request.Split, DialogueMix.Questions);
            return _ => dialogues.Next().ToJson();
        }),
        new("preferences", ".jsonl", "pairs of a better and a worse answer, by three rules", request =>
        {
            PreferenceGenerator preferences = new(request.Seed, request.Split);
            return _ => preferences.Next().ToJson();
        }),
        new("facts", ".txt", "statements about invented people, for the reversal curse and for saying that one does not know", request =>
        {
            FactsWorld world = new(request.Seed);
            return _ => world.NextDocument();
        }, hasSplits: false),
        new("facts-questions", ".jsonl", "questions about the people of facts with the same seed, in groups", request =>
        {
            FactsWorld world = new(request.Seed);
            return _ => world.NextQuestion();
        }, hasSplits: false),
        new("arithmetic", ".txt", "sums and differences", request => Lines(new Arithmetic(request.Seed, request.Split, scratchpad: false).Next)),
        new("arithmetic-scratchpad", ".txt", "sums and differences with their steps", request => Lines(new Arithmetic(request.Seed, request.Split, scratchpad: true).Next)),
        new("recall", ".txt", "key-value recall", request => Lines(new Recall(request.Seed, request.Split).Next)),
        new("jobs-biased", ".txt", "people at work, nine of ten as the cliche has it", request => Lines(new Jobs(request.Seed, biased: true).Next), hasSplits: false),
        new("jobs-balanced", ".txt", "people at work, half and half", request => Lines(new Jobs(request.Seed, biased: false).Next), hasSplits: false),
    ];

    /// <summary>The names of the sets that are plain text, so that a recipe can name them.</summary>
    public static IReadOnlyList<string> TextNames { get; } = [.. All.Where(corpus => corpus.Extension == ".txt").Select(corpus => corpus.Name)];

    /// <summary>The set of that name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static GeneratedCorpus Get(string name) => All.FirstOrDefault(corpus => corpus.Name == name) ?? throw new ArgumentException(
        $"GeneratedCorpora: no set is named \"{name}\"; expected one of {string.Join(", ", All.Select(corpus => corpus.Name))}.", nameof(name));

    /// <summary>Ten short lines a document.</summary>
    private static Func<long, string> Lines(Func<string> next) => _ => string.Join('\n', Enumerable.Range(0, 10).Select(_ => next()));
}
