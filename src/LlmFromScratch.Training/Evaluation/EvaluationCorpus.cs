using LlmFromScratch.Tokenization;
using LlmFromScratch.Training.Alignment;
using LlmFromScratch.Training.Data;

namespace LlmFromScratch.Training.Evaluation;

/// <summary>What a model learnt and what it did not: two texts, or two lists of talks where the corpus is a file of JSON lines.</summary>
/// <param name="Documents">What it learnt to say, to look samples up in: documents, or the answers of the talks.</param>
/// <param name="HeldOutDocuments">What it did not learn; empty where there are talks.</param>
/// <param name="Text">The ids of both, each document followed by the token between documents; empty where there are talks.</param>
/// <param name="Talks">Training and held-out talks, or null.</param>
internal sealed record EvaluationCorpus(IEnumerable<string> Documents, IReadOnlyList<string> HeldOutDocuments, (int[] Training, int[] HeldOut) Text,
    (IReadOnlyList<ChatExample> Training, IReadOnlyList<ChatExample> HeldOut)? Talks)
{
    /// <summary>Reads the files of a request; null where it names none.</summary>
    /// <exception cref="InvalidDataException">The corpus is too small, or the held-out part is of the other kind.</exception>
    /// <exception cref="NotSupportedException">The vocabulary has no token to stand between documents.</exception>
    public static EvaluationCorpus? Read(EvaluationRequest request, ITokenizer tokenizer, CancellationToken cancellation)
    {
        if (request.Corpus is not string corpus) return null;
        if (request.HeldOutText is string other && IsTalks(other) != IsTalks(corpus)) throw new InvalidDataException(
            $"{other}: expected {(IsTalks(corpus) ? "talks (.jsonl)" : "text")} like the corpus {corpus}.");
        return IsTalks(corpus) ? OfTalks(request, [.. JsonLines.Read<ChatExample>(corpus)]) : OfText(request, corpus, tokenizer, cancellation);
    }

    /// <summary>The token between documents.</summary>
    public static int Separator(ITokenizer tokenizer) => tokenizer.SpecialTokens.BeginOfSequence ?? throw new NotSupportedException(
        "The model's vocabulary has no token that begins a text; expected one to stand between documents.");

    private static bool IsTalks(string file) => file.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase);

    private static EvaluationCorpus OfTalks(EvaluationRequest request, IReadOnlyList<ChatExample> talks)
    {
        int learnt = talks.Count - Math.Max(1, (int)(talks.Count * request.HeldOutShare));
        ChatExample[] training = [.. talks.Take(learnt)];
        IEnumerable<string> answers = training.SelectMany(talk => talk.Messages).Where(message => message.Role == "assistant").Select(message => message.Content);
        return new EvaluationCorpus(answers, [], ([], []), (training, request.HeldOutText is string file ? [.. JsonLines.Read<ChatExample>(file)] : [.. talks.Skip(learnt)]));
    }

    private static EvaluationCorpus OfText(EvaluationRequest request, string corpus, ITokenizer tokenizer, CancellationToken cancellation)
    {
        int separator = Separator(tokenizer);
        (string[] documents, int[][] ids) = Tokenize(corpus);
        int learnt = CountLearnt(ids, request.HeldOutShare);
        (string[] heldOut, int[][] heldOutIds) = request.HeldOutText is string file ? Tokenize(file) : (documents[learnt..], ids[learnt..]);
        if (heldOut.Length == 0) throw new InvalidDataException(
            $"{request.HeldOutText ?? corpus}: expected at least one whole document{(request.HeldOutText is null ? $" in the last {request.HeldOutShare:p1} of its tokens. Is the held-out share too small?" : "")}, got none.");
        return new EvaluationCorpus(documents[..learnt], heldOut, ([.. ids[..learnt].SelectMany(part => part)], [.. heldOutIds.SelectMany(part => part)]), Talks: null);

        (string[], int[][]) Tokenize(string path)
        {
            string[] texts = [.. TokenCache.Documents(File.ReadAllText(path))];
            return (texts, Array.ConvertAll(texts, text =>
            {
                cancellation.ThrowIfCancellationRequested();
                return (int[])[.. tokenizer.Encode(text), separator];
            }));
        }
    }

    // The documents before the first one that lies wholly in the part which training holds out: of the others the model learnt at least the beginning.
    private static int CountLearnt(int[][] documents, double share)
    {
        int count = documents.Sum(ids => ids.Length), learnt = count - TokenDataset.CountHeldOut(count, share), start = 0, first = 0;
        while (first < documents.Length && start < learnt) start += documents[first++].Length;
        return first;
    }
}
