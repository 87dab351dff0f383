using System.Text;
using System.Text.RegularExpressions;
using LlmFromScratch.Course.Checking;
using LlmFromScratch.Tokenization;
using MakeTokenizer = System.Func<byte[][], LlmFromScratch.Tokenization.BpeMerge[], LlmFromScratch.Tokenization.SpecialTokens, LlmFromScratch.Tokenization.ITokenizer>;

namespace LlmFromScratch.Course.Chapters.Ch03;

/// <summary>Exercise 3.4: a whole tokenizer, which can then drive the embedded model.</summary>
internal sealed partial class TokenizerExercise : Exercise<MakeTokenizer>
{
    private const string EndOfText = "<|endoftext|>";

    // Holds what the cases need: indentation, "sa" as an early merge, a letter of two bytes, a character of three.
    private const string Corpus = """
        The fox said: the sad sailor sat on the sand. Once upon a time the fox said it again, and the sailor sang and sang.
        It's the fox's sand; don't say that the fox can't sail. The füchse said so. The 小狐狸 said so too. The 小狐狸 sang.
                return said;
                return sand;
                return the sailor;
        """;

    private static readonly ByteLevelBpeTokenizer Trained = new BpeTrainer(new BpeTrainingOptions
    {
        VocabSize = 330, ControlTokens = [EndOfText], BeginOfSequence = EndOfText, EndOfSequence = EndOfText,
    }).Train([Corpus]);

    /// <inheritdoc/>
    public override string Id => "3.4";

    /// <inheritdoc/>
    public override string Title => "A whole tokenizer";

    /// <inheritdoc/>
    protected override MakeTokenizer Solution => (_, _, _) => Trained; // the cases hand out its own vocabulary

    /// <inheritdoc/>
    protected override MakeTokenizer Stub => (_, _, _) => throw new NotImplementedException("exercise 3.4");

    /// <inheritdoc/>
    protected override IEnumerable<ExerciseCase<MakeTokenizer>> CreateCases() =>
    [
        Ids("Encode the", "the"),
        Ids("Encode The fox said", "The fox said"),
        Ids("Encode two spaces and a line break", "the  fox\n sand"),
        Ids("Encode indented code", "    return said;"),
        Ids("Encode 'sand: a border between 's and and", "'sand"),
        Ids("Encode don't THE FOX", "don't THE FOX"),
        Ids("Encode Füchse", "Füchse füchse"),
        Ids("Encode Chinese and an emoji", "小狐狸 said 🦊"),
        Ids("Encode an empty text", ""),
        Ids("Encode a text that spells a control token", "the " + EndOfText),
        Text("Decode what was encoded", Trained.Encode("The fox's  sand,\n füchse")),
        Text("Decode a character that is spread over tokens", Trained.Encode("a 🦊 and 大")),
        Text("Decode half a character", [.. Trained.Encode("🦊").Take(2), .. Trained.Encode("the")]),
        Text("Decode ids with a control token among them", [.. Trained.Encode("the"), Trained.SpecialTokens.EndOfSequence ?? 0, .. Trained.Encode(" fox")]),
        Make("VocabSize", (tokenizer, _) => Answer.Of(tokenizer.VocabSize)),
        Make("SpecialTokens.EndOfSequence", (tokenizer, _) => Answer.Of(tokenizer.SpecialTokens.EndOfSequence ?? -1)),
        Make("GetBytes of every id", (tokenizer, _) =>
            Answer.Of([.. Enumerable.Range(0, Trained.VocabSize).Select(id => Convert.ToHexString(tokenizer.GetBytes(id)))],
                id => $"GetBytes({id})")),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Mistake> Mistakes { get; } =
    [
        Mistake("across words",
            "merges cross the borders of words. Cut the text into words first and merge inside each; “'sand” is 's and and, and a run of spaces "
            + "leaves its last one to the next word.",
            (tokens, merges, special) => new TeachingTokenizer(tokens, merges, special) { Words = text => [Encoding.UTF8.GetBytes(text)] }),
        Mistake("text order",
            "merges are applied from the left as they come. In each word the merge with the lowest rank goes first: use your answer to 3.3.",
            (tokens, merges, special) => new TeachingTokenizer(tokens, merges, special)
            {
                Choose = (ranks, _) => Array.FindIndex(ranks, rank => rank >= 0),
            }),
        Mistake("decoded one by one",
            "each token is made into text by itself, so a character spread over several tokens breaks into �. Collect all bytes, then decode once.",
            (tokens, merges, special) => new TeachingTokenizer(tokens, merges, special)
            {
                Join = parts => string.Concat(parts.Select(part => Encoding.UTF8.GetString(part))),
            }),
        Mistake("case folded",
            "the text is made lower case first. What is lost here never comes back: decode(encode(text)) must be the text.",
            (tokens, merges, special) => new TeachingTokenizer(tokens, merges, special)
            {
                Words = text => TeachingTokenizer.WordsOf(text.ToLowerInvariant()),
            }),
        Mistake("characters for bytes",
            "each char is cut to a byte. That works for ASCII only: take the bytes of Encoding.UTF8.",
            (tokens, merges, special) => new TeachingTokenizer(tokens, merges, special)
            {
                Words = text => TeachingTokenizer.WordsOf(text).Select(word => Encoding.UTF8.GetString(word).Select(c => (byte)c).ToArray()),
            }),
        Mistake("question marks",
            "letters outside ASCII become “?”: the bytes come from Encoding.ASCII. Take Encoding.UTF8.",
            (tokens, merges, special) => new TeachingTokenizer(tokens, merges, special)
            {
                Words = text => TeachingTokenizer.WordsOf(text).Select(word => Encoding.ASCII.GetBytes(Encoding.UTF8.GetString(word))),
            }),
        Mistake("beginning token added",
            "Encode puts the beginning token in front. It belongs before a prompt, and the generator places it; Encode splits text and adds nothing.",
            (tokens, merges, special) => new TeachingTokenizer(tokens, merges, special) { Finish = ids => [special.BeginOfSequence ?? 0, .. ids] }),
        Mistake("end token added",
            "Encode puts the end token behind. It says that a text is over, and a prompt is not; Encode splits text and adds nothing.",
            (tokens, merges, special) => new TeachingTokenizer(tokens, merges, special) { Finish = ids => [.. ids, special.EndOfSequence ?? 0] }),
        Mistake("control id refused",
            "a control token ends in an exception. It has an id like every other, and no bytes: GetBytes gives an empty span, and Decode writes nothing for it.",
            (tokens, merges, special) => new TeachingTokenizer(tokens, merges, special) { BytesOf = OnlyText(tokens), DecodedBytesOf = OnlyText(tokens) })
            with { IsAnyError = true },
        Mistake("control id refused by GetBytes",
            "GetBytes of a control token ends in an exception. It has an id like every other, and no bytes: give back an empty span.",
            (tokens, merges, special) => new TeachingTokenizer(tokens, merges, special) { BytesOf = OnlyText(tokens) }) with { IsAnyError = true },
        Mistake("control token forged",
            "text that spells <|endoftext|> becomes the control token, so anybody who can write text can end a document or open a system "
            + "message. Text gives text tokens only.",
            (tokens, merges, special) => new ForgingTokenizer(new TeachingTokenizer(tokens, merges, special), EndOfText)),
        Mistake("spaces lost",
            "the text is split at white space and the white space is dropped. The space belongs to the word behind it: “ fox” is another token "
            + "than “fox”.",
            (tokens, merges, special) => new TeachingTokenizer(tokens, merges, special)
            {
                Words = text => TeachingTokenizer.WordsOf(text).Select(word => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(word).Trim())),
            }),
        Mistake("space behind the word",
            "a word keeps the space behind it. The convention is the space in front: “ fox”.",
            (tokens, merges, special) => new TeachingTokenizer(tokens, merges, special)
            {
                Words = text => WordWithSpaceBehind().Matches(text).Select(match => Encoding.UTF8.GetBytes(match.Value)),
            }),
        Mistake("control tokens not counted",
            "VocabSize leaves out the control tokens. The model's table has a row for every id, theirs included: it is the length of the list.",
            (tokens, merges, special) => new TeachingTokenizer(tokens, merges, special) { VocabSize = tokens.Count(token => token.Length > 0) }),
    ];

