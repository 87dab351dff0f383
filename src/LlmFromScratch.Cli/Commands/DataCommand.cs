using System.CommandLine;
using LlmFromScratch.Training.Data;

namespace LlmFromScratch.Cli.Commands;

/// <summary><c>llmfs data make</c>: writes a corpus that this repository's own generators make.</summary>
internal static class DataCommand
{
    public static Command Create() => new("data", "Make corpora to train on.") { CreateMake() };

    private static Command CreateMake()
    {
        Argument<string> name = new("NAME") { Description = $"The corpus: {string.Join(", ", GeneratedCorpora.Names)}." };
        name.AcceptOnlyFromAmong([.. GeneratedCorpora.Names]);
        Option<ulong> seed = new("--seed", "-s") { Description = "The same seed gives the same bytes.", DefaultValueFactory = _ => 1 };
        Option<string> size = new("--size") { Description = "About how many bytes, for example 500KB or 20MB.", DefaultValueFactory = _ => "20MB" };
        Option<FileInfo?> output = new("--output", "-o") { Description = "The file to write; without it, data/cache/NAME-SEED-SIZE.txt." };
        Command command = new("make", "Write a corpus; licence CC0.") { name, seed, size, output };
        command.SetAction(parsed =>
        {
            string path = parsed.GetValue(output)?.FullName
                ?? Path.Combine("data", "cache", $"{parsed.GetRequiredValue(name)}-{parsed.GetValue(seed)}-{parsed.GetRequiredValue(size)}.txt");
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!); // not null: a full path to a file has a folder
            GeneratedCorpora.Write(parsed.GetRequiredValue(name), path, parsed.GetValue(seed), ParseSize(parsed.GetRequiredValue(size)));
            Console.Out.WriteLine($"{path}: {new FileInfo(path).Length} bytes");
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
            _ => (text, 1L),
        };
        if (!long.TryParse(digits, out long count) || count < 1 || count > 10_000_000_000 / unit)
            throw new ArgumentException($"--size {text}: expected a number of bytes up to 10 GB, with KB or MB behind it or nothing.");
        return count * unit;
    }
}
