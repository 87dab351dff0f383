namespace LlmFromScratch.Training.Alignment;

/// <summary>
/// Written rules that make preferences without anybody being asked (Bai et al. 2022, "Constitutional AI"): a critic finds what breaks a rule, the answer is revised,
/// and the pair says that the revised one is better. Here critic and reviser are plain rules where the paper asks a model, so that every pair can be explained.
/// </summary>
/// <param name="rules">The articles, in the order in which they are applied.</param>
public sealed class Constitution(IReadOnlyList<ConstitutionRule> rules)
{
    private static readonly (string Unkind, string Kind)[] Words =
        [("stupid", "new to this"), ("ugly", "special"), ("hate", "do not yet like"), ("idiot", "friend"), ("shut up", "let us be quiet"), ("nobody likes", "we can be kind to")];

    /// <summary>Kind words, an end, and no more than four sentences.</summary>
    public static Constitution ForChildren { get; } = new(
    [
        new("kind", FindUnkind, MakeKind),
        new("finished", answer => EndsASentence(answer) ? null : "the answer breaks off", CutAfterLastSentence),
        new("short", answer => Sentences(answer).Count > 4 ? "the answer has more than four sentences" : null, answer => string.Concat(Sentences(answer).Take(4)).Trim()),
    ]);

    /// <summary>What each broken rule has to say of an answer.</summary>
    public IReadOnlyList<(string Rule, string Criticism)> Criticise(string answer)
    {
        List<(string Rule, string Criticism)> found = [];
        foreach (ConstitutionRule rule in rules)
            if (rule.Criticise(answer) is string criticism) found.Add((rule.Name, criticism));
        return found;
    }

    /// <summary>Revises an answer by every rule that it breaks, and makes the pair; null for an answer that breaks none or that revising empties.</summary>
    /// <param name="prompt">The turns before the answer.</param>
    /// <param name="answer">What a model said.</param>
    public PreferenceExample? Prefer(IReadOnlyList<ChatMessage> prompt, string answer)
    {
        string revised = answer;
        string? first = null;
        foreach (ConstitutionRule rule in rules)
        {
            if (rule.Criticise(revised) is null) continue;
            first ??= rule.Name;
            revised = rule.Revise(revised);
        }
        return first is null || revised.Trim().Length == 0 ? null : new PreferenceExample(prompt, revised, answer, first);
    }

    private static string? FindUnkind(string answer)
    {
        foreach ((string unkind, _) in Words)
            if (answer.Contains(unkind, StringComparison.OrdinalIgnoreCase)) return $"'{unkind}' is unkind";
        return null;
    }

    private static string MakeKind(string answer)
    {
        foreach ((string unkind, string kind) in Words) answer = answer.Replace(unkind, kind, StringComparison.OrdinalIgnoreCase);
        return answer;
    }

    private static bool EndsASentence(string answer) => answer.TrimEnd() is { Length: > 0 } text && text[^1] is '.' or '!' or '?' or '"';

    private static string CutAfterLastSentence(string answer) => answer[..(answer.LastIndexOfAny(['.', '!', '?']) + 1)];

    // Each sentence with the spaces before it.
    private static List<string> Sentences(string answer)
    {
        List<string> sentences = [];
        for (int start = 0; start < answer.Length; )
        {
            int mark = answer.IndexOfAny(['.', '!', '?'], start), end = mark < 0 ? answer.Length : mark + 1;
            while (end < answer.Length && answer[end] is ('"' or '.' or '!' or '?')) end++;
            sentences.Add(answer[start..end]);
            start = end;
        }
        return sentences;
    }
}
