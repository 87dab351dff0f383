using LlmFromScratch.Models;
using LlmFromScratch.Training.Data;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Training.Configuration;

/// <summary>A pretraining run: a new model learns the text of a corpus. The same recipe gives the same losses.</summary>
public sealed record TrainingConfig : RunConfig
{
    private const int LeastMaskedTokens = 128; // 0.85^128 = 1e-9: no batch without a masked token

    private static ReadOnlySpan<string> Architectures => (string[])["llama", "gpt2", "attention-only", "encoder", "rnn", "lstm", "gru"];

    /// <summary>
    /// The kind of model: "llama", "gpt2", "attention-only" (<see cref="AttentionOnly"/>), "encoder" (<see cref="BertModel"/>, which learns to guess masked tokens), or
    /// "rnn", "lstm" or "gru" (<see cref="RecurrentLanguageModel"/>).
    /// </summary>
    public string Architecture { get; init; } = "llama";

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

    /// <summary>
    /// The share of the windows that hold random tokens, said again and again, in place of text: nothing but looking back foretells them
    /// (<see cref="Data.RepeatedTokens"/>).
    /// </summary>
    public double RepeatedShare { get; init; }

    /// <summary>The share of the windows in which some tokens give way to others, so that the model learns to be less sure where a text is new (<see cref="Data.TokenNoise"/>).</summary>
    public double NoiseShare { get; init; }

    /// <summary>The share of the tokens to be foretold that give way to others, see <see cref="Data.TokenNoise.Smooth"/>.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>
    /// GGUF files of trained decoders with the vocabulary of the corpus: the new one learns to foretell as they do on average, see <see cref="Pretraining.Teachers"/>. None without them.
    /// </summary>
    public IReadOnlyList<string> Teachers { get; init; } = [];

    /// <summary>What counts of the teachers' word, from above 0 to 1; the text counts for the rest.</summary>
    public double TeacherWeight { get; init; }

    /// <summary>What the teachers' logits are divided by before they become probabilities: above 1 they are less sure than they are.</summary>
    public double TeacherTemperature { get; init; } = 1;

    /// <summary>What a llama begins with: "random", or "recall" for weights in which looking back is laid out (<see cref="RecallCircuit"/>).</summary>
    public string FirstWeights { get; init; } = "random";

    /// <summary>How many steps, the first ones of a run, read the beginning of the corpus only: what is hard to learn can stand there close together.</summary>
    public int PrimerSteps { get; init; }

    /// <summary>That beginning's share of the tokens to train on.</summary>
    public double PrimerShare { get; init; }

    /// <summary>What sampled texts begin with; without it, the model begins by itself. For an encoder a text with masks, which it fills.</summary>
    public string SamplePrompt { get; init; } = "";

    /// <summary>What decides the meaning of a checkpoint's numbers; steps, threads and reporting may change between runs.</summary>
    internal string Identity => FormattableString.Invariant(
        $"{Model.Identity}, V {VocabSize}, B {BatchSize} x {AccumulationSteps}, T {SequenceLength}, seed {Seed}, held out {HeldOutShare}")
        + (Architecture == "llama" ? "" : $", {Architecture}") + (RepeatedShare == 0 ? "" : FormattableString.Invariant($", repeated {RepeatedShare}"))
        + (NoiseShare == 0 ? "" : FormattableString.Invariant($", noise {NoiseShare}"))
        + (LabelSmoothing == 0 ? "" : FormattableString.Invariant($", smoothed {LabelSmoothing}"))
        + (Teachers.Count == 0 ? "" : FormattableString.Invariant($", taught {TeacherWeight} at {TeacherTemperature}"))
        + (FirstWeights == "random" ? "" : $", begun {FirstWeights}") + (PrimerSteps == 0 ? "" : FormattableString.Invariant($", primer {PrimerSteps} of {PrimerShare}")) + OptimizerIdentity;

    /// <summary>Whether an architecture is a transformer that foretells the next token.</summary>
    internal static bool IsDecoder(string architecture) => architecture is "llama" or "gpt2" or "attention-only";

