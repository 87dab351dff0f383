namespace LlmFromScratch.Training.Configuration;

/// <summary>Refuses values out of their range, naming file, field, what was expected and what was got.</summary>
/// <param name="source">The file.</param>
public sealed class FieldChecks(string source)
{
    /// <summary>Throws unless the condition holds.</summary>
    /// <exception cref="InvalidDataException">It does not hold.</exception>
    public void Check(bool holds, string field, string expected, object got)
    {
        if (!holds) throw new InvalidDataException(FormattableString.Invariant($"{source}: {field}: expected {expected}, got {got}."));
    }

    /// <summary>Makes something of several fields; what it refuses is said to stand in that field of the file.</summary>
    /// <exception cref="InvalidDataException">It cannot be made.</exception>
    public T Make<T>(string field, Func<T> make)
    {
        try
        {
            return make();
        }
        catch (InvalidDataException error)
        {
            throw new InvalidDataException($"{source}: {field}: {error.Message}", error);
        }
    }

    /// <summary>Throws for a whole number that is too small.</summary>
    /// <exception cref="InvalidDataException">The value is below the least.</exception>
    public void AtLeast(int least, string field, int got) => Check(got >= least, field, $"at least {least}", got);

    /// <summary>Throws for a word that is not among those allowed.</summary>
    /// <exception cref="InvalidDataException">The value is none of them.</exception>
    public void OneOf(string field, string got, params ReadOnlySpan<string> allowed) => Check(allowed.Contains(got), field, string.Join(" or ", allowed), got);
}
