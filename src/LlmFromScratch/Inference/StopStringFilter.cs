namespace LlmFromScratch.Inference;

/// <summary>
/// Lets a stream of text through up to the first stop string, wherever the borders of its pieces lie: an end that may still grow into a stop string is
/// held back until it is clear. Each stop string is followed by Knuth, Morris and Pratt's automaton (1977), so a character costs the same however the
/// strings repeat themselves. The stop string that is complete first wins, among those that end together the longest.
/// </summary>
public sealed class StopStringFilter
{
    private readonly string[] _stops;
    private readonly int[][] _borders; // [stops][length]: the longest proper prefix of a stop's first i + 1 characters that is their suffix too
    private readonly int[] _matched; // per stop: how many of its characters the text ends in
    private string _held = "";

    /// <summary>A filter for one stream.</summary>
    /// <param name="stops">The stop strings, none empty; an empty list lets everything through.</param>
    public StopStringFilter(IEnumerable<string> stops)
    {
        ArgumentNullException.ThrowIfNull(stops);
        _stops = stops.ToArray();
        if (_stops.Any(string.IsNullOrEmpty)) throw new ArgumentException("A stop string is empty; expected at least one character.", nameof(stops));
        _borders = _stops.Select(Borders).ToArray();
        _matched = new int[_stops.Length];
    }

    /// <summary>Whether a stop string has come; then everything after it is swallowed.</summary>
    public bool Found { get; private set; }

    /// <summary>Takes the next piece and returns the text that is clear now: nothing of a stop string, ever.</summary>
    public string Append(string piece)
    {
        ArgumentNullException.ThrowIfNull(piece);
        if (Found || piece.Length == 0) return "";
        if (_stops.Length == 0) return piece;
        string text = _held + piece;
        for (int i = _held.Length; i < text.Length; i++)
        {
            int complete = Advance(text[i]);
            if (complete == 0) continue;
            (Found, _held) = (true, "");
            return text[..(i + 1 - complete)];
        }
        int heldCount = _matched.Max();
        _held = text[^heldCount..];
        return text[..^heldCount];
    }

    /// <summary>The end of the stream: what was held back is clear now, unless a stop string came.</summary>
    public string Finish()
    {
        string rest = _held;
        _held = "";
        return rest;
    }

    // One more character; the length of the longest stop string that it completes, or 0.
    private int Advance(char next)
    {
        int complete = 0;
        for (int stop = 0; stop < _stops.Length; stop++)
        {
            _matched[stop] = Step(_stops[stop], _borders[stop], _matched[stop], next);
            if (_matched[stop] == _stops[stop].Length) complete = Math.Max(complete, _matched[stop]);
        }
        return complete;
    }

    // From `matched` characters of the stop to the longest match that ends in `next`: fall back from border to border until one goes on.
    private static int Step(string stop, int[] borders, int matched, char next)
    {
        while (matched > 0 && stop[matched] != next) matched = borders[matched - 1];
        return stop[matched] == next ? matched + 1 : 0;
    }

    private static int[] Borders(string stop)
    {
        int[] borders = new int[stop.Length];
        for (int i = 1; i < stop.Length; i++) borders[i] = Step(stop, borders, borders[i - 1], stop[i]);
        return borders;
    }
}
