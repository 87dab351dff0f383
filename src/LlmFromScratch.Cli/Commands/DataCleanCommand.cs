using System.CommandLine;
using System.Globalization;
using LlmFromScratch.Training.Data.Pipeline;

namespace LlmFromScratch.Cli.Commands;

/// <summary><c>llmfs data clean</c>: makes a corpus of any texts, and says what each stage let through.</summary>
internal static class DataCleanCommand
{
    public static Command Create()
    {
        Argument<FileInfo[]> inputs = new("INPUT")
        {
            Description = "Files: .jsonl with \"text\", \"source\" and \"licence\" a line, or text with a document a blank-line block (or before each line <|endoftext|>).",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<FileInfo> output = new("--output", "-o") { Description = "The corpus to write, .txt or .jsonl.", Required = true };
        Option<FileInfo?> report = new("--report") { Description = "Also write the funnel as JSON into this file." };
        Option<FileInfo?> manifest = new("--manifest") { Description = "Where the licence manifest goes; without it, OUTPUT.manifest.json." };
        Option<string?> licence = new("--licence") { Description = "SPDX identifier of the texts that state none, for example CC0-1.0 or LicenseRef-Public-Domain." };
        Option<bool> allowUnknown = new("--allow-unknown-licence") { Description = "Keep texts whose licence is unknown." };
        Option<int> join = new("--join") { Description = "Join blank-line blocks to documents of at least so many characters: for books." };
        Option<string[]> skip = new("--skip") { Description = "Leave out a stage; may be repeated." };
        skip.AcceptOnlyFromAmong([.. CleaningRequest.StageNames]);
        Option<string[]> languages = new("--language")
        {
            Description = "A language to keep (de, en, es, fr, it, nl, other); may be repeated.", DefaultValueFactory = _ => ["en"],
        };
        Option<int> words = new("--min-words") { Description = "The least number of words of a document.", DefaultValueFactory = _ => GopherRules.LeastWords };
        Option<double> unkind = new("--max-unkind")
        {
            Description = "The greatest share of a document in unkind sentences.", DefaultValueFactory = _ => ToxicityFilter.DefaultShare,
        };
        Option<double> near = new("--near")
        {
            Description = "The similarity from which on documents are near duplicates.", DefaultValueFactory = _ => NearDuplicateFilter.DefaultThreshold,
        };
        Option<string[]> weights = new("--weight") { Description = "SOURCE=NUMBER: mix the sources by weight; may be repeated.", DefaultValueFactory = _ => [] };
        Option<double?> temperature = new("--temperature")
        {
            Description = "Mix the sources, weights (or numbers of documents) to the power of 1/T; above 1 favours the small.",
        };
        Option<int> epochs = new("--epochs") { Description = "How often a mixture may take a document.", DefaultValueFactory = _ => 1 };
        Option<bool> shuffle = new("--shuffle") { Description = "Write the documents in a drawn order: training holds out the end, and books one after the other end with the last book." };
        Option<ulong> seed = new("--seed", "-s") { Description = "Decides the draws of a mixture and the order of --shuffle.", DefaultValueFactory = _ => 1 };
        Option<bool> json = new("--json") { Description = "Print the funnel as JSON." };
        Command command = new("clean", "Clean texts: licences, duplicates, quality, language, toxicity, personal data, mixture, order.")
        {
            inputs, output, report, manifest, licence, allowUnknown, join, skip, languages, words, unkind, near, weights, temperature, epochs, shuffle, seed, json,
        };
        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            IReadOnlyDictionary<string, double> mixed = ParseWeights(parsed.GetRequiredValue(weights));
            string path = parsed.GetRequiredValue(output).FullName, manifestPath = parsed.GetValue(manifest)?.FullName ?? path + ".manifest.json";
            string? reportPath = parsed.GetValue(report)?.FullName;
            foreach (string? written in (string?[])[path, manifestPath, reportPath])
                if (written is not null) DataCommand.MakeFolderOf(written);
            FunnelReport funnel = Clean(new CleaningRequest
            {
                Inputs = [.. parsed.GetRequiredValue(inputs).Select(file => file.FullName)],
                Output = path,
                Manifest = manifestPath,
                Report = reportPath,
                Licence = parsed.GetValue(licence),
                AllowUnknownLicence = parsed.GetValue(allowUnknown),
                JoinCharacters = parsed.GetValue(join),
                Skipped = parsed.GetValue(skip) ?? [],
                Languages = parsed.GetRequiredValue(languages),
                LeastWords = parsed.GetValue(words),
                MostUnkind = parsed.GetValue(unkind),
                NearThreshold = parsed.GetValue(near),
                ShuffleSeed = parsed.GetValue(shuffle) ? parsed.GetValue(seed) : null,
                Mixing = mixed.Count == 0 && parsed.GetValue(temperature) is null ? null : new MixingSettings
                {
                    Weights = mixed, Temperature = parsed.GetValue(temperature) ?? 1, Epochs = parsed.GetValue(epochs), Seed = parsed.GetValue(seed),
                },
            }, cancellation);
            if (parsed.GetValue(json)) Console.Out.WriteLine(funnel.ToJson());
            else Console.Out.Write(Printable.Text(funnel.ToString()) + string.Create(CultureInfo.InvariantCulture, $"{path}: {new FileInfo(path).Length:N0} bytes\n"));
            return 0;
        }, cancellation));
        return command;
    }

    private static FunnelReport Clean(CleaningRequest request, CancellationToken cancellation)
    {
        using TerminalProgress? progress = TerminalProgress.Start("documents read");
        return CorpusCleaning.Run(request, progress, cancellation);
    }

    private static IReadOnlyDictionary<string, double> ParseWeights(string[] texts)
    {
        Dictionary<string, double> weights = [];
        foreach (string text in texts)
        {
            int at = text.LastIndexOf('=');
            if (at <= 0 || !double.TryParse(text.AsSpan(at + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out double weight))
                throw new ArgumentException($"--weight {text}: expected SOURCE=NUMBER, for example books=0.3.");
            if (!weights.TryAdd(text[..at], weight)) throw new ArgumentException($"--weight {text}: the source {text[..at]} has a weight already.");
        }
        return weights;
    }
}
