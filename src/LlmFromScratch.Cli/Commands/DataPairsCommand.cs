using System.CommandLine;
using LlmFromScratch.Training.Alignment;

namespace LlmFromScratch.Cli.Commands;

/// <summary><c>llmfs data pairs</c>: preference pairs from a chat model's own answers.</summary>
internal static class DataPairsCommand
{
    public static Command Create()
    {
        Option<FileInfo> model = new("--model", "-m") { Description = "A GGUF file of a chat model that was made here.", Required = true };
        Option<ulong> seed = new("--seed", "-s") { Description = "The same model and seed give the same pairs.", DefaultValueFactory = _ => 1 };
        Option<int> count = new("--count", "-n") { Description = "How many pairs.", DefaultValueFactory = _ => 3000 };
        Option<FileInfo> output = new("--output", "-o") { Description = "The file to write.", Required = true };
        Command command = new("pairs", "Let a model answer, and pair what holds together and is right with what does not.") { model, seed, count, output };
        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            if (parsed.GetValue(count) < 1) return Failure.WrongInput($"--count {parsed.GetValue(count)}: expected at least 1 pair.");
            DataCommand.MakeFolderOf(parsed.GetRequiredValue(output).FullName); // before minutes of work
            using SampledPairs pairs = new(parsed.GetRequiredValue(model).FullName);
            IReadOnlyList<PreferenceExample> made;
            using (TerminalProgress? progress = TerminalProgress.Start("pairs", parsed.GetValue(count)))
                made = pairs.Make(parsed.GetValue(seed), parsed.GetValue(count), progress, cancellation);
            JsonLines.Write(parsed.GetRequiredValue(output).FullName, made);
            foreach (IGrouping<string, PreferenceExample> rule in made.GroupBy(pair => pair.Rule).OrderBy(rule => rule.Key, StringComparer.Ordinal))
                Console.Out.WriteLine($"{rule.Key}: {rule.Count()} pairs");
            return 0;
        }, cancellation));
        return command;
    }
}
