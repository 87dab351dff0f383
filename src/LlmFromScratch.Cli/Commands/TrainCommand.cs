using System.CommandLine;
using LlmFromScratch.Training;
using LlmFromScratch.Training.Configuration;

namespace LlmFromScratch.Cli.Commands;

/// <summary><c>llmfs train</c>: trains a model by a recipe. Ctrl-C saves a checkpoint; <c>--resume</c> goes on from it with the same bits.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        Option<FileInfo> config = new("--config", "-c") { Description = "The recipe: a JSON file, for example models/recipes/tales-quick.json.", Required = true };
        Option<bool> resume = new("--resume") { Description = "Go on from the run's last checkpoint." };
        Command command = new("train", "Train a model from a recipe.") { config, resume };
        command.SetAction((parsed, cancellation) => Task.Run(
            () => Run(PretrainingRun.Run, ConfigFile.Load<TrainingConfig>(parsed.GetRequiredValue(config).FullName), parsed.GetValue(resume), cancellation),
            CancellationToken.None)); // the trainer itself hears the interrupt, so that it can save first
        return command;
    }

    /// <summary>Does a run and says how to go on if it was interrupted.</summary>
    public static int Run<T>(Func<T, bool, TrainingLog, CancellationToken, TrainingResult> run, T recipe, bool resume, CancellationToken cancellation)
    {
        TrainingLog log = new(Console.Out, isTerminal: !Console.IsOutputRedirected);
        TrainingResult result = run(recipe, resume, log, cancellation);
        if (!result.Completed) log.Line("stopped; go on with --resume");
        return 0;
    }
}
