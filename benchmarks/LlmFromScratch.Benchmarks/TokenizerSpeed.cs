using System.Diagnostics;
using System.Globalization;
using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Models;
using LlmFromScratch.Tokenization;
using LlmFromScratch.Tokenization.Files;

namespace LlmFromScratch.Benchmarks;

/// <summary>
/// How fast every vocabulary of a folder cuts English text into tokens, on one thread, as a Markdown table: GGUF files in vocab/, rank files in tiktoken/,
/// texts in text/. Not by BenchmarkDotNet: one encoding takes long enough for a stopwatch, and speed by the megabyte is what tokenizers are compared by.
/// </summary>
internal static class TokenizerSpeed
{
    private const int Runs = 7; // after one to warm up; the median is told

    public static void Print(string folder, TextWriter output)
    {
        string[] texts = Files(folder, "text", "*.txt");
        byte[] text = [.. texts.SelectMany(File.ReadAllBytes)];
        if (text.Length == 0) throw new InvalidDataException($"{Path.Combine(folder, "text")}: expected .txt files with English text, got none.");
        output.WriteLine(Line($"Text: {string.Join(" and ", texts.Select(Path.GetFileName))}, {text.Length:N0} bytes, encoded in one call; median of {Runs} runs after one to warm up, one thread."));
        output.WriteLine();
        output.WriteLine("| Vocabulary | Tokenizer | Entries | Tokens | Bytes a token | MB/s |");
        output.WriteLine("|---|---|---:|---:|---:|---:|");
        foreach (string path in (string[])[.. Files(folder, "vocab", "*.gguf"), .. Files(folder, "tiktoken", "*.tiktoken")])
        {
            ITokenizer tokenizer = Load(path);
            int tokens = tokenizer.Encode(text).Length;
            output.WriteLine(Line($"| {Path.GetFileNameWithoutExtension(path)} | {tokenizer.GetType().Name} | {tokenizer.VocabSize:N0} | {tokens:N0} | {(double)text.Length / tokens:0.00} | {MegabytesPerSecond(tokenizer, text):0.0} |"));
        }
    }

    private static double MegabytesPerSecond(ITokenizer tokenizer, byte[] text)
    {
        double[] seconds = new double[Runs];
        for (int run = 0; run < Runs; run++)
        {
            long start = Stopwatch.GetTimestamp();
            tokenizer.Encode(text);
            seconds[run] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        Array.Sort(seconds);
        return text.Length / 1e6 / seconds[Runs / 2];
    }

    private static ITokenizer Load(string path)
    {
        if (path.EndsWith(".tiktoken", StringComparison.Ordinal)) return TiktokenFile.Load(path);
        using GgufFile file = GgufFile.Open(path);
        return TokenizerLoader.Load(file);
    }

    private static string[] Files(string folder, string part, string pattern) => Directory.Exists(Path.Combine(folder, part))
        ? [.. Directory.GetFiles(Path.Combine(folder, part), pattern).Order(StringComparer.Ordinal)]
        : [];

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
