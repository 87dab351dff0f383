using System.Text;
using LlmFromScratch.Tokenization.Patterns;
using LlmFromScratch.Tokenization.Pipeline;
using LlmFromScratch.Tokenization.Unicode;

namespace LlmFromScratch.Tokenization.Files;

/// <summary>The normalisers of a tokenizer.json as steps.</summary>
internal static class JsonNormalizers
{
    public static void Add(JsonPart part, List<TextStep> steps)
    {
        switch (part.Type)
        {
            case "Sequence":
                foreach (JsonPart child in part.Get("normalizers").Items()) Add(child, steps);
                break;
            case "NFC": steps.Add(new UnicodeForm(composes: true, compatibility: false)); break;
            case "NFD": steps.Add(new UnicodeForm(composes: false, compatibility: false)); break;
            case "NFKC": steps.Add(new UnicodeForm(composes: true, compatibility: true)); break;
            case "NFKD": steps.Add(new UnicodeForm(composes: false, compatibility: true)); break;
            case "Lowercase": steps.Add(new CharacterNormalizer(CharacterRules.Lowercase)); break;
            case "StripAccents": steps.Add(new CharacterNormalizer(CharacterRules.DropAccents)); break;
            case "BertNormalizer": AddBert(part, steps); break;
            case "Strip": steps.Add(new StripStep(part.GetFlag("strip_left", true), part.GetFlag("strip_right", true))); break;
            case "Prepend": steps.Add(new PrependStep(Encoding.UTF8.GetBytes(part.GetText("prepend")), onlyWhereMissing: false, onlyFirst: false)); break;
            case "Replace":
                byte[] content = Encoding.UTF8.GetBytes(part.GetText("content"));
                JsonPart pattern = part.Get("pattern");
                steps.Add(pattern.Find("String") is { } text ? new ReplaceStep(Encoding.UTF8.GetBytes(text.AsText()), content)
                    : new PatternReplaceStep(new WordPattern(pattern.GetText("Regex")), content));
                break;
            case "Precompiled": steps.Add(new CharacterMap(part.File, ReadMap(part.Get("precompiled_charsmap")))); break;
            default: throw part.Unsupported($"normaliser '{part.Type}'");
        }
    }

    private static void AddBert(JsonPart part, List<TextStep> steps)
    {
        bool lowers = part.GetFlag("lowercase", true);
        if (part.GetFlag("clean_text", true)) steps.Add(new CharacterNormalizer(CharacterRules.CleanText));
        if (part.GetFlag("handle_chinese_chars", true)) steps.Add(new CharacterNormalizer(CharacterRules.SpaceChinese));
        if (part.GetFlag("strip_accents", lowers))
        {
            steps.Add(new UnicodeForm(composes: false, compatibility: false));
            steps.Add(new CharacterNormalizer(CharacterRules.DropAccents));
        }
        if (lowers) steps.Add(new CharacterNormalizer(CharacterRules.Lowercase));
    }

    private static byte[] ReadMap(JsonPart map)
    {
        try
        {
            return Convert.FromBase64String(map.AsText());
        }
        catch (FormatException)
        {
            throw map.Broken("expected base64");
        }
    }
}
