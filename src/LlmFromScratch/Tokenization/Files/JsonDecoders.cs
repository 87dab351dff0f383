using System.Text;
using LlmFromScratch.Tokenization.Pipeline;

namespace LlmFromScratch.Tokenization.Files;

/// <summary>The decoder of a tokenizer.json: what each token stands for, and what happens at the start of a text.</summary>
internal static class JsonDecoders
{
    public static TokenDecoding Read(JsonPart? decoder, Vocabulary vocabulary)
    {
        if (decoder is not { } part) return new TokenDecoding(TokenDecoding.BytesOf(vocabulary, Encoding.UTF8.GetBytes), DropsFirstSpace: false);
        if (part.Type == "WordPiece") return WordPiece(part, vocabulary);
        List<(string From, string To)> replaced = [];
        bool dropsFirst = false;
        Collect(part, replaced, ref dropsFirst);
        return new TokenDecoding(TokenDecoding.BytesOf(vocabulary, text =>
        {
            foreach ((string from, string to) in replaced) text = text.Replace(from, to, StringComparison.Ordinal);
            return Encoding.UTF8.GetBytes(text);
        }), dropsFirst);
    }

    private static void Collect(JsonPart part, List<(string, string)> replaced, ref bool dropsFirst)
    {
        switch (part.Type)
        {
            case "Sequence":
                foreach (JsonPart child in part.Get("decoders").Items()) Collect(child, replaced, ref dropsFirst);
                break;
            case "Replace" when part.Get("pattern").Find("String") is { } from: replaced.Add((from.AsText(), part.GetText("content"))); break;
            case "Metaspace":
                replaced.Add((part.GetText("replacement", "\u2581"), " "));
                dropsFirst = part.GetText("prepend_scheme", part.GetFlag("add_prefix_space", true) ? "always" : "never") != "never";
                break;
            case "Strip" when part.GetText("content", " ") == " " && part.GetInt32("stop", 0) == 0: dropsFirst = part.GetInt32("start", 0) > 0; break;
            case "ByteFallback" or "Fuse": break; // byte tokens are bytes here in any case
            default: throw part.Unsupported($"decoder '{part.Type}'");
        }
    }

    private static TokenDecoding WordPiece(JsonPart part, Vocabulary vocabulary)
    {
        string prefix = part.GetText("prefix", "##");
        byte[] Spell(string text) => Encoding.UTF8.GetBytes(text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : " " + text);
        return new TokenDecoding(TokenDecoding.BytesOf(vocabulary, Spell), DropsFirstSpace: true, CleansUp: part.GetFlag("cleanup", true));
    }
}
