using LlmFromScratch.Course.Checking;

namespace LlmFromScratch.Course.Chapters.Ch03;

/// <summary>Exercise 3.6: WordPiece's longest match.</summary>
internal sealed class WordPieceExercise : Exercise<Func<string, string[], string[]>>
{
    /// <inheritdoc/>
    public override string Id => "3.6";

    /// <inheritdoc/>
    public override string Title => "WordPiece: the longest match";

    /// <inheritdoc/>
    protected override Func<string, string[], string[]> Solution => WordPiece.Split;

    /// <inheritdoc/>
    protected override Func<string, string[], string[]> Stub => (_, _) => throw new NotImplementedException("exercise 3.6");

    /// <inheritdoc/>
    protected override IEnumerable<ExerciseCase<Func<string, string[], string[]>>> CreateCases() =>
    [
        Word("a word of the vocabulary", "fox", "f", "##o", "##x", "fox"),
        Word("foxes = fox ##es", "foxes", "f", "fox", "##e", "##s", "##es"),
        Word("two lengths fit: the shorter stands first", "playing", "p", "play", "pl", "##a", "##i", "##ing", "##ying", "##y", "##in", "##g"),
        Word("a piece that exists only at the start", "xfox", "x", "fox", "##f", "##o", "##x"),
        Word("a piece that exists only inside", "ingot", "##ing", "i", "##n", "##g", "##o", "##t"),
        Word("stuck in the middle: [UNK]", "foxy", "fox", "f", "##o", "##x"),
        Word("stuck, although a shorter first piece would do", "abcd", "ab", "abc", "##cd", "a"),
        Word("a first letter that is not there", "ßo", "##o", "o"),
        Word("one letter", "a", "a", "##a"),
        Word("nothing at all", "", "a"),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Mistake> Mistakes { get; } =
    [
        Mistake("[UNK] for a piece",
            "where nothing fits, one letter becomes [UNK] and the rest goes on. In WordPiece the whole word becomes one [UNK].",
            (word, vocabulary) => Match(word, vocabulary, FitsBert, stuck: pieces => [.. pieces, WordPiece.Unknown], goesOn: true)),
        Mistake("pieces before [UNK] kept",
            "the pieces found before the word got stuck are kept. In WordPiece the whole word becomes one [UNK].",
            (word, vocabulary) => Match(word, vocabulary, FitsBert, stuck: pieces => [.. pieces, WordPiece.Unknown])),
        Mistake("shortest match",
            "the shortest piece that fits is taken. Begin with the whole rest of the word and make it shorter.",
            (word, vocabulary) => Match(word, vocabulary, (rest, isStart, all) =>
                FitsBert(rest, isStart, all).OrderBy(piece => piece.Length).Take(1))),
        Mistake("first in the list",
            "the first piece of the vocabulary that fits is taken. The order of the vocabulary means nothing here: take the longest.",
            (word, vocabulary) => Match(word, vocabulary, (rest, isStart, all) => FitsBert(rest, isStart, all).Take(1))),
        Mistake("## not looked up",
            "inside a word, pieces without ## are used as if they were the start of one. Inside a word look up ## and the letters.",
            (word, vocabulary) => Match(word, vocabulary, (rest, _, all) =>
                all.Where(piece => !piece.StartsWith("##") && rest.StartsWith(piece, StringComparison.Ordinal)))),
        Mistake("either form inside",
            "inside a word, pieces without ## are used as well as those with it. A piece without ## begins a word; inside only ## and the "
            + "letters count.",
            (word, vocabulary) => Match(word, vocabulary, (rest, isStart, all) => isStart
                ? FitsBert(rest, isStart, all) : all.Where(piece => rest.StartsWith(piece.TrimStart('#'), StringComparison.Ordinal)))),
        Mistake("## allowed at the start",
            "a ## piece is used at the start of a word. ## means “inside a word”: the start needs a piece without it.",
            (word, vocabulary) => Match(word, vocabulary, (rest, _, all) =>
                all.Where(piece => rest.StartsWith(piece.TrimStart('#'), StringComparison.Ordinal)))),
        Mistake("## written at the start too",
            "the cut is right, but the first piece has ## in front as well. ## means “inside a word”: the first piece has none.",
            (word, vocabulary) => WordPiece.Split(word, vocabulary) is [not WordPiece.Unknown, ..] pieces ? ["##" + pieces[0], .. pieces[1..]] : WordPiece.Split(word, vocabulary)),
        Mistake("## looked up at the start too",
            "every piece is looked up with ## in front, the first one too. ## means “inside a word”: at the start look up the letters as they are.",
            (word, vocabulary) => Match(word, vocabulary, (rest, _, all) => FitsBert(rest, isStart: false, all))),
        Mistake("## dropped",
            "the cut is right, but the ## is missing from the pieces, so nobody can tell where a word begins.",
            (word, vocabulary) => [.. WordPiece.Split(word, vocabulary).Select(piece => piece.TrimStart('#'))]),
        Mistake("takes a choice back",
            "where the longest match gets stuck, shorter ones are tried. That may be kinder, but WordPiece is greedy: the word becomes [UNK], "
            + "and a model was trained so.",
            (word, vocabulary) => AnyCut(word, vocabulary, isStart: true)?.ToArray() ?? [WordPiece.Unknown]),
    ];

    private static ExerciseCase<Func<string, string[], string[]>> Word(string name, string word, params string[] vocabulary) =>
        Case(name, (split, inputs) => Answer.Of(split(word, inputs.Copy(vocabulary)), i => $"piece {i}"));

    private static IEnumerable<string> FitsBert(string rest, bool isStart, string[] vocabulary) => vocabulary.Where(piece =>
        isStart ? !piece.StartsWith("##") && rest.StartsWith(piece, StringComparison.Ordinal)
        : piece.StartsWith("##") && rest.StartsWith(piece[2..], StringComparison.Ordinal));

    // The longest of the pieces that fit, again and again; what happens where none fits is the caller's.
    private static string[] Match(string word, string[] vocabulary, Func<string, bool, string[], IEnumerable<string>> fits,
        Func<List<string>, List<string>>? stuck = null, bool goesOn = false)
    {
        List<string> pieces = [];
        for (int at = 0; at < word.Length;)
        {
            string? piece = fits(word[at..], at == 0, vocabulary).OrderByDescending(p => p.TrimStart('#').Length).FirstOrDefault();
            if (piece is not null)
            {
                pieces.Add(piece);
                at += piece.TrimStart('#').Length;
                continue;
            }
            if (stuck is null) return [WordPiece.Unknown];
            pieces = stuck(pieces);
            if (!goesOn) break;
            at++;
        }
        return [.. pieces];
    }

    private static IEnumerable<string>? AnyCut(string word, string[] vocabulary, bool isStart)
    {
        if (word.Length == 0) return [];
        foreach (string piece in FitsBert(word, isStart, vocabulary).OrderByDescending(piece => piece.Length))
            if (AnyCut(word[piece.TrimStart('#').Length..], vocabulary, isStart: false) is { } rest) return rest.Prepend(piece);
        return null;
    }
}
