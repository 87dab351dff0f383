namespace LlmFromScratch.Course.Checking;

/// <summary>Hands a case's arrays to a candidate as copies, and sees afterwards whether the candidate wrote into them.</summary>
internal sealed class Inputs
{
    private readonly List<(Array Original, Array Given)> _arrays = [];

    /// <summary>A copy for the candidate, watched.</summary>
    public T[] Copy<T>(T[] values)
    {
        T[] given = (T[])values.Clone();
        _arrays.Add((values, given));
        return given;
    }

    /// <summary>Which array was written to, in words; null when none was.</summary>
    public string? FindModified()
    {
        for (int a = 0; a < _arrays.Count; a++)
        {
            (Array original, Array given) = _arrays[a];
            for (int i = 0; i < original.Length; i++)
            {
                if (Equals(original.GetValue(i), given.GetValue(i))) continue;
                string which = _arrays.Count == 1 ? "the input" : $"input {a + 1}";
                return FormattableString.Invariant($"{which} was changed: index {i} held {original.GetValue(i)}, now {given.GetValue(i)}");
            }
        }
        return null;
    }
}
