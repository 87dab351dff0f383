using System.CommandLine;
using System.CommandLine.Parsing;
using LlmFromScratch.Training;
using LlmFromScratch.Training.Alignment;
using LlmFromScratch.Training.Configuration;

namespace LlmFromScratch.Cli.Commands;

/// <summary>
/// <c>llmfs train</c> makes a model by a recipe, <c>llmfs sft</c>, <c>dpo</c>, <c>reward</c> and <c>ppo</c> a child of a trained model. Ctrl-C saves a
/// checkpoint; <c>--resume</c> goes on from it with the same bits, and no checkpoint is overwritten without <c>--restart</c>.
/// </summary>
internal static class RecipeCommands
{
    public static Command CreateTrain() => Create<TrainingConfig>("train", "Train a model from a recipe.", PretrainingRun.Run);

    public static Command CreateSft() => Create<SftConfig>("sft", "Teach a base model to answer, from conversations.", FineTuningRun.Sft);

    public static Command CreateDpo() => Create<DpoConfig>("dpo", "Teach a model which of two answers is better, from preferences.", FineTuningRun.Dpo);

    public static Command CreateReward() => Create<RewardConfig>("reward", "Teach a model to judge answers by a number, from preferences.", FineTuningRun.Reward);

    public static Command CreatePpo() => Create<PpoConfig>("ppo", "Let a model learn from rewards for its own answers.", FineTuningRun.Ppo);

    private static Command Create<T>(string name, string description, Func<T, bool, TrainingLog, CancellationToken, TrainingResult> run) where T : RunConfig
    {
        Option<FileInfo> config = new("--config", "-c") { Description = "The recipe: a JSON file, for example from models/recipes.", Required = true };
        Option<bool> resume = new("--resume") { Description = "Go on from the run's last checkpoint." };
        Option<int> until = new("--until") { Description = "Stop after this step, with a checkpoint, as Ctrl-C does." };
        until.Validators.Add(result =>
        {
            if (!result.Implicit && result.Tokens is [Token token] && int.TryParse(token.Value, out int step) && step < 1)
                result.AddError($"--until {step}: expected a step, 1 or more.");
        });
        Option<bool> restart = new("--restart") { Description = "Throw away the run that the recipe's folder holds, and begin again." };
        Command command = new(name, description) { config, resume, restart, until };
        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            T recipe = ConfigFile.Load<T>(parsed.GetRequiredValue(config).FullName) with { StopAfterStep = parsed.GetValue(until) };
            if (parsed.GetValue(resume) && parsed.GetValue(restart)) return Failure.WrongInput($"{name}: expected --resume or --restart, got both.");
            if (!parsed.GetValue(resume) && !parsed.GetValue(restart) && File.Exists(recipe.CheckpointFile())) return Failure.WrongInput(
                $"{name}: {recipe.CheckpointFile()} is the state of an earlier run; --resume goes on from it, --restart throws it away.");
            TrainingLog log = new(Console.Out, isTerminal: !Console.IsOutputRedirected);
            try
            {
                if (!run(recipe, parsed.GetValue(resume), log, cancellation).Completed) log.Line("stopped; go on with --resume");
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                log.Line("stopped before the first step; there is nothing to save yet, so begin again by the same command");
            }
            return 0;
        }, CancellationToken.None)); // the trainer itself hears the interrupt, so that it can save first
        return command;
    }
}
