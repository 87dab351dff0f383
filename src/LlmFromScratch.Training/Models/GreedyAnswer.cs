using LlmFromScratch.Training.Autograd;

namespace LlmFromScratch.Training.Models;

/// <summary>Writes token by token, each time the most likely one.</summary>
internal static class GreedyAnswer
{
    /// <summary>Calls <paramref name="logits"/> with the start token and all tokens so far; its last row says what follows.</summary>
    public static int[] Write(int startId, int endId, int maxTokens, Func<int[], Variable> logits)
    {
        List<int> answer = [startId];
        while (answer.Count <= maxTokens)
        {
            Variable all = logits(answer.ToArray()); // [T, V]
            ReadOnlySpan<float> last = all.Data[^all.Shape[1]..];
            int best = 0;
            for (int id = 1; id < last.Length; id++)
                if (last[id] > last[best]) best = id;
            if (best == endId) break;
            answer.Add(best);
        }
        return answer.Skip(1).ToArray();
    }
}