    private static ExerciseCase<MakeTokenizer> Ids(string name, string text) => Make(name, (tokenizer, inputs) =>
    {
        inputs.ShowCall("Encode", ("text", inputs.Show(text, $"{Literal.Of(text)} /* the right pieces: {Pieces(Trained.Encode(text))} */")));
        return Answer.Of(tokenizer.Encode(text));
    });

    private static ExerciseCase<MakeTokenizer> Text(string name, int[] ids) => Make(name, (tokenizer, inputs) =>
    {
        inputs.ShowCall("Decode", ("ids", inputs.Show(ids, Literal.Of(ids) + $" /* {Pieces(ids)} */")));
        return Answer.Of(tokenizer.Decode(ids));
    });

    // What the ids stand for: a reader of this exercise cannot know them by heart.
    private static string Pieces(int[] ids) => Literal.Of(Array.ConvertAll(ids, id => Trained.GetBytes(id).ToArray()));

    private static ExerciseCase<MakeTokenizer> Make(string name, Func<ITokenizer, Inputs, Answer> ask) => Case(name, (make, inputs) =>
        ask(make(
            [.. Enumerable.Range(0, Trained.VocabSize).Select(id => Trained.GetBytes(id).ToArray())], Trained.Merges.ToArray(), Trained.SpecialTokens), inputs));

    private static Func<int, byte[]> OnlyText(byte[][] tokens) => id => tokens[id].Length > 0 ? tokens[id] : throw new KeyNotFoundException($"token {id} has no bytes");

    [GeneratedRegex(@"\S+\s?|\s+")]
    private static partial Regex WordWithSpaceBehind();

    // The mistake of "control token forged": the name of the control token in a text becomes its id.
    private sealed class ForgingTokenizer(ITokenizer inner, string controlToken) : ITokenizer
    {
        public int VocabSize => inner.VocabSize;
        public SpecialTokens SpecialTokens => inner.SpecialTokens;
        public ReadOnlySpan<byte> GetBytes(int id) => inner.GetBytes(id);
        public string Decode(ReadOnlySpan<int> ids) => inner.Decode(ids);

        public int[] Encode(string text)
        {
            string[] parts = text.Split(controlToken);
            return [.. parts.SelectMany((part, i) => i == 0 ? inner.Encode(part) : [inner.SpecialTokens.EndOfSequence ?? 0, .. inner.Encode(part)])];
        }
    }
}
