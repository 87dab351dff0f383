using System.Text;
using LlmFromScratch.Tokenization;
using LlmFromScratch.Visuals.Rendering;
using LlmFromScratch.Visuals.Widgets;

namespace LlmFromScratch.Visuals.Displays;

/// <summary>A tokenizer as the value of a cell: its size, its special ids, and how it cuts a sentence. Chapter 03 builds one.</summary>
internal static class TokenizerDisplay
{
    private const string Sample = "Once upon a time, a fox didn't sleep.";

    /// <summary>For example "ByteLevelBpeTokenizer with 2,048 tokens".</summary>
    public static string Title(ITokenizer tokenizer) => $"{tokenizer.GetType().Name} with {Sizes.Count(tokenizer.VocabSize)} tokens";

    /// <summary>Title, special ids, and the sentence as chips with ids.</summary>
    public static string Html(ITokenizer tokenizer)
    {
        TokenChipsWidget chips = new(tokenizer, Sample);
        return $"<div role=\"group\" aria-label=\"{Markup.Escape(Title(tokenizer))}\" style=\"line-height:1.5;margin:.3em 0\"><div><strong>{Markup.Escape(Title(tokenizer))}</strong></div>"
            + $"<div style=\"opacity:.75\">{Markup.Escape(Special(tokenizer.SpecialTokens))}</div><div style=\"margin:.3em 0\">{chips.ToSvg()}</div></div>";
    }

    /// <summary>The same in two or three lines.</summary>
    public static string Text(ITokenizer tokenizer)
    {
        int[] ids = tokenizer.Encode(Sample);
        return $"{Title(tokenizer)}\n  {Special(tokenizer.SpecialTokens)}\n  {string.Join('|', ids.Select(id => TokenText.Visible(TokenText.Split(tokenizer.GetBytes(id)))))}\n  {string.Join(' ', ids)}";
    }

    private static string Special(SpecialTokens special)
    {
        var parts = new StringBuilder();
        void Add(string name, int? id) => parts.Append(id is null ? "" : $"{(parts.Length == 0 ? "" : ", ")}{name} {id}");
        Add("begins a text:", special.BeginOfSequence);
        Add("ends it:", special.EndOfSequence);
        foreach (int id in special.EndsOfTurn.Order()) Add("ends a turn:", id);
        Add("unknown:", special.Unknown);
        Add("separator:", special.Separator);
        return parts.Length == 0 ? "no special tokens" : parts.ToString();
    }
}
