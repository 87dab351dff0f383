using System.Text.Json;

namespace LlmFromScratch.Tokenization.Files;

/// <summary>Which tokens begin and end a text: what the post-processor of a tokenizer.json puts around it, and what a tokenizer_config.json beside it names.</summary>
internal static class JsonSpecialTokens
{
    public static SpecialTokens Read(JsonPart root, Vocabulary vocabulary, int? unknown)
    {
        (int? before, int? after) = root.Find("post_processor") is { } processor ? Around(processor, vocabulary) : (null, null);
        string configPath = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(root.File)) ?? "", "tokenizer_config.json");
        int? begin = before, end = after;
        bool addsBegin = before is not null, addsEnd = after is not null;
        if (File.Exists(configPath))
        {
            using JsonDocument document = JsonPart.Read(configPath);
            JsonPart config = new(configPath, "", document.RootElement);
            begin = FindNamed(config, "bos_token", vocabulary) ?? begin;
            end = FindNamed(config, "eos_token", vocabulary) ?? end;
            addsBegin = config.GetFlag("add_bos_token", addsBegin) && begin is not null;
            addsEnd = config.GetFlag("add_eos_token", addsEnd) && end is not null;
        }
        return new SpecialTokens { BeginOfSequence = begin, EndOfSequence = end, Unknown = unknown, AddBeginOfSequence = addsBegin, AddEndOfSequence = addsEnd };
    }

    private static (int? Before, int? After) Around(JsonPart processor, Vocabulary vocabulary)
    {
        switch (processor.Type)
        {
            case "ByteLevel": return (null, null); // trims offsets only
            case "Sequence":
                (int? Before, int? After) all = (null, null);
                foreach (JsonPart part in processor.Get("processors").Items())
                {
                    (int? before, int? after) = Around(part, vocabulary);
                    all = (all.Before ?? before, all.After ?? after);
                }
                return all;
            case "BertProcessing" or "RobertaProcessing": return (Pair(processor.Get("cls"), vocabulary), Pair(processor.Get("sep"), vocabulary));
            case "TemplateProcessing": return Template(processor.Get("single"), vocabulary);
            default: throw processor.Unsupported($"post-processor '{processor.Type}'");
        }
    }

    private static (int?, int?) Template(JsonPart single, Vocabulary vocabulary)
    {
        int? before = null, after = null;
        bool isBehind = false;
        foreach (JsonPart part in single.Items())
        {
            if (part.Find("Sequence") is not null) isBehind = true;
            else if (part.Find("SpecialToken") is not { } token) throw part.Broken("expected 'Sequence' or 'SpecialToken'");
            else if (isBehind) after ??= Find(token.GetText("id"), vocabulary);
            else before ??= Find(token.GetText("id"), vocabulary);
        }
        return (before, after);
    }

    private static int? Pair(JsonPart pair, Vocabulary vocabulary) => Find(pair.Items().First().AsText(), vocabulary);

    private static int? FindNamed(JsonPart config, string name, Vocabulary vocabulary) => config.Find(name) is not { } token ? null
        : Find(token.Element.ValueKind == JsonValueKind.Object ? token.GetText("content") : token.AsText(), vocabulary);

    private static int? Find(string text, Vocabulary vocabulary) => vocabulary.Texts.IndexOf(text) is >= 0 and int id ? id : null;
}
