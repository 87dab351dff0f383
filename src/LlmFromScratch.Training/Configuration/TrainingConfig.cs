using LlmFromScratch.Training.Data;

namespace LlmFromScratch.Training.Configuration;

/// <summary>A pretraining run: a new model learns the text of a corpus. The same recipe gives the same losses.</summary>
public sealed record TrainingConfig : RunConfig
{
    /// <summary>The text to learn.</summary>
    public required CorpusConfig Corpus { get; init; }

    /// <summary>V: tokens in the vocabulary that is trained on the corpus.</summary>
    public required int VocabSize { get; init; }

    /// <summary>Names of control tokens beside the end of a text, for example the marks of a chat; the corpus does not have them, a later training does.</summary>
    public IReadOnlyList<string> ControlTokens { get; init; } = [];

    /// <summary>The sizes of the model.</summary>
    public required ModelSizes Model { get; init; }

    /// <summary>The share of the tokens, at the end of the corpus, that is never trained on.</summary>
    public double HeldOutShare { get; init; } = 0.02;

    /// <summary>What sampled texts begin with; without it, the model begins by itself.</summary>
    public string SamplePrompt { get; init; } = "";

    /// <summary>What decides the meaning of a checkpoint's numbers; steps, threads and reporting may change between runs.</summary>
    internal string Identity => FormattableString.Invariant(
        $"{Model.Identity}, V {VocabSize}, B {BatchSize} x {AccumulationSteps}, T {SequenceLength}, seed {Seed}, held out {HeldOutShare}");

    /// <inheritdoc/>
    internal override void Validate(FieldChecks checks)
    {
        base.Validate(checks);
        checks.AtLeast(1, "vocabSize", VocabSize);
        checks.Check(HeldOutShare is > 0 and < 1, "heldOutShare", "between 0 and 1", HeldOutShare);
        checks.Check(SequenceLength <= Model.ContextLength, "sequenceLength", $"at most model.contextLength {Model.ContextLength}", SequenceLength);
        checks.Check(Corpus.File is null != Corpus.Generator is null, "corpus", "a file or a generator, not both", Corpus);
        checks.Check(Corpus.Generator is null || GeneratedCorpora.TextNames.Contains(Corpus.Generator), "corpus.generator", string.Join(" or ", GeneratedCorpora.TextNames),
            Corpus.Generator ?? "");
        checks.Check(Corpus.Bytes > 0, "corpus.bytes", "at least 1", Corpus.Bytes);
        Model.ToModelConfig(VocabSize);
    }
}
