using System.Text;
using LlmFromScratch.Tokenization.Patterns;
using LlmFromScratch.Tokenization.Pipeline;

namespace LlmFromScratch.Tokenization.Files;

/// <summary>The pre-tokenizers of a tokenizer.json: as steps of a pipeline, and, as long as they only cut, as stages of a byte-level <see cref="PreTokenizer"/> too.</summary>
internal sealed class JsonPreTokenizers(List<TextStep> steps)
{
    private readonly List<WordStage> _stages = [];

    /// <summary>The stages; all there is, if <see cref="AreAllStages"/>.</summary>
    public IReadOnlyList<WordStage> Stages => _stages;

    /// <summary>Whether nothing but cuts happens to a text.</summary>
    public bool AreAllStages { get; private set; } = steps.Count == 0;

    /// <summary>Whether a space is put before a text.</summary>
    public bool AddsPrefixSpace { get; private set; }

    public void Add(JsonPart part)
    {
        switch (part.Type)
        {
            case "Sequence":
                foreach (JsonPart child in part.Get("pretokenizers").Items()) Add(child);
                break;
            case "ByteLevel":
                if (part.GetFlag("add_prefix_space", true))
                {
                    AddsPrefixSpace = true;
                    AddStep(new PrependStep(" "u8, onlyWhereMissing: true, onlyFirst: false));
                }
                if (part.GetFlag("use_regex", true)) AddStage(new WordScanner(isGpt2: true, int.MaxValue));
                break;
            case "Split": AddSplit(part); break;
            case "Digits": AddStage(new PatternStage(part.GetFlag("individual_digits", false) ? @"\p{N}" : @"\p{N}+")); break;
            case "Punctuation": AddPattern(@"[\p{P}!-/:-@\[-`{-~]", Behavior(part, "Isolated"), inverts: false); break;
            case "Whitespace": AddPattern(@"\w+|[^\w\s]+", SplitBehavior.Removed, inverts: true); break;
            case "WhitespaceSplit": AddStep(new SpaceSplitStep(isolatesPunctuation: false)); break;
            case "BertPreTokenizer": AddStep(new SpaceSplitStep(isolatesPunctuation: true)); break;
            case "CharDelimiterSplit": AddPattern(Escape(part.GetText("delimiter")), SplitBehavior.Removed, inverts: false); break;
            case "Metaspace": AddMetaspace(part); break;
            default: throw part.Unsupported($"pre-tokenizer '{part.Type}'");
        }
    }

    private void AddSplit(JsonPart part)
    {
        JsonPart pattern = part.Get("pattern");
        string regex = pattern.Find("Regex") is { } stated ? stated.AsText() : Escape(pattern.GetText("String"));
        SplitBehavior behavior = Behavior(part, "Isolated");
        bool inverts = part.GetFlag("invert", false);
        // Matches and gaps are both kept where nothing is merged, whichever of them is called the match.
        if (behavior == SplitBehavior.Isolated || (behavior == SplitBehavior.Removed && inverts && KnownPattern(regex) is not null)) AddStage(KnownPattern(regex) ?? new PatternStage(regex));
        else AddPattern(regex, behavior, inverts);
    }

    // Patterns that match every character, so that no gaps are left, and that are written by hand.
    private static WordStage? KnownPattern(string regex) => regex switch
    {
        PreTokenizerCatalog.Gpt2Pattern => new WordScanner(isGpt2: true, int.MaxValue),
        PreTokenizerCatalog.Llama3Pattern => new WordScanner(isGpt2: false, 3),
        PreTokenizerCatalog.Qwen2Pattern => new WordScanner(isGpt2: false, 1),
        @"\d{1,3}(?=(?:\d{3})*\b)" => new DigitGroupStage(),
        _ => null,
    };

    private void AddMetaspace(JsonPart part)
    {
        byte[] mark = Encoding.UTF8.GetBytes(part.GetText("replacement", "\u2581"));
        string scheme = part.GetText("prepend_scheme", part.GetFlag("add_prefix_space", true) ? "always" : "never");
        AddStep(new ReplaceStep(" "u8, mark));
        if (scheme is "always" or "first") AddStep(new PrependStep(mark, onlyWhereMissing: true, onlyFirst: scheme == "first"));
        else if (scheme != "never") throw part.Unsupported($"prepend_scheme '{scheme}'");
        if (part.GetFlag("split", true)) AddPattern(Escape(Encoding.UTF8.GetString(mark)), SplitBehavior.MergedWithNext, inverts: false);
    }

    private static SplitBehavior Behavior(JsonPart part, string fallback) => Enum.TryParse(part.GetText("behavior", fallback), out SplitBehavior behavior)
        ? behavior : throw part.Unsupported($"behavior '{part.GetText("behavior")}'");

    private void AddPattern(string regex, SplitBehavior behavior, bool inverts) => AddStep(new PatternSplitStep(new WordPattern(regex), behavior, inverts));

    private void AddStage(WordStage stage)
    {
        _stages.Add(stage);
        steps.Add(new WordSplitStep(new PreTokenizer("tokenizer.json", stage)));
    }

    private void AddStep(TextStep step)
    {
        AreAllStages = false;
        steps.Add(step);
    }

    private static string Escape(string text) => string.Concat(text.Select(c => char.IsAsciiLetterOrDigit(c) || c > '~' ? c.ToString() : $"\\x{(int)c:X2}"));
}
