using System.Text;

namespace LlmFromScratch.Tokenization.Patterns;

/// <summary>
/// Follows the steps of a pattern over UTF-8, trying alternatives in their order and going back where one fails. A run of one set is one step that
/// remembers where it ended and which ends have failed already, so that <c>\s+$</c> over a million spaces is not a million times a million.
/// What stays slow is stopped: more than <see cref="StepsPerByte"/> steps a byte is an error. One matcher serves one text at a time.
/// </summary>
internal sealed class PatternMatcher(string pattern, PatternStep[] steps)
{
    private const int StepsPerByte = 2000, StepsAtLeast = 1_000_000;

    private readonly record struct Choice(int Step, int Low, int At, int End); // Low < 0: an alternative; else a run that can still give back

    private readonly (int RunStart, int RunEnd, int FailedFrom, int FailedTo)[] _runs = new (int, int, int, int)[steps.Length];
    private Choice[] _choices = new Choice[32];
    private int _count;
    private long _budget;

    /// <summary>Forgets the last text.</summary>
    public void Begin(int textLength)
    {
        _runs.AsSpan().Fill((0, -1, 0, -1));
        (_count, _budget) = (0, StepsAtLeast + (long)StepsPerByte * textLength);
    }

    /// <summary>Where the match that starts at <paramref name="at"/> ends, or -1.</summary>
    /// <exception cref="NotSupportedException">The pattern takes too long on this text.</exception>
    public int Match(ReadOnlySpan<byte> text, int at) => Run(text, 0, at);

    private int Run(ReadOnlySpan<byte> text, int step, int at)
    {
        int bottom = _count;
        while (true)
        {
            if (--_budget < 0) throw new NotSupportedException($"Pattern '{pattern}' takes more than {StepsPerByte} steps a byte on this text; it is not supported.");
            ref readonly PatternStep s = ref steps[step++];
            bool succeeds = true;
            switch (s.Op)
            {
                case PatternOp.Take:
                    succeeds = at < text.Length && s.Set!.Contains(Read(text, at, out int length)) && (at += length) >= 0; // not null: Take has a set
                    break;
                case PatternOp.TakeRun: succeeds = TakeRun(text, step - 1, s, ref at); break;
                case PatternOp.Split:
                    if (s.First is { } first && (at == text.Length || !first[text[at]]))
                    {
                        step = s.B;
                        break;
                    }
                    Push(new Choice(s.B, -1, at, 0));
                    step = s.A;
                    break;
                case PatternOp.Jump: step = s.A; break;
                case PatternOp.Look:
                    succeeds = Run(text, s.A, at) >= 0 != s.Flag;
                    step = s.B;
                    break;
                case PatternOp.Atomic:
                    int end = Run(text, s.A, at);
                    (succeeds, at, step) = (end >= 0, Math.Max(at, end), s.B);
                    break;
                case PatternOp.WordBoundary: succeeds = IsWord(text, at) != IsWordBefore(text, at); break;
                case PatternOp.NoWordBoundary: succeeds = IsWord(text, at) == IsWordBefore(text, at); break;
                case PatternOp.TextStart: succeeds = at == 0; break;
                case PatternOp.TextEnd: succeeds = at == text.Length; break;
                case PatternOp.Accept:
                    _count = bottom;
                    return at;
            }
            if (!succeeds && !GoBack(text, bottom, out step, out at)) return -1;
        }
    }

    private bool TakeRun(ReadOnlySpan<byte> text, int step, in PatternStep s, ref int at)
    {
        ref (int RunStart, int RunEnd, int FailedFrom, int FailedTo) run = ref _runs[step];
        int low = at, end = at, taken = 0;
        bool isKnown = s.Max == int.MaxValue && at >= run.RunStart && at < run.RunEnd;
        int most = isKnown ? s.Min : s.Max;
        ReadOnlySpan<bool> ascii = s.Set!.AsciiBytes; // not null: TakeRun has a set
        while (taken < most && end < text.Length)
        {
            int length = 1;
            if (!ascii[text[end]] && (text[end] < 0x80 || !s.Set.Contains(Read(text, end, out length)))) break;
            end += length;
            if (++taken == s.Min) low = end;
        }
        if (taken < s.Min) return false;
        if (isKnown) end = run.RunEnd;
        else if (s.Max == int.MaxValue) (run.RunStart, run.RunEnd) = (at, end);
        if (low >= run.FailedFrom && end <= run.FailedTo) return false;
        if (low < end && !s.Flag) Push(new Choice(step, low, end, end));
        at = end;
        return true;
    }

    private bool GoBack(ReadOnlySpan<byte> text, int bottom, out int step, out int at)
    {
        while (_count > bottom)
        {
            ref Choice choice = ref _choices[_count - 1];
            if (choice.Low < 0)
            {
                (step, at) = (choice.Step, choice.At);
                _count--;
                return true;
            }
            if (choice.At > choice.Low)
            {
                int before = choice.At - 1;
                while (before > choice.Low && (text[before] & 0xC0) == 0x80) before--;
                choice = choice with { At = before };
                (step, at) = (choice.Step + 1, before);
                return true;
            }
            ref (int RunStart, int RunEnd, int FailedFrom, int FailedTo) run = ref _runs[choice.Step];
            bool touches = choice.Low <= run.FailedTo && choice.End >= run.FailedFrom;
            (run.FailedFrom, run.FailedTo) = touches
                ? (Math.Min(run.FailedFrom, choice.Low), Math.Max(run.FailedTo, choice.End)) : (choice.Low, choice.End);
            _count--;
        }
        (step, at) = (0, 0);
        return false;
    }

    private void Push(Choice choice)
    {
        if (_count == _choices.Length) Array.Resize(ref _choices, 2 * _count);
        _choices[_count++] = choice;
    }

    private static int Read(ReadOnlySpan<byte> text, int at, out int length)
    {
        length = 1;
        if (text[at] < 0x80) return text[at];
        Rune.DecodeFromUtf8(text[at..], out Rune rune, out length); // U+FFFD for what is no UTF-8
        return rune.Value;
    }

    private static bool IsWord(ReadOnlySpan<byte> text, int at) => at < text.Length && ClassParser.WordCharacters.Contains(Read(text, at, out _));

    private static bool IsWordBefore(ReadOnlySpan<byte> text, int at)
    {
        if (at == 0) return false;
        Rune.DecodeLastFromUtf8(text[..at], out Rune rune, out _);
        return ClassParser.WordCharacters.Contains(rune.Value);
    }
}
