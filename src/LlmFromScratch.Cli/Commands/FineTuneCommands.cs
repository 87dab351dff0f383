using System.CommandLine;
using LlmFromScratch.Training;
using LlmFromScratch.Training.Alignment;
using LlmFromScratch.Training.Configuration;

namespace LlmFromScratch.Cli.Commands;

/// <summary><c>llmfs sft</c>, <c>llmfs dpo</c>, <c>llmfs ppo</c>: make a child of a trained model by a recipe, as <c>llmfs train</c> makes a model.</summary>
internal static class FineTuneCommands
{
    public static Command CreateSft() => Create<SftConfig>("sft", "Teach a base model to answer, from conversations.", FineTuningRun.Sft);

    public static Command CreateDpo() => Create<DpoConfig>("dpo", "Teach a model which of two answers is better, from preferences.", FineTuningRun.Dpo);

    public static Command CreatePpo() => Create<PpoConfig>("ppo", "Let a model learn from rewards for its own answers.", FineTuningRun.Ppo);

    private static Command Create<T>(string name, string description, Func<T, bool, TrainingLog, CancellationToken, TrainingResult> run) where T : RunConfig
    {
        Option<FileInfo> config = new("--config", "-c") { Description = "The recipe: a JSON file from models/recipes.", Required = true };
        Option<bool> resume = new("--resume") { Description = "Go on from the run's last checkpoint." };
        Command command = new(name, description) { config, resume };
        command.SetAction((parsed, cancellation) => Task.Run(
            () => TrainCommand.Run(run, ConfigFile.Load<T>(parsed.GetRequiredValue(config).FullName), parsed.GetValue(resume), cancellation),
            CancellationToken.None)); // the trainer itself hears the interrupt, so that it can save first
        return command;
    }
}
