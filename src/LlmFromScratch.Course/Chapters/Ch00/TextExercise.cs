using System.Text;
using LlmFromScratch.Course.Checking;

namespace LlmFromScratch.Course.Chapters.Ch00;

/// <summary>Exercise 0.1: from ids back to text.</summary>
internal sealed class TextExercise : Exercise<Func<int[], byte[][], string>>
{
    private static readonly byte[][] Pieces =
    [
        "Once"u8.ToArray(), " upon"u8.ToArray(), " a"u8.ToArray(), " f"u8.ToArray(), "ox"u8.ToArray(), [0xC3], [0xBC], "chs"u8.ToArray(), [0xF0, 0x9F], [0xA6, 0x8A], "\n"u8.ToArray(), ""u8.ToArray(), " "u8.ToArray(),
    ];

    /// <inheritdoc/>
    public override string Id => "0.1";

    /// <inheritdoc/>
    public override string Title => "From ids back to text";

    /// <inheritdoc/>
    protected override Func<int[], byte[][], string> Solution => (ids, pieces) => Encoding.UTF8.GetString([.. ids.SelectMany(id => pieces[id])]);

    /// <inheritdoc/>
    protected override Func<int[], byte[][], string> Stub => (_, _) => throw new NotImplementedException("exercise 0.1");

    /// <inheritdoc/>
    protected override IEnumerable<ExerciseCase<Func<int[], byte[][], string>>> CreateCases() =>
    [
        Ask("one token", 0),
        Ask("three tokens", 0, 1, 2),
        Ask("a word in two tokens", 2, 3, 4),
        Ask("a space at the beginning", 1, 2),
        Ask("a space at the end", 0, 12),
        Ask("a character in two tokens", 3, 5, 6, 7),
        Ask("an emoji in two tokens", 2, 12, 8, 9, 10),
        Ask("a line break, an empty token", 0, 10, 11, 1),
        Ask("no tokens"),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Mistake> Mistakes { get; } =
    [
        Mistake("each token by itself", "each token is turned into text by itself. A character whose bytes stand in two tokens is lost: join the bytes first, then make text.",
            (ids, pieces) => string.Concat(ids.Select(id => Encoding.UTF8.GetString(pieces[id])))),
        Mistake("spaces between", "a space is put between the tokens. Pieces carry their own: \" upon\" begins with one.",
            (ids, pieces) => string.Join(' ', ids.Select(id => Encoding.UTF8.GetString(pieces[id])))),
        Mistake("trimmed", "spaces at the ends are cut off. They are part of the text; the next token may need them.",
            (ids, pieces) => Encoding.UTF8.GetString([.. ids.SelectMany(id => pieces[id])]).Trim()),
        Mistake("bytes as characters", "each byte became a character of its own. Bytes above 127 belong together: decode them as UTF-8.",
            (ids, pieces) => string.Concat(ids.SelectMany(id => pieces[id]).Select(b => (char)b))),
        Mistake("ASCII", "the bytes are read as ASCII, which has no ü and no emoji. They are UTF-8.",
            (ids, pieces) => Encoding.ASCII.GetString([.. ids.SelectMany(id => pieces[id])])),
        Mistake("ids by position", "the pieces are taken in order, whatever the ids say. An id is an index into pieces.",
            (ids, pieces) => Encoding.UTF8.GetString([.. ids.SelectMany((_, i) => pieces[i])])),
        Mistake("last token left out", "the last token is missing.", (ids, pieces) => Encoding.UTF8.GetString([.. ids.SkipLast(1).SelectMany(id => pieces[id])])),
        Mistake("turned round", "the tokens come in the wrong order, the last first.", (ids, pieces) => Encoding.UTF8.GetString([.. ids.Reverse().SelectMany(id => pieces[id])])),
    ];

    private static ExerciseCase<Func<int[], byte[][], string>> Ask(string name, params int[] ids) =>
        Case(name, (text, inputs) => Answer.Of(text(inputs.Copy(ids), [.. Pieces.Select(inputs.Copy)])));
}
