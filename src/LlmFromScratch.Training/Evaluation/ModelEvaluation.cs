using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Inference;
using LlmFromScratch.Models;
using LlmFromScratch.Training.Data;
using LlmFromScratch.Training.Interpretability;
using LlmFromScratch.Training.Layers;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Training.Evaluation;

/// <summary>Measures a finished model: the numbers and samples of its card. <c>llmfs eval</c> runs it.</summary>
public static class ModelEvaluation
{
    private const int MaxSampleTokens = 220, MaxTaleTokens = 320; // tales that are checked may come to their end

    /// <summary>Makes the report.</summary>
    /// <param name="request">What to measure.</param>
    /// <param name="log">Gets the progress.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="InvalidDataException">A file is damaged, or the corpus is too small.</exception>
    /// <exception cref="NotSupportedException">Conversations or a reference are given, and the vocabulary has no tokens of ChatML; or the kind of model cannot do what is asked.</exception>
    public static EvaluationReport Run(EvaluationRequest request, TrainingLog log, CancellationToken cancellation)
    {
        string architecture = ArchitectureOf(request.Model);
        if (architecture == TrainedEncoder.Architecture) return EncoderEvaluation.Run(request, TrainedEncoder.Load(request.Model), log, cancellation);
        using IEvaluatedModel model = CellNames.Find(architecture) is not null
            ? new EvaluatedRecurrent(TrainedRecurrent.Load(request.Model)) : new EvaluatedTransformer(LanguageModel.Load(request.Model));
        EvaluationCorpus? corpus = EvaluationCorpus.Read(request, model.Tokenizer, cancellation);
        return new EvaluationReport
        {
            Model = Path.GetFileName(request.Model),
            Parameters = model.ParameterCount,
            HeldOut = corpus is null ? null : HeldOut(request, model, corpus, log, cancellation),
            Induction = request.RepeatedTexts == 0 ? null : Induction(Engine(request, model).Transformer, request),
            Consistency = request.TaleCount == 0 ? null : ConsistencyEvaluation.Measure(
                seed => Sample(request, model, seed), request.TaleCount, request.Seed, Show("tales"), cancellation),
            Answers = request.Conversations.Count == 0 ? null : AnswerEvaluation.Measure(
                request.Conversations, new ChatSpeaker(Engine(request, model)), request.MaxQuestions, Show("questions"), cancellation),
            Reference = request.Reference is null ? null : Compare(request, Engine(request, model), Show("answers beside the reference"), cancellation),
            Rewarded = request.Reward is null ? null : Judge(request, Engine(request, model), Show("answers to judge"), cancellation),
            Samples = Samples(request, model, corpus?.Documents, Show("samples"), cancellation),
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
        $"{request.Model}: conversations, a reference and repeated texts are for transformers; this model's architecture is {ArchitectureOf(request.Model)}.");

    private static HeldOutEvaluation HeldOut(EvaluationRequest request, IEvaluatedModel model, EvaluationCorpus corpus, TrainingLog log, CancellationToken cancellation)
    {
        log.Line("counting 5-grams");
        Action<double> progress = share => log.Status($"held-out text: {share:p0}");
        if (corpus.Talks is var (learnt, talks)) return TalkEvaluation.Measure(Engine(request, model), learnt, talks, request.MaxTokens, progress, cancellation);
        (int[] seen, int[] unseen) = corpus.Text;
        return HeldOutEvaluation.Measure(model, seen, unseen.AsSpan(0, Math.Min(unseen.Length, request.MaxTokens)), EvaluationCorpus.Separator(model.Tokenizer), progress, cancellation);
    }

    private static InductionReport Induction(Transformer model, EvaluationRequest request)
    {
        const int LongestText = 50; // tokens before the repetition
        return InductionReport.Measure(model, Math.Min(LongestText, model.Config.ContextLength / 2), request.RepeatedTexts, request.Seed);
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

    private static List<SampleReport> Samples(EvaluationRequest request, IEvaluatedModel model, IEnumerable<string>? learnt, Action<double> progress, CancellationToken cancellation)
    {
        TrainingTextIndex? index = learnt is null ? null : new TrainingTextIndex(learnt);
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

    private static string Sample(EvaluationRequest request, IEvaluatedModel model, ulong seed) => model.Sample(request.SamplePrompt, request.TaleCount > 0 ? MaxTaleTokens : MaxSampleTokens, temperature: 0.8f, seed);
}
