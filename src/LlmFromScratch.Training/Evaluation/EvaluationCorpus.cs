using LlmFromScratch.Training.Alignment;
using LlmFromScratch.Training.Data;

namespace LlmFromScratch.Training.Evaluation;

/// <summary>What a model learnt and what it did not: two texts, or two lists of talks where the corpus is a file of JSON lines.</summary>
/// <param name="Documents">What it learnt to say, to look samples up in: documents, or the answers of the talks.</param>
/// <param name="Text">Training and held-out text; empty where there are talks.</param>
/// <param name="Talks">Training and held-out talks, or null.</param>
internal sealed record EvaluationCorpus(IEnumerable<string> Documents, (string Training, string HeldOut) Text, (IReadOnlyList<ChatExample> Training, IReadOnlyList<ChatExample> HeldOut)? Talks)
{
    /// <summary>Reads the files of a request; null where it names none.</summary>
    /// <exception cref="InvalidDataException">The corpus is too small, or the held-out part is of the other kind.</exception>
    public static EvaluationCorpus? Read(EvaluationRequest request)
    {
        if (request.Corpus is not string corpus) return null;
        if (request.HeldOutText is string other && IsTalks(other) != IsTalks(corpus)) throw new InvalidDataException(
            $"{other}: expected {(IsTalks(corpus) ? "talks (.jsonl)" : "text")} like the corpus {corpus}.");
        if (IsTalks(corpus)) return OfTalks(request, [.. JsonLines.Read<ChatExample>(corpus)]);
        string text = File.ReadAllText(corpus);
        int heldOutStart = HeldOutStart(text, request.HeldOutShare, isForetold: request.HeldOutText is null);
        string training = text[..heldOutStart];
        return new EvaluationCorpus(TokenCache.Documents(training), (training, request.HeldOutText is string file ? File.ReadAllText(file) : text[heldOutStart..]), Talks: null);
    }

    private static bool IsTalks(string file) => file.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase);

    private static EvaluationCorpus OfTalks(EvaluationRequest request, IReadOnlyList<ChatExample> talks)
    {
        int learnt = talks.Count - Math.Max(1, (int)(talks.Count * request.HeldOutShare));
        ChatExample[] training = [.. talks.Take(learnt)];
        IEnumerable<string> answers = training.SelectMany(talk => talk.Messages).Where(message => message.Role == "assistant").Select(message => message.Content);
        return new EvaluationCorpus(answers, ("", ""), (training, request.HeldOutText is string file ? [.. JsonLines.Read<ChatExample>(file)] : [.. talks.Skip(learnt)]));
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
}
