using System.Text.Json;
using LlmFromScratch.Tokenization.Pipeline;

namespace LlmFromScratch.Tokenization.Files;

/// <summary>The tokens, merges and added tokens of a tokenizer.json.</summary>
internal sealed class JsonVocabulary
{
    private const int LargestVocabulary = 10_000_000;

    private JsonVocabulary(Vocabulary vocabulary, BpeMerge[] merges, int? unknown) => (Vocabulary, Merges, Unknown) = (vocabulary, merges, unknown);

    public Vocabulary Vocabulary { get; }

    public BpeMerge[] Merges { get; }

    public int? Unknown { get; }

    /// <summary>The model's type; the oldest files do not name it.</summary>
    public static string TypeOf(JsonPart model) => model.Type.Length > 0 ? model.Type : model.Find("merges") is not null ? "BPE" : model.Find("unk_id") is not null ? "Unigram" : "WordPiece";

    public static JsonVocabulary Read(JsonPart root, JsonPart model, bool isByteLevel)
    {
        foreach (string name in (ReadOnlySpan<string>)["end_of_word_suffix", TypeOf(model) == "BPE" ? "continuing_subword_prefix" : "end_of_word_suffix"])
            if (model.Find(name) is { } part && part.AsText().Length > 0) throw part.Unsupported($"'{part.AsText()}'");
        List<(string Text, int Id, float Score)> tokens = TypeOf(model) == "Unigram"
            ? [.. model.Get("vocab").Items().Select((pair, id) => pair.Items().ToArray() is [var text, var score] ? (text.AsText(), id, score.AsSingle()) : throw pair.Broken("expected a piece and its score"))]
            : [.. model.Get("vocab").Fields().Select(field => (field.Name, field.Value.AsInt32(), 0f))];
        (string Text, int Id, bool IsSpecial)[] added = root.Find("added_tokens") is { } list ? [.. list.Items().Select(ReadAdded)] : [];
        int size = 1 + tokens.Select(token => token.Id).Concat(added.Select(token => token.Id)).DefaultIfEmpty(-1).Max();
        if (size == 0 || size > LargestVocabulary || tokens.Concat(added.Select(t => (t.Text, t.Id, 0f))).Any(token => token.Item2 < 0))
            throw model.Broken($"expected ids from 0 to {LargestVocabulary}, the largest is {size - 1}");
        string[] texts = new string[size]; // [V]
        TokenKind[] kinds = new TokenKind[size]; // [V]
        float[] scores = new float[size]; // [V]
        Array.Fill(texts, "");
        Array.Fill(kinds, TokenKind.Unused);
        bool hasBytes = !isByteLevel && model.GetFlag("byte_fallback", false);
        foreach ((string text, int id, float score) in tokens)
            (texts[id], scores[id], kinds[id]) = (text, score, hasBytes && ByteTokens.TryParse(text, out _) ? TokenKind.Byte : TokenKind.Normal);
        foreach ((string text, int id, bool isSpecial) in added) (texts[id], kinds[id]) = (text, isSpecial ? TokenKind.Control : TokenKind.UserDefined);
        int? unknown = FindUnknown(model, texts);
        if (unknown is int known) kinds[known] = TokenKind.Unknown;
        Vocabulary vocabulary = new(root.File, texts, kinds, scores);
        return new JsonVocabulary(vocabulary, ReadMerges(model, tokens), unknown);
    }

    /// <summary>WordPiece's model; the file marks pieces that go on in a word, ours marks those that start one.</summary>
    public static WordPieceModel WordPiece(JsonPart model, JsonVocabulary read)
    {
        string prefix = model.GetText("continuing_subword_prefix", "##");
        Dictionary<string, int> pieces = [];
        for (int id = 0; id < read.Vocabulary.Count; id++)
        {
            string text = read.Vocabulary.Texts[id];
            if (read.Vocabulary.Kinds[id] is TokenKind.Normal)
                pieces[text.StartsWith(prefix, StringComparison.Ordinal) && text.Length > prefix.Length ? text[prefix.Length..] : '\u2581' + text] = id;
        }
        return new WordPieceModel(pieces, read.Unknown ?? throw model.Broken("expected 'unk_token', got none"), model.GetInt32("max_input_chars_per_word", 100));
    }

    private static (string, int, bool) ReadAdded(JsonPart token)
    {
        if (token.GetFlag("single_word", false)) throw token.Unsupported("'single_word'");
        return (token.GetText("content"), token.Get("id").AsInt32(), token.GetFlag("special", false));
    }

    private static int? FindUnknown(JsonPart model, string[] texts)
    {
        if (model.Find("unk_id") is { } id) return id.AsInt32() is int value && value >= 0 && value < texts.Length ? value : throw id.Broken($"expected an id below {texts.Length}");
        if (model.Find("unk_token") is not { } token) return null;
        int found = Array.IndexOf(texts, token.AsText());
        return found >= 0 ? found : null; // named and not there: then nothing becomes unknown
    }

    private static BpeMerge[] ReadMerges(JsonPart model, List<(string Text, int Id, float Score)> tokens)
    {
        if (model.Find("merges") is not { } list) return [];
        Dictionary<string, int> ids = new(tokens.Count, StringComparer.Ordinal);
        foreach ((string text, int id, _) in tokens) ids[text] = id;
        return [.. list.Items().Select(item => Parse(item, ids))];
    }

    private static BpeMerge Parse(JsonPart item, Dictionary<string, int> ids)
    {
        bool isPair = item.Element.ValueKind == JsonValueKind.Array && item.Element.GetArrayLength() == 2;
        return (isPair ? BpeMergeText.TryMake(item.Items().First().AsText(), item.Items().Last().AsText(), ids, out BpeMerge merge) : BpeMergeText.TryParse(item.AsText(), ids, out merge))
            ? merge : throw item.Broken("expected two tokens that make a third");
    }
}
