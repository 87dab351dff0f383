namespace LlmFromScratch.Training.Data.Pipeline;

/// <summary>Drops a document whose language is not one of those wanted; as CCNet does (Wenzek et al. 2020, section 3.2), with a classifier of our own.</summary>
public sealed class LanguageFilter : IDocumentStage
{
    /// <summary>The least probability of the wanted languages together; as in CCNet.</summary>
    public const double LeastProbability = 0.5;

    /// <summary>What the funnel notes where a wanted language is the most probable one and not probable enough.</summary>
    public const string Unsure = "unsure";

    private readonly TextClassifier _classifier;
    private readonly HashSet<string> _wanted;

    /// <summary>Keeps some languages.</summary>
    /// <param name="wanted">Classes of <see cref="OwnClassifiers.Language"/>.</param>
    /// <exception cref="ArgumentException">A language is unknown to the classifier.</exception>
    public LanguageFilter(IEnumerable<string> wanted)
    {
        _classifier = OwnClassifiers.Language;
        _wanted = [.. wanted];
        if (_wanted.FirstOrDefault(language => !_classifier.Labels.Contains(language)) is string unknown)
            throw new ArgumentException($"language \"{unknown}\": expected one of {string.Join(", ", _classifier.Labels)}.", nameof(wanted));
    }

    /// <inheritdoc/>
    public string Name => "language";

    /// <inheritdoc/>
    public Document? Apply(Document document, FunnelRow row)
    {
        double[] probabilities = _classifier.Probabilities(document.Text);
        double wanted = 0;
        int best = 0;
        for (int c = 0; c < probabilities.Length; c++)
        {
            if (_wanted.Contains(_classifier.Labels[c])) wanted += probabilities[c];
            if (probabilities[c] > probabilities[best]) best = c;
        }
        if (wanted >= LeastProbability) return document;
        row.Note(_wanted.Contains(_classifier.Labels[best]) ? Unsure : _classifier.Labels[best]);
        return null;
    }
}
