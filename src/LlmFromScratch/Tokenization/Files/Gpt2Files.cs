using System.Text.Json;

namespace LlmFromScratch.Tokenization.Files;

/// <summary>Reads GPT-2's pair of files: the tokens and their ids (vocab.json, first published as encoder.json) and the merges in order (merges.txt, first vocab.bpe).</summary>
public static class Gpt2Files
{
    /// <summary>The tokenizer of the two files; words are cut as GPT-2 does.</summary>
    /// <exception cref="InvalidDataException">A file breaks its form; the message names file and line.</exception>
    public static ByteLevelBpeTokenizer Load(string vocabularyPath, string mergesPath)
    {
        Dictionary<string, int> ids = ReadVocabulary(vocabularyPath);
        string[] texts = new string[ids.Count]; // [V]
        TokenKind[] kinds = new TokenKind[ids.Count]; // [V]
        foreach ((string text, int id) in ids)
            (texts[id], kinds[id]) = (text, text is "<|endoftext|>" or "<s>" or "</s>" or "<pad>" or "<unk>" or "<mask>" ? TokenKind.Control : TokenKind.Normal);
        int? end = ids.TryGetValue("<|endoftext|>", out int endOfText) ? endOfText : ids.TryGetValue("</s>", out int endOfSequence) ? endOfSequence : null;
        return new ByteLevelBpeTokenizer(new Vocabulary(vocabularyPath, texts, kinds), ReadMerges(mergesPath, ids),
            new SpecialTokens { EndOfSequence = end, BeginOfSequence = ids.TryGetValue("<s>", out int begin) ? begin : end }, PreTokenizer.Gpt2);
    }

    private static Dictionary<string, int> ReadVocabulary(string path)
    {
        Dictionary<string, int>? ids;
        try
        {
            ids = JsonSerializer.Deserialize<Dictionary<string, int>>(File.ReadAllBytes(path));
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path}: expected an object of tokens and ids: {e.Message}", e);
        }
        if (ids is not { Count: > 0 }) throw new InvalidDataException($"{path}: expected an object of tokens and ids, got none.");
        HashSet<int> seen = [];
        foreach ((string text, int id) in ids)
            if (id < 0 || id >= ids.Count || !seen.Add(id)) throw new InvalidDataException($"{path}: token '{text}': expected each id from 0 to {ids.Count - 1} once, got {id}.");
        return ids;
    }

    private static BpeMerge[] ReadMerges(string path, Dictionary<string, int> ids)
    {
        List<BpeMerge> merges = [];
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            if (line.Length == 0 || (number == 1 && line.StartsWith("#version", StringComparison.Ordinal))) continue;
            merges.Add(BpeMergeText.TryParse(line, ids, out BpeMerge merge) ? merge : throw new InvalidDataException(
                $"{path}: line {number}: expected two tokens that make a third, with a space between them, got '{line}'."));
        }
        return [.. merges];
    }
}
