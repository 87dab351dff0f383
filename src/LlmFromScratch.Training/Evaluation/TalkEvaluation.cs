using System.Runtime.InteropServices;
using LlmFromScratch.Inference;
using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Alignment;
using LlmFromScratch.Training.Models.NGrams;

namespace LlmFromScratch.Training.Evaluation;

/// <summary>How well a chat model foretells the answers of talks that it did not learn, beside a 5-gram that has counted those that it did. What the user says is given to both.</summary>
internal static class TalkEvaluation
{
    /// <summary>Measures.</summary>
    /// <param name="model">Its vocabulary has the tokens of ChatML.</param>
    /// <param name="training">The talks that the model learnt.</param>
    /// <param name="heldOut">Talks that it did not; those longer than its context are left out.</param>
    /// <param name="maxTokens">Enough: no further talk is read once as many tokens were foretold.</param>
    /// <param name="progress">Told the share that is done.</param>
    /// <param name="cancellation">Stops it.</param>
    public static HeldOutEvaluation Measure(LanguageModel model, IReadOnlyList<ChatExample> training, IReadOnlyList<ChatExample> heldOut, int maxTokens,
        Action<double> progress, CancellationToken cancellation)
    {
        ChatMl chatMl = new ChatSpeaker(model).ChatMl;
        List<int> seen = [];
        foreach (ChatExample talk in training)
        {
            cancellation.ThrowIfCancellationRequested();
            seen.AddRange(chatMl.Encode(talk.Messages).Ids);
        }
        KneserNeyModel ngram = KneserNeyModel.Train(CollectionsMarshal.AsSpan(seen), order: 5, model.Tokenizer.VocabSize);
        double nats = 0, ngramNats = 0;
        long bytes = 0;
        int count = 0;
        foreach (ChatExample talk in heldOut)
        {
            cancellation.ThrowIfCancellationRequested();
            TokenizedExample tokens = chatMl.Encode(talk.Messages);
            if (tokens.Length > model.Transformer.Config.ContextLength) continue;
            double[] logs = HeldOutEvaluation.LogProbabilities(model.Transformer, tokens.Ids);
            for (int i = 1; i < tokens.Length; i++)
            {
                if (!tokens.Learnt[i]) continue;
                nats -= logs[i];
                ngramNats -= PortableMath.Log(ngram.Probability(tokens.Ids[..i], tokens.Ids[i]));
                bytes += model.Tokenizer.GetBytes(tokens.Ids[i]).Length;
                count++;
            }
            progress(Math.Min(1, (double)count / maxTokens));
            if (count >= maxTokens) break;
        }
        if (count == 0) throw new InvalidDataException($"{heldOut.Count} held-out talks, none of at most {model.Transformer.Config.ContextLength} tokens; expected at least one to foretell.");
        double bits = PortableMath.Log(2) * bytes;
        return new HeldOutEvaluation(count, bytes, nats / bits, PortableMath.Exp(nats / count), ngramNats / bits) { IsOfAnswers = true };
    }
}
