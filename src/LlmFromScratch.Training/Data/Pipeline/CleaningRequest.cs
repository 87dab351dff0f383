namespace LlmFromScratch.Training.Data.Pipeline;

/// <summary>What to clean and how: one run of <c>llmfs data clean</c>.</summary>
public sealed record CleaningRequest
{
    /// <summary>
    /// The stages that can be left out, in the order in which documents meet them: what is cheap to see first; lines after whole documents, so that a near copy is not
    /// cut to its difference. <see cref="Mixing"/> adds a last one.
    /// </summary>
    public static IReadOnlyList<string> StageNames { get; } =
        ["exact-duplicates", "language", "quality", "repetition", "toxicity", "near-duplicates", "line-duplicates", "personal-data"];

    /// <summary>The files to read, in order; see <see cref="DocumentReader"/>.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>The file to write: .txt or .jsonl.</summary>
    public required string Output { get; init; }

    /// <summary>Where the licence manifest goes.</summary>
    public required string Manifest { get; init; }

    /// <summary>Where the funnel goes as JSON; null for nowhere.</summary>
    public string? Report { get; init; }

    /// <summary>The SPDX identifier of documents that state none; null for unknown.</summary>
    public string? Licence { get; init; }

    /// <summary>Keeps documents of unknown licence.</summary>
    public bool AllowUnknownLicence { get; init; }

    /// <summary>See <see cref="DocumentReader.JoinCharacters"/>.</summary>
    public int JoinCharacters { get; init; }

    /// <summary>Stages of <see cref="StageNames"/> that are left out.</summary>
    public IReadOnlyList<string> Skipped { get; init; } = [];

    /// <summary>The languages to keep. Where English is not the only one, the rule on English stop words is left out.</summary>
    public IReadOnlyList<string> Languages { get; init; } = ["en"];

    /// <summary>The least number of words of a document.</summary>
    public int LeastWords { get; init; } = GopherRules.LeastWords;

    /// <summary>The greatest share of the text in unkind sentences that passes.</summary>
    public double MostUnkind { get; init; } = ToxicityFilter.DefaultShare;

    /// <summary>The similarity from which on documents are near duplicates.</summary>
    public double NearThreshold { get; init; } = NearDuplicateFilter.DefaultThreshold;

    /// <summary>
    /// The seed of the order that documents are written in; null for the order in which they are read. Training holds out the end of a corpus: of books one after the
    /// other that is the last book, of shuffled documents some of each.
    /// </summary>
    public ulong? ShuffleSeed { get; init; }

    /// <summary>How to mix the sources; null to write what is left in its order.</summary>
    public MixingSettings? Mixing { get; init; }

    /// <summary>The stages of this request, in their order.</summary>
    /// <exception cref="ArgumentException">A stage to leave out or a language is unknown, or a number is out of range.</exception>
    public IReadOnlyList<IDocumentStage> Stages()
    {
        if (Skipped.FirstOrDefault(name => !StageNames.Contains(name)) is string unknown)
            throw new ArgumentException($"no stage is named \"{unknown}\"; expected one of {string.Join(", ", StageNames)}.");
        if (LeastWords < 0) throw new ArgumentException($"least words {LeastWords}: expected at least 0.");
        if (!(MostUnkind >= 0 && MostUnkind <= 1)) throw new ArgumentException($"greatest unkind share {MostUnkind}: expected 0 to 1.");
        List<IDocumentStage> stages = [];
        if (!AllowUnknownLicence) stages.Add(new LicenceFilter());
        foreach (string name in StageNames)
            if (!Skipped.Contains(name)) stages.Add(Stage(name));
        return stages;
    }

    private IDocumentStage Stage(string name) => name switch
    {
        "exact-duplicates" => new ExactDuplicateFilter(),
        "language" => new LanguageFilter(Languages),
        "quality" => new QualityFilter("quality", Languages is ["en"] ? [.. GopherRules.Quality(LeastWords), GopherRules.StopWords] : GopherRules.Quality(LeastWords)),
        "repetition" => new QualityFilter("repetition", GopherRules.Repetition),
        "toxicity" => new ToxicityFilter(MostUnkind),
        "near-duplicates" => new NearDuplicateFilter(NearThreshold),
        "line-duplicates" => new LineDuplicateFilter(LeastWords),
        _ => new PersonalDataRemoval(),
    };
}
