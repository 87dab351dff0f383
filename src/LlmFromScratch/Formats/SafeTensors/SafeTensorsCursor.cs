using System.Text.Json;

namespace LlmFromScratch.Formats.SafeTensors;

/// <summary>Walks through the JSON of a header; whatever is not what it should be is named with its byte in the file.</summary>
/// <param name="file">The file's name, for messages.</param>
/// <param name="json">The header's JSON, valid UTF-8.</param>
/// <param name="start">Where the JSON starts in the file.</param>
internal ref struct SafeTensorsCursor(string file, ReadOnlySpan<byte> json, long start)
{
    private const int MaxDepth = 8; // a header goes 3 deep

    private Utf8JsonReader _reader = new(json, new JsonReaderOptions { MaxDepth = MaxDepth });

    /// <summary>Where the present token starts in the file.</summary>
    public readonly long Offset => start + _reader.TokenStartIndex;

    /// <summary>Steps to the next token and expects a kind.</summary>
    public void Expect(JsonTokenType kind, string field)
    {
        Step(field);
        if (_reader.TokenType != kind) throw Bad(field, Name(kind), Name(_reader.TokenType));
    }

    /// <summary>Steps to the next entry of an object and reads its key; false at the object's end.</summary>
    public bool NextKey(string field, out string key)
    {
        Step(field);
        key = _reader.TokenType == JsonTokenType.EndObject ? "" : Text(field);
        return _reader.TokenType != JsonTokenType.EndObject;
    }

    /// <summary>Steps to a text and reads it.</summary>
    public string ReadText(string field)
    {
        Expect(JsonTokenType.String, field);
        return Text(field);
    }

    /// <summary>Steps to an array of whole numbers from 0 to 2^63 - 1 and reads it.</summary>
    public List<long> ReadNumbers(string field)
    {
        Expect(JsonTokenType.StartArray, field);
        List<long> numbers = [];
        while (true)
        {
            Step(field);
            if (_reader.TokenType == JsonTokenType.EndArray) return numbers;
            if (_reader.TokenType != JsonTokenType.Number || !_reader.TryGetInt64(out long number) || number < 0)
                throw Bad(field, "whole numbers from 0 to 2^63 - 1", _reader.TokenType == JsonTokenType.Number ? "another number" : Name(_reader.TokenType));
            numbers.Add(number);
        }
    }

    /// <summary>Steps over a whole value.</summary>
    public void Skip(string field)
    {
        Step(field);
        int depth = _reader.CurrentDepth;
        if (_reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            do Step(field); while (_reader.CurrentDepth > depth);
    }

    /// <summary>Expects that nothing but white space follows: to step on to anything else is an error of the JSON.</summary>
    public void ExpectEnd(string field) => TryStep(field);

    /// <summary>The exception for a field whose value is not allowed, at the present token.</summary>
    public readonly InvalidDataException Bad(string field, string expected, string got) =>
        new($"{file}: {field} at byte {Offset}: expected {expected}, got {got}.");

    private void Step(string field)
    {
        if (!TryStep(field)) throw Bad(field, "more", "the header's end");
    }

    private bool TryStep(string field)
    {
        try
        {
            return _reader.Read();
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{file}: {field} at byte {start + _reader.BytesConsumed}: expected JSON, got something else: {e.Message}", e);
        }
    }

    private readonly string Text(string field)
    {
        try
        {
            return _reader.GetString()!; // not null: a string or a property name
        }
        catch (InvalidOperationException e) // half of a surrogate pair, written as an escape
        {
            throw new InvalidDataException($"{file}: {field} at byte {Offset}: expected a text of whole characters: {e.Message}", e);
        }
    }

    private static string Name(JsonTokenType kind) => kind switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a text",
        JsonTokenType.Number => "a number",
        _ => kind.ToString(),
    };
}
