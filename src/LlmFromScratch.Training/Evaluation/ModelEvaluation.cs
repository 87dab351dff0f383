using LlmFromScratch.Inference;
using LlmFromScratch.Sampling;
using LlmFromScratch.Tokenization;
using LlmFromScratch.Training.Alignment;
using LlmFromScratch.Training.Data;

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
    /// <exception cref="NotSupportedException">Conversations or a reference are given, and the vocabulary has no tokens of ChatML.</exception>
    public static EvaluationReport Run(EvaluationRequest request, TrainingLog log, CancellationToken cancellation)
    {
        using LanguageModel model = LanguageModel.Load(request.Model);
        string? text = request.Corpus is null ? null : File.ReadAllText(request.Corpus);
        int heldOutStart = text is null ? 0 : HeldOutStart(text, request.HeldOutShare, isForetold: request.HeldOutText is null);
        return new EvaluationReport
        {
            Model = Path.GetFileName(request.Model),
            Parameters = model.Transformer.Config.ParameterCount,
            HeldOut = text is null ? null : HeldOut(request, model, text, heldOutStart, log, cancellation),
            Consistency = request.TaleCount == 0 ? null : ConsistencyEvaluation.Measure(
                seed => Sample(request, model, seed), request.TaleCount, request.Seed, Show("tales"), cancellation),
            Answers = request.Conversations.Count == 0 ? null : AnswerEvaluation.Measure(
                request.Conversations, new ChatSpeaker(model), request.MaxQuestions, Show("questions"), cancellation),
            Reference = request.Reference is null ? null : Compare(request, model, Show("answers beside the reference"), cancellation),
            Samples = Samples(request, model, text is null ? null : text[..heldOutStart], Show("samples"), cancellation),
        };

        Action<double> Show(string what) => share => log.Status($"{what}: {share:p0}");
    }

    private static HeldOutEvaluation HeldOut(EvaluationRequest request, LanguageModel model, string text, int heldOutStart, TrainingLog log, CancellationToken cancellation)
    {
        log.Line("reading the corpus and counting 5-grams");
        int separator = model.Tokenizer.SpecialTokens.BeginOfSequence ?? throw new NotSupportedException(
            $"{request.Model}: the vocabulary has no token that begins a text; expected one to stand between documents.");
        int[] training = Tokenize(text[..heldOutStart]), heldOut = Tokenize(request.HeldOutText is string file ? File.ReadAllText(file) : text[heldOutStart..]);
        return HeldOutEvaluation.Measure(model.Transformer, model.Tokenizer, training, heldOut.AsSpan(0, Math.Min(heldOut.Length, request.MaxTokens)), separator,
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

    private static List<SampleReport> Samples(EvaluationRequest request, LanguageModel model, string? training, Action<double> progress, CancellationToken cancellation)
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

    // A model that ends its turns with ChatML's mark is asked; any other goes on from the prompt.
    private static string Sample(EvaluationRequest request, LanguageModel model, ulong seed)
    {
        const float Temperature = 0.8f;
        if (model.Tokenizer is ByteLevelBpeTokenizer { SpecialTokens.EndOfSequence: int end } tokenizer && tokenizer.Vocabulary.Texts[end] == ChatMl.End)
            return new ChatSpeaker(model).Answer([new ChatMessage("user", request.SamplePrompt)], MaxSampleTokens, Temperature, seed).Text;
        GenerationOptions options = new() { MaxTokens = MaxSampleTokens, Sampling = new SamplingOptions { Temperature = Temperature, Seed = seed } };
        return request.SamplePrompt + model.Generator.Generate(request.SamplePrompt, options).Text;
    }
}
