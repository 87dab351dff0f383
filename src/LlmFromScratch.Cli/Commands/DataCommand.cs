using System.CommandLine;
using System.Globalization;
using LlmFromScratch.Training.Data;
using LlmFromScratch.Training.Data.TinyTales;

namespace LlmFromScratch.Cli.Commands;

/// <summary>
/// <c>llmfs data</c>: writes the sets that this repository's own generators make, counts what is in one, cleans texts, and fetches published ones.
/// </summary>
internal static class DataCommand
{
    private const decimal MostBytes = 10_000_000_000;

    public static Command Create() => new("data", "Make, fetch, clean and count sets to train on.") { CreateMake(), CreateStatistics(), DataPairsCommand.Create(), DataCleanCommand.Create(), DataFetchCommand.Create() };

    private static Command CreateMake()
    {
        Argument<string> name = new("NAME")
        {
            Description = "The set: " + string.Join("; ", GeneratedCorpora.All.Select(corpus => $"{corpus.Name} ({corpus.Description})")) + ".",
        };
        name.AcceptOnlyFromAmong([.. GeneratedCorpora.All.Select(corpus => corpus.Name)]);
        Option<ulong> seed = new("--seed", "-s") { Description = "The same seed gives the same bytes.", DefaultValueFactory = _ => 1 };
        Option<string> size = new("--size") { Description = "About how many bytes, for example 500KB or 20MB.", DefaultValueFactory = _ => "20MB" };
        Option<TaleSplit> split = new("--split") { Description = "Which tales: those to train on, or those held out.", DefaultValueFactory = _ => TaleSplit.Training };
        Option<FileInfo?> output = new("--output", "-o") { Description = "The file to write; without it, data/cache/NAME-SPLIT-SEED-SIZE." };
        Command command = new("make", "Write a set; licence CC0.") { name, seed, size, split, output };
        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            GeneratedCorpus corpus = GeneratedCorpora.Get(parsed.GetRequiredValue(name));
            if (!corpus.HasSplits && parsed.GetValue(split) != TaleSplit.Training) return Failure.WrongInput($"--split {parsed.GetValue(split)}: {corpus.Name} has no held-out part of that name; expected no --split.");
            string path = parsed.GetValue(output)?.FullName ?? Path.Combine("data", "cache",
                $"{corpus.Name}-{parsed.GetValue(split)}-{parsed.GetValue(seed)}-{parsed.GetRequiredValue(size)}{corpus.Extension}");
            long bytes = ParseSize(parsed.GetRequiredValue(size));
            MakeFolderOf(path);
            using (TerminalProgress.Start($"making {corpus.Name}")) corpus.Write(path, parsed.GetValue(seed), bytes, parsed.GetValue(split), cancellationToken: cancellation);
            Console.Out.WriteLine($"{path}: {new FileInfo(path).Length} bytes");
            return 0;
        }, cancellation));
        return command;
    }

    /// <summary>Makes the folder in which a file is to be written.</summary>
    public static void MakeFolderOf(string path) =>
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!); // not null: a full path to a file has a folder

    private static Command CreateStatistics()
    {
        Argument<FileInfo> file = new("FILE") { Description = "A set that data make wrote." };
        Command command = new("stats", "Count documents, words and repetition, as a Markdown table.") { file };
        command.SetAction(parsed =>
        {
            Console.Out.WriteLine(TinyTalesCorpus.Statistics(TinyTalesCorpus.Read(parsed.GetRequiredValue(file).FullName)).ToMarkdown());
            return 0;
        });
        return command;
    }

    private static long ParseSize(string text)
    {
        (string digits, long unit) = text switch
        {
            _ when text.EndsWith("KB", StringComparison.OrdinalIgnoreCase) => (text[..^2], 1_000L),
            _ when text.EndsWith("MB", StringComparison.OrdinalIgnoreCase) => (text[..^2], 1_000_000L),
            _ when text.EndsWith("GB", StringComparison.OrdinalIgnoreCase) => (text[..^2], 1_000_000_000L),
            _ => (text, 1L),
        };
        if (!decimal.TryParse(digits, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out decimal count) || count > MostBytes / unit || count * unit < 1)
            throw new ArgumentException($"--size {text}: expected a number of bytes up to 10 GB, with KB, MB or GB behind it or nothing.");
        return (long)(count * unit);
    }
}
