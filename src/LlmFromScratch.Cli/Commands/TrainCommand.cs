using System.CommandLine;
using LlmFromScratch.Training;
using LlmFromScratch.Training.Configuration;

namespace LlmFromScratch.Cli.Commands;

/// <summary><c>llmfs train</c>: trains a model by a recipe. Ctrl-C saves a checkpoint; <c>--resume</c> goes on from it with the same bits.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        Option<FileInfo> config = new("--config", "-c") { Description = "The recipe: a JSON file, for example models/recipes/tales-tiny.json.", Required = true };
        Option<bool> resume = new("--resume") { Description = "Go on from the run's last checkpoint." };
        Command command = new("train", "Train a model from a recipe.") { config, resume };
        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            TrainingConfig recipe = ConfigFile.Load<TrainingConfig>(parsed.GetRequiredValue(config).FullName);
            TrainingLog log = new(Console.Out, isTerminal: !Console.IsOutputRedirected);
            TrainingResult result = PretrainingRun.Run(recipe, parsed.GetValue(resume), log, cancellation);
            if (!result.Completed) Console.Out.WriteLine("stopped; go on with --resume");
            return 0;
        }, CancellationToken.None)); // the trainer itself hears the interrupt, so that it can save first
        return command;
    }
}
