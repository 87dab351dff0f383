using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Inference;
using LlmFromScratch.Models;
using LlmFromScratch.Training.Data;
using LlmFromScratch.Training.Interpretability;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Training.Evaluation;

/// <summary>Measures a finished model: the numbers and samples of its card. <c>llmfs eval</c> runs it.</summary>
public static class ModelEvaluation
{
    private const int MaxSampleTokens = 220;

    /// <summary>Makes the report.</summary>
    /// <param name="request">What to measure.</param>
    /// <param name="log">Gets the progress.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="InvalidDataException">A file is damaged, or the corpus is too small.</exception>
    /// <exception cref="NotSupportedException">Conversations or a reference are given, and the vocabulary has no tokens of ChatML; or the kind of model cannot do what is asked.</exception>
    public static EvaluationReport Run(EvaluationRequest request, TrainingLog log, CancellationToken cancellation)
    {
        string architecture = ArchitectureOf(request.Model);
        if (architecture == TrainedEncoder.Architecture) return EncoderEvaluation.Run(request, TrainedEncoder.Load(request.Model), Corpus(request), log, cancellation);
        using IEvaluatedModel model = architecture == TrainedLstm.Architecture
            ? new EvaluatedLstm(TrainedLstm.Load(request.Model)) : new EvaluatedTransformer(LanguageModel.Load(request.Model));
        (string Training, string HeldOut)? corpus = Corpus(request);
        return new EvaluationReport
        {
            Model = Path.GetFileName(request.Model),
            Parameters = model.ParameterCount,
            HeldOut = corpus is (string training, string heldOut) ? HeldOut(request, model, training, heldOut, log, cancellation) : null,
            Induction = request.RepeatedTexts == 0 ? null : Induction(Engine(request, model).Transformer, request),
            Consistency = request.TaleCount == 0 ? null : ConsistencyEvaluation.Measure(
                seed => Sample(request, model, seed), request.TaleCount, request.Seed, Show("tales"), cancellation),
            Answers = request.Conversations.Count == 0 ? null : AnswerEvaluation.Measure(
                request.Conversations, new ChatSpeaker(Engine(request, model)), request.MaxQuestions, Show("questions"), cancellation),
            Reference = request.Reference is null ? null : Compare(request, Engine(request, model), Show("answers beside the reference"), cancellation),
            Rewarded = request.Reward is null ? null : Judge(request, Engine(request, model), Show("answers to judge"), cancellation),
            Samples = Samples(request, model, corpus?.Training, Show("samples"), cancellation),
        };

        Action<double> Show(string what) => share => log.Status($"{what}: {share:p0}");
    }

    // What a GGUF file says that it is; whatever else there is goes to the engine.
    private static string ArchitectureOf(string path)
    {
        if (!path.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) || !File.Exists(path)) return "";
        using GgufFile file = GgufFile.Open(path);
        return file.Metadata.GetString("general.architecture");
    }

    private static LanguageModel Engine(EvaluationRequest request, IEvaluatedModel model) => (model as EvaluatedTransformer)?.Model ?? throw new NotSupportedException(
        $"{request.Model}: conversations, a reference and repeated texts are for transformers; this is an {TrainedLstm.Architecture}.");

    private static (string Training, string HeldOut)? Corpus(EvaluationRequest request)
    {
        if (request.Corpus is null) return null;
        string text = File.ReadAllText(request.Corpus);
        int heldOutStart = HeldOutStart(text, request.HeldOutShare, isForetold: request.HeldOutText is null);
        return (text[..heldOutStart], request.HeldOutText is string file ? File.ReadAllText(file) : text[heldOutStart..]);
    }

    private static HeldOutEvaluation HeldOut(EvaluationRequest request, IEvaluatedModel model, string training, string heldOut, TrainingLog log, CancellationToken cancellation)
    {
        log.Line("reading the corpus and counting 5-grams");
        int separator = model.Tokenizer.SpecialTokens.BeginOfSequence ?? throw new NotSupportedException(
            $"{request.Model}: the vocabulary has no token that begins a text; expected one to stand between documents.");
        int[] seen = Tokenize(training), unseen = Tokenize(heldOut);
        return HeldOutEvaluation.Measure(model, seen, unseen.AsSpan(0, Math.Min(unseen.Length, request.MaxTokens)), separator,
            share => log.Status($"held-out text: {share:p0}"), cancellation);

        int[] Tokenize(string part)
        {
            List<int> ids = [];
            foreach (string document in TokenCache.Documents(part))
            {
                cancellation.ThrowIfCancellationRequested();
                ids.AddRange(model.Tokenizer.Encode(document));
                ids.Add(separator);
            }
            return [.. ids];
        }
    }

    private static InductionReport Induction(Transformer model, EvaluationRequest request)
    {
        const int LongestText = 50; // tokens before the repetition
        return InductionReport.Measure(model, Math.Min(LongestText, model.Config.ContextLength / 2), request.RepeatedTexts, request.Seed);
    }

    // The first document that begins behind the training share, so that no document is on both sides; there must be one where no other text is foretold.
    private static int HeldOutStart(string text, double share, bool isForetold)
    {
        string line = "\n" + TokenCache.Separator + "\n";
        int end = text.IndexOf(line, (int)(text.Length * (1 - share)), StringComparison.Ordinal);
        int start = end < 0 ? text.Length : end + line.Length;
        return start < text.Length || !isForetold ? start : throw new InvalidDataException(
            $"The corpus has {text.Length} characters; expected at least one document in its last {share:p1}. Is the held-out share too small?");
    }

    private static ReferenceComparison Compare(EvaluationRequest request, LanguageModel model, Action<double> progress, CancellationToken cancellation)
    {
        using LanguageModel reference = LanguageModel.Load(request.Reference!); // not null: asked for only then
        return ReferenceComparison.Measure(Path.GetFileName(request.Reference!), request.Conversations, new ChatSpeaker(model), new ChatSpeaker(reference),
            request.MaxQuestions, progress, cancellation);
    }

    private static RewardedAnswers Judge(EvaluationRequest request, LanguageModel model, Action<double> progress, CancellationToken cancellation)
    {
        using LanguageModel? reference = request.Reference is null ? null : LanguageModel.Load(request.Reference);
        return RewardedAnswers.Measure(request.Reward!, request.Conversations, new ChatSpeaker(model), reference is null ? null : new ChatSpeaker(reference), // not null: as above
            request.MaxQuestions, request.SampleCount, progress, cancellation);
    }

    private static List<SampleReport> Samples(EvaluationRequest request, IEvaluatedModel model, string? training, Action<double> progress, CancellationToken cancellation)
    {
        TrainingTextIndex? index = training is null ? null : new TrainingTextIndex(TokenCache.Documents(training));
        List<SampleReport> samples = [];
        for (int i = 0; i < request.SampleCount; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            string sample = Sample(request, model, request.Seed + (ulong)i);
            (string Sentence, double Similarity)? nearest = index?.Nearest(Text.Sentences(sample).MaxBy(sentence => sentence.Length) ?? "");
            samples.Add(new SampleReport(sample, index?.Overlap(sample), nearest?.Sentence, nearest?.Similarity));
            progress((i + 1.0) / request.SampleCount);
        }
        return samples;
    }

    private static string Sample(EvaluationRequest request, IEvaluatedModel model, ulong seed) => model.Sample(request.SamplePrompt, MaxSampleTokens, temperature: 0.8f, seed);
}
