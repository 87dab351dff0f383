using System.Text.RegularExpressions;
using LlmFromScratch.Tokenization;
using Microsoft.ML.Tokenizers;

namespace LlmFromScratch.MLTokenizers;

/// <summary>The way back: a vocabulary that <see cref="BpeTrainer"/> learned, given to Microsoft.ML.Tokenizers, so that both can split the same text.</summary>
public static class BpeTokenizerExport
{
    /// <summary>The package's tokenizer with our vocabulary and merges. Control tokens are never found in text, as in ours.</summary>
    /// <param name="tokenizer">Every token's text must be different.</param>
    /// <param name="words">The pattern that cuts a text into words: the published one of <see cref="ByteLevelBpeTokenizer.PreTokenizer"/>.</param>
    /// <exception cref="ArgumentException">Two tokens have the same text.</exception>
    public static BpeTokenizer ToBpeTokenizer(this ByteLevelBpeTokenizer tokenizer, Regex words)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(words);
        ReadOnlySpan<string> texts = tokenizer.Vocabulary.Texts; // [V]
        Dictionary<string, int> ids = new(texts.Length);
        for (int id = 0; id < texts.Length; id++)
            if (!ids.TryAdd(texts[id], id))
                throw new ArgumentException($"BpeTokenizerExport: expected different tokens, got '{texts[id]}' as {ids[texts[id]]} and {id}.", nameof(tokenizer));
        List<string> merges = new(tokenizer.Merges.Length);
        foreach (BpeMerge merge in tokenizer.Merges) merges.Add($"{texts[merge.Left]} {texts[merge.Right]}");
        return BpeTokenizer.Create(new BpeOptions(ids)
        {
            Merges = merges,
            ByteLevel = true,
            PreTokenizer = new RegexPreTokenizer(words, null),
        });
    }
}
