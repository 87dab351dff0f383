using System.Text;
using LlmFromScratch.Course;

namespace LlmFromScratch.Tests.Chapters.Ch00_PromptToAnswer;

/// <summary>Mistakes as a learner writes them, in another style than the catalogue's mutants, get the same diagnosis.</summary>
[Trait("Chapter", "00")]
public class DiagnosisTests
{
    [Fact]
    public void Text_BuiltTokenByToken_IsNamed()
    {
        static string Text(int[] ids, byte[][] pieces)
        {
            StringBuilder text = new();
            foreach (int id in ids) text.Append(Encoding.UTF8.GetString(pieces[id]));
            return text.ToString();
        }
        Assert.Equal("each token by itself", Check.Run("0.1", Text).MistakeName);
    }

    [Fact]
    public void Greedy_BySorting_Passes() =>
        Assert.Equal(CheckOutcome.Passed, Check.Run("0.2", (float[] s) => Enumerable.Range(0, s.Length).OrderByDescending(i => s[i]).First()).Outcome);

    [Fact]
    public void Greedy_ByMaxAndOrEqual_IsNamed()
    {
        static int Greedy(float[] s)
        {
            int best = 0;
            for (int i = 0; i < s.Length; i++) if (s[i] >= s[best]) best = i;
            return best;
        }
        Assert.Equal("the last of equals", Check.Run("0.2", Greedy).MistakeName);
    }

    [Fact]
    public void Loop_FeedingTheLastTokenOnly_IsNamed()
    {
        static int[] Loop(int[] prompt, Func<int[], float[]> next, int count, int end)
        {
            List<int> written = [];
            int last = prompt[^1];
            for (int i = 0; i < count; i++)
            {
                float[] s = next([last]);
                last = Array.IndexOf(s, s.Max());
                if (last == end) break;
                written.Add(last);
            }
            return [.. written];
        }
        Assert.Equal("only the last token goes in", Check.Run("0.3", Loop).MistakeName);
    }

    [Fact]
    public void Loop_PromptFirstThenTheNewestToken_IsNamed()
    {
        static int[] Loop(int[] prompt, Func<int[], float[]> next, int count, int end)
        {
            List<int> written = [];
            int[] read = prompt;
            while (written.Count < count)
            {
                float[] s = next(read);
                int best = 0;
                for (int i = 1; i < s.Length; i++) if (s[i] > s[best]) best = i;
                if (best == end) break;
                written.Add(best);
                read = [best];
            }
            return [.. written];
        }
        Assert.Equal("after the prompt only the newest token goes in", Check.Run("0.3", Loop).MistakeName);
    }

    [Fact]
    public void Seconds_WithNSteps_IsNamed() =>
        Assert.Equal("one decode step too many", Check.Run("0.4", (int p, int n, double a, double b) => (p / a, p / a + n / b)).MistakeName);
}
