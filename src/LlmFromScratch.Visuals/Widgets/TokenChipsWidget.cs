using System.Text;
using System.Text.Json;
using LlmFromScratch.Tokenization;
using LlmFromScratch.Visuals.Rendering;

namespace LlmFromScratch.Visuals.Widgets;

/// <summary>
/// A text as its tokens: one chip each with the id below, spaces as ·, line breaks as ↵, bytes that are no whole character in hexadecimal,
/// and how many bytes a token holds on average. With the states of a tokenizer's merges it becomes a stepper: every step applies one merge.
/// Chapter 03 teaches it. Source: Sennrich, Haddow and Birch 2016, "Neural Machine Translation of Rare Words with Subword Units".
/// </summary>
public sealed class TokenChipsWidget : Widget
{
    private readonly byte[][] _pieces; // [N] bytes of each token
    private readonly int[] _ids;       // [N]
    private readonly MergeSteps? _merges;

    /// <summary>Shows tokens given as texts.</summary>
    /// <param name="pieces">[N] texts that together are the whole text, at least one.</param>
    /// <param name="ids">[N] token ids.</param>
    /// <param name="mergeStates">What the pieces were before each merge, from single characters to <paramref name="pieces"/> itself; null without stepper.</param>
    /// <exception cref="ArgumentException">The arrays differ in length, or a step is not exactly one merge of one pair.</exception>
    public TokenChipsWidget(string[] pieces, int[] ids, string[][]? mergeStates = null)
        : this(ToBytes(pieces), ids, mergeStates is null ? null : Array.ConvertAll(mergeStates, ToBytes))
    {
    }

    /// <summary>Shows tokens given as bytes, which need not be whole characters.</summary>
    /// <param name="pieces">[N] byte strings that together are the whole text, at least one.</param>
    /// <param name="ids">[N] token ids.</param>
    /// <param name="mergeStates">What the pieces were before each merge, from single bytes to <paramref name="pieces"/> itself; null without stepper.</param>
    /// <exception cref="ArgumentException">The arrays differ in length, or a step is not exactly one merge of one pair.</exception>
    public TokenChipsWidget(byte[][] pieces, int[] ids, byte[][][]? mergeStates = null)
    {
        if (pieces.Length == 0 || pieces.Length != ids.Length)
        {
            throw new ArgumentException($"TokenChipsWidget: expected as many ids as pieces, at least 1; got {pieces.Length} pieces and {ids.Length} ids.", nameof(ids));
        }
        (_pieces, _ids) = (Array.ConvertAll(pieces, piece => (byte[])piece.Clone()), [.. ids]);
        _merges = mergeStates is null ? null : MergeSteps.Create(mergeStates, _pieces);
    }

    /// <summary>Shows how a tokenizer cuts a text. A token that stands for nothing, such as a control token, is an empty chip with its id.</summary>
    /// <param name="tokenizer">Any tokenizer, a reader's own too.</param>
    /// <param name="text">At least one token long.</param>
    /// <exception cref="ArgumentException">The text has no tokens.</exception>
    public TokenChipsWidget(ITokenizer tokenizer, string text)
        : this(tokenizer, tokenizer.Encode(text))
    {
    }

    private TokenChipsWidget(ITokenizer tokenizer, int[] ids)
        : this(Array.ConvertAll(ids, id => tokenizer.GetBytes(id).ToArray()), ids)
    {
    }

    private protected override string Name => "tokens";

    private protected override IReadOnlyList<string> Scripts => ["dom.js", "token-chips-widget.js"];

    private int ByteCount => _pieces.Sum(piece => piece.Length);

    /// <summary>The still picture: the chips with their ids.</summary>
    public override string ToSvg() => TokenChipsDrawing.Draw(
        [.. _pieces.Select(piece => TokenText.Visible(TokenText.Split(piece)))], _ids, ToString());

    /// <inheritdoc/>
    public override string ToString() =>
        $"Tokens: {_pieces.Length} tokens, {ByteCount} bytes, {Numbers.Short((double)ByteCount / _pieces.Length)} bytes per token";

    /// <summary>A table of distinct pieces, and each state as indices into it: a piece that stays through fifty merges is written once.</summary>
    private protected override void WriteData(Utf8JsonWriter json)
    {
        var table = new List<(byte[] Bytes, int? Id)>();
        var places = new Dictionary<(string Hex, int? Id), int>();
        int PlaceOf(byte[] piece, int? id)
        {
            if (places.TryAdd((Convert.ToHexString(piece), id), table.Count)) table.Add((piece, id));
            return places[(Convert.ToHexString(piece), id)];
        }

        var idOf = new Dictionary<string, int>(); // what a piece that is a token in the end is called before the end
        for (int i = 0; i < _pieces.Length; i++) idOf.TryAdd(Convert.ToHexString(_pieces[i]), _ids[i]);
        int? KnownId(byte[] piece) => idOf.TryGetValue(Convert.ToHexString(piece), out int id) ? id : null;

        json.WriteStartArray("states");
        foreach (byte[][] state in _merges is null ? [] : _merges.States.SkipLast(1)) WriteIndices(json, state.Select(piece => PlaceOf(piece, KnownId(piece))));
        WriteIndices(json, _pieces.Select((piece, i) => PlaceOf(piece, _ids[i])));
        json.WriteEndArray();
        json.WriteStartArray("merges");
        foreach ((byte[] left, byte[] right, int[] at) in _merges is null ? [] : _merges.Steps) WriteMerge(json, left, right, at);
        json.WriteEndArray();
        json.WriteStartArray("pieces");
        foreach ((byte[] bytes, int? id) in table) WritePiece(json, bytes, id);
        json.WriteEndArray();
    }

    private static void WriteIndices(Utf8JsonWriter json, IEnumerable<int> indices)
    {
        json.WriteStartArray();
        foreach (int index in indices) json.WriteNumberValue(index);
        json.WriteEndArray();
    }

    private static void WriteMerge(Utf8JsonWriter json, byte[] left, byte[] right, int[] at)
    {
        json.WriteStartObject();
        json.WritePropertyName("left");
        TokenText.Write(json, TokenText.Split(left));
        json.WritePropertyName("right");
        TokenText.Write(json, TokenText.Split(right));
        json.WritePropertyName("at");
        WriteIndices(json, at);
        json.WriteEndObject();
    }

    private static void WritePiece(Utf8JsonWriter json, byte[] bytes, int? id)
    {
        json.WriteStartObject();
        json.WritePropertyName("parts");
        TokenText.Write(json, TokenText.Split(bytes));
        json.WriteNumber("bytes", bytes.Length);
        if (id is not null) json.WriteNumber("id", id.Value);
        json.WriteEndObject();
    }

    private static byte[][] ToBytes(string[] pieces) => Array.ConvertAll(pieces, Encoding.UTF8.GetBytes);
}
