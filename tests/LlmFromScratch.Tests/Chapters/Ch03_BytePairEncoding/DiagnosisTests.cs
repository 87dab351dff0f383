using System.Text;
using LlmFromScratch.Course;
using LlmFromScratch.Course.Chapters.Ch03;
using LlmFromScratch.Course.Checking;
using LlmFromScratch.Tokenization;

namespace LlmFromScratch.Tests.Chapters.Ch03_BytePairEncoding;

/// <summary>Mistakes as a learner writes them, in another style than the catalogue's mutants, get the same diagnosis.</summary>
[Trait("Chapter", "03")]
public class DiagnosisTests
{
    [Fact]
    public void Pair_CountedInTheTextWrittenOut_IsRecognised()
    {
        static (int, int, int) Count(int[][] words, int[] counts)
        {
            List<int> text = [];
            for (int w = 0; w < words.Length; w++)
                for (int n = 0; n < counts[w]; n++) text.AddRange(words[w]);
            var best = text.Zip(text.Skip(1)).GroupBy(pair => pair).OrderByDescending(g => g.Count()).ThenBy(g => g.Key).FirstOrDefault();
            return best is null ? (-1, -1, 0) : (best.Key.First, best.Key.Second, best.Count());
        }
        Assert.Equal("the text written out", Check.Run("3.1", Count).MistakeName);
    }

    [Fact]
    public void Cut_ByRecursionOverLookups_IsStoppedByItsNumberOfLookups()
    {
        static string[] BestCut(string text, Dictionary<string, double> table)
        {
            if (text.Length == 0) return [];
            string[]? best = null;
            for (int n = 1; n <= text.Length; n++)
            {
                if (!table.ContainsKey(text[..n])) continue;
                string[] cut = [text[..n], .. BestCut(text[n..], table)];
                if (string.Concat(cut) == text && (best is null || cut.Sum(piece => table[piece]) > best.Sum(piece => table[piece]))) best = cut;
            }
            return best ?? ["?"];
        }
        CheckResult result = Check.Run("3.5", BestCut);
        Assert.Equal("all cuts tried", result.MistakeName);
        Assert.Contains("The table was asked 100,000 times", result.Finding);
    }

    [Fact]
    public void Cut_ByRecursionOverThePiecesOfTheTable_IsStoppedAndNamed()
    {
        using var over = new CancellationTokenSource();
        CancellationToken stop = over.Token; // nothing else ends the candidate of a compiled test
        IEnumerable<string[]> Cuts(string text, Dictionary<string, double> table) => text.Length == 0 || stop.IsCancellationRequested ? [[]]
            : table.Keys.Where(piece => text.StartsWith(piece, StringComparison.Ordinal)).SelectMany(piece => Cuts(text[piece.Length..], table).Select(rest => (string[])[piece, .. rest]));
        Func<string, Dictionary<string, double>, string[]> all = (text, table) => Cuts(text, table).MaxBy(cut => cut.Sum(piece => text.Length < 40 ? table[piece] : 0)) ?? [];
        CheckResult result = ExerciseCatalogue.Find("3.5").Check(all, new CheckLimits(Slow: TimeSpan.FromMinutes(1), Stop: TimeSpan.FromSeconds(1)));
        Assert.StartsWith("all cuts are tried", result.LikelyCause);
        Assert.StartsWith("stopped: the case “forty characters” had no answer", result.Finding);
        over.Cancel();
    }

    [Fact]
    public void Cut_WithAMemoryOfPrefixes_Passes()
    {
        static string[] BestCut(string text, Dictionary<string, double> table)
        {
            Dictionary<int, (double Score, string[] Cut)> known = [];
            (double Score, string[] Cut) From(int start)
            {
                if (start == text.Length) return (0, []);
                if (known.TryGetValue(start, out (double, string[]) before)) return before;
                return known[start] = Enumerable.Range(start + 1, text.Length - start).Where(end => table.ContainsKey(text[start..end]))
                    .Select(end => (table[text[start..end]] + From(end).Score, (string[])[text[start..end], .. From(end).Cut]))
                    .DefaultIfEmpty((double.NegativeInfinity, [])).MaxBy(way => way.Item1);
            }
            return From(0).Cut;
        }
        Assert.Equal(CheckOutcome.Passed, Check.Run("3.5", BestCut).Outcome);
    }

    [Fact]
    public void Cut_WithSpansInPlaceOfSubstrings_Passes()
    {
        static string[] BestCut(string text, Dictionary<string, double> table)
        {
            Dictionary<string, double>.AlternateLookup<ReadOnlySpan<char>> spans = table.GetAlternateLookup<ReadOnlySpan<char>>();
            double[] best = [0, .. Enumerable.Repeat(double.NegativeInfinity, text.Length)];
            int[] from = new int[text.Length + 1];
            for (int end = 1; end <= text.Length; end++)
                for (int start = 0; start < end; start++)
                    if (spans.TryGetValue(text.AsSpan(start..end), out double score) && best[start] + score > best[end]) (best[end], from[end]) = (best[start] + score, start);
            List<string> pieces = [];
            for (int end = text.Length; end > 0; end = from[end]) pieces.Insert(0, text[from[end]..end]);
            return [.. pieces];
        }
        Assert.Equal(CheckOutcome.Passed, Check.Run("3.5", BestCut).Outcome);
    }

    [Theory]
    [InlineData(true, "control id refused")]
    [InlineData(false, "control id refused by GetBytes")]
    public void Tokenizer_ThatRefusesAControlId_IsRecognisedWhateverItThrows(bool everywhere, string name)
    {
        CheckResult result = Check.Run("3.4", (byte[][] tokens, BpeMerge[] merges, SpecialTokens special) => (ITokenizer)new TeachingTokenizer(tokens, merges, special)
        {
            BytesOf = id => tokens[id].Length == 0 ? throw new ArgumentOutOfRangeException(nameof(id)) : tokens[id],
            DecodedBytesOf = id => tokens[id].Length == 0 && everywhere ? throw new ArgumentOutOfRangeException(nameof(id)) : tokens[id],
        });
        Assert.Equal(name, result.MistakeName);
    }

    [Fact]
    public void Word_CutWithMarksEverywhere_IsRecognised()
    {
        static string[] Cut(string word, string[] vocabulary)
        {
            var pieces = new List<string>();
            var rest = new StringBuilder(word);
            while (rest.Length > 0)
            {
                string? longest = vocabulary.Where(piece => piece.StartsWith("##") && rest.ToString().StartsWith(piece[2..], StringComparison.Ordinal)).MaxBy(piece => piece.Length);
                if (longest is null) return ["[UNK]"];
                pieces.Add(longest);
                rest.Remove(0, longest.Length - 2);
            }
            return [.. pieces];
        }
        Assert.Equal("## looked up at the start too", Check.Run("3.6", Cut).MistakeName);
    }
}
