namespace LlmFromScratch.Course.Checking;

/// <summary>What came of one case: an answer or an exception, and whether an input was written to.</summary>
internal sealed record CaseOutcome(Answer? Answer, Exception? Error, string? ModifiedInput)
{
    /// <summary>Runs <paramref name="ask"/>. Whatever the candidate throws is an outcome, unless <paramref name="stop"/> is used: it is being stopped then.</summary>
    public static CaseOutcome Of(Func<Inputs, Answer> ask, CancellationToken stop = default)
    {
        var inputs = new Inputs();
        try
        {
            Answer answer = ask(inputs);
            return new CaseOutcome(answer, null, inputs.FindModified());
        }
        catch (Exception exception) when (!stop.IsCancellationRequested)
        {
            return new CaseOutcome(null, exception, inputs.FindModified());
        }
    }

    /// <summary>Whether this is the right outcome.</summary>
    public bool IsRight(Answer expected, Tolerance tolerance) =>
        Answer is not null && ModifiedInput is null && Answer.FindDifference(expected, tolerance) is null;

    /// <summary>Whether two wrong outcomes are the same: equal answers or the same kind of exception, and inputs treated alike.</summary>
    /// <param name="other">The other outcome.</param>
    /// <param name="tolerance">How far numbers may be apart.</param>
    /// <param name="isAnyError">Whether exceptions of two kinds are the same.</param>
    public bool AgreesWith(CaseOutcome other, Tolerance tolerance, bool isAnyError = false)
    {
        if (ModifiedInput is null != other.ModifiedInput is null) return false;
        if (Answer is null || other.Answer is null) return Error?.GetType() == other.Error?.GetType() || isAnyError && Error is not null && other.Error is not null;
        return Answer.FindDifference(other.Answer, tolerance) is null;
    }
}