    /// <inheritdoc/>
    internal override void Validate(FieldChecks checks)
    {
        base.Validate(checks);
        checks.AtLeast(1, "vocabSize", VocabSize);
        checks.OneOf("architecture", Architecture, Architectures);
        Model.Validate(checks, Architecture);
        checks.Check(HeldOutShare is > 0 and < 1, "heldOutShare", "between 0 and 1", HeldOutShare);
        checks.Check(SequenceLength <= Model.ContextLength, "sequenceLength", $"at most model.contextLength {Model.ContextLength}", SequenceLength);
        checks.Check(Corpus.File is null != Corpus.Generator is null, "corpus", "a file or a generator", Corpus.File is null ? "neither" : "both");
        checks.Check(Corpus.Generator is null || GeneratedCorpora.TextNames.Contains(Corpus.Generator), "corpus.generator", string.Join(" or ", GeneratedCorpora.TextNames),
            Corpus.Generator ?? "");
        checks.Check(Corpus.Bytes > 0, "corpus.bytes", "at least 1", Corpus.Bytes);
        bool isEncoder = Architecture == "encoder";
        checks.Check(RepeatedShare is >= 0 and <= 1 && !(isEncoder && RepeatedShare > 0), "repeatedShare", isEncoder ? "0 for an encoder" : "from 0 to 1", RepeatedShare);
        checks.Check(RepeatedShare == 0 || SequenceLength >= 2 * RepeatedTokens.LeastLength, "sequenceLength",
            $"at least {2 * RepeatedTokens.LeastLength} with repeatedShare", SequenceLength);
        foreach ((string field, double share) in (ReadOnlySpan<(string, double)>)[("noiseShare", NoiseShare), ("labelSmoothing", LabelSmoothing)])
            checks.Check(share is >= 0 and <= 1 && !(isEncoder && share > 0), field, isEncoder ? "0 for an encoder" : "from 0 to 1", share);
        bool isDecoder = IsDecoder(Architecture);
        checks.OneOf("firstWeights", FirstWeights, isDecoder ? ["random", "recall"] : ["random"]);
        checks.Check(Teachers.Count == 0 || Architecture is "llama" or "gpt2", "teachers", $"none for architecture {Architecture}", $"{Teachers.Count}");
        bool isTaught = Teachers.Count > 0;
        checks.Check(isTaught ? TeacherWeight is > 0 and <= 1 : TeacherWeight == 0, "teacherWeight", isTaught ? "above 0, at most 1" : "0 without teachers", TeacherWeight);
        checks.Check(isTaught ? TeacherTemperature is > 0 and <= 100 : TeacherTemperature == 1, "teacherTemperature", isTaught ? "above 0, at most 100" : "1 without teachers", TeacherTemperature);
        checks.AtLeast(0, "primerSteps", PrimerSteps);
        checks.Check(PrimerSteps == 0 ? PrimerShare == 0 : PrimerShare is > 0 and <= 1, "primerShare", PrimerSteps == 0 ? "0 without primerSteps" : "above 0, at most 1", PrimerShare);
        checks.Check(!isEncoder || ControlTokens.Contains(TrainedEncoder.Mask), "controlTokens", $"{TrainedEncoder.Mask} among them for an encoder", $"[{string.Join(", ", ControlTokens)}]");
        checks.Check(!isEncoder || BatchSize * SequenceLength >= LeastMaskedTokens, "batchSize", $"a batch of at least {LeastMaskedTokens} tokens for an encoder", BatchSize);
        checks.Check(Optimizer != "muon" || isDecoder, "optimizer", $"another for architecture {Architecture}: muon turns the matrices of a decoder's blocks", Optimizer);
        if (!isDecoder) return;
        ModelConfig sizes = checks.Make("model", () => Model.ToModelConfig(VocabSize, Architecture));
        checks.Check(FirstWeights == "random" || RecallCircuit.Fits(sizes), "firstWeights",
            $"random for {Architecture} of these sizes: recall needs a llama of {RecallCircuit.LayerCount} layers, {RecallCircuit.Distances} heads and more than {1 + RecallCircuit.Distances} heads' width", FirstWeights);
    }
}
