using LlmFromScratch.Training.Configuration;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Training.Alignment;

/// <summary>Whole fine-tuning runs: parent, examples, training, export with the chat template. What <c>llmfs sft</c>, <c>dpo</c> and <c>ppo</c> do.</summary>
public static class FineTuningRun
{
    /// <summary>Teaches a base model to answer.</summary>
    /// <param name="config">The run.</param>
    /// <param name="resume">Whether to go on from the run folder's checkpoint.</param>
    /// <param name="log">Gets the progress.</param>
    /// <param name="cancellationToken">Ends the run after the current step, with a checkpoint.</param>
    public static TrainingResult Sft(SftConfig config, bool resume, TrainingLog log, CancellationToken cancellationToken)
    {
        FineTunedModel tuned = new(ChatVocabulary.Extend(ParentModel.Load(config.Parent)), config.Lora, config.Seed);
        ExampleSet<ChatExample> examples = Examples<ChatExample>(config, log, example => tuned.ChatMl.Encode(example.Messages).Length - 1 <= config.SequenceLength);
        return Run(config, tuned, new SftObjective(config, tuned, examples), resume, log, cancellationToken);
    }

    /// <summary>Teaches a model which of two answers is better.</summary>
    /// <param name="config">The run.</param>
    /// <param name="resume">Whether to go on from the run folder's checkpoint.</param>
    /// <param name="log">Gets the progress.</param>
    /// <param name="cancellationToken">Ends the run after the current step, with a checkpoint.</param>
    public static TrainingResult Dpo(DpoConfig config, bool resume, TrainingLog log, CancellationToken cancellationToken)
    {
        FineTunedModel tuned = new(ChatVocabulary.Extend(ParentModel.Load(config.Parent)), config.Lora, config.Seed);
        DpoObjective objective = new(config, tuned, ChatVocabulary.Extend(ParentModel.Load(config.Parent)).Model, Preferences(config, tuned.ChatMl, log));
        return Run(config, tuned, objective, resume, log, cancellationToken);
    }

    /// <summary>Teaches a reward model if the config has one, then lets the policy learn from rewards.</summary>
    /// <param name="config">The run.</param>
    /// <param name="resume">Whether to go on from the run folders' checkpoints.</param>
    /// <param name="log">Gets the progress.</param>
    /// <param name="cancellationToken">Ends the run after the current step, with a checkpoint.</param>
    public static TrainingResult Ppo(PpoConfig config, bool resume, TrainingLog log, CancellationToken cancellationToken)
    {
        IAnswerReward reward = new ExpectedAnswerReward();
        if (config.Reward is RewardConfig rewardConfig)
        {
            RewardModel model = Reward(rewardConfig, resume, log, out TrainingResult taught, cancellationToken);
            if (!taught.Completed) return taught;
            reward = model;
        }
        FineTunedModel policy = new(ChatVocabulary.Extend(ParentModel.Load(config.Parent)), config.Lora, config.Seed);
        ExampleSet<ChatExample> examples = Examples<ChatExample>(config, log,
            example => policy.ChatMl.EncodePrompt([.. example.Messages.SkipLast(1)]).Length < config.SequenceLength);
        return Run(config, policy, new PpoObjective(config, policy, ChatVocabulary.Extend(ParentModel.Load(config.Parent)).Model, reward, examples), resume, log, cancellationToken);
    }

    private static RewardModel Reward(RewardConfig config, bool resume, TrainingLog log, out TrainingResult result, CancellationToken cancellationToken)
    {
        ParentModel parent = ChatVocabulary.Extend(ParentModel.Load(config.Parent));
        RewardModel model = new(parent.Model, config.BatchSize, config.SequenceLength);
        ChatMl chatMl = new(parent.Tokenizer);
        RewardObjective objective = new(config, model, chatMl, Preferences(config, chatMl, log));
        using Trainer trainer = new(config, objective, log);
        result = trainer.Train(resume, cancellationToken);
        return model;
    }

    private static TrainingResult Run(FineTuningConfig config, FineTunedModel tuned, ITrainingObjective objective, bool resume, TrainingLog log,
        CancellationToken cancellationToken)
    {
        if (config.SequenceLength > tuned.Model.Config.ContextLength) throw new InvalidDataException(
            $"sequenceLength: expected at most the parent's context of {tuned.Model.Config.ContextLength}, got {config.SequenceLength}.");
        using Trainer trainer = new(config, objective, log);
        TrainingResult result = trainer.Train(resume, cancellationToken);
        if (result.Completed && config.ExportFile is string file)
        {
            tuned.Merge();
            GgufExport.Save(tuned.Model, config.Name, config.ExportDType, tuned.ChatMl.Write, file);
            log.Line($"wrote {file}");
        }
        return result;
    }

    private static ExampleSet<PreferenceExample> Preferences(FineTuningConfig config, ChatMl chatMl, TrainingLog log) =>
        Examples<PreferenceExample>(config, log, pair => chatMl.EncodePrompt(pair.Prompt).Length
            + Math.Max(chatMl.EncodeAnswer(pair.Chosen).Length, chatMl.EncodeAnswer(pair.Rejected).Length) <= config.SequenceLength);

    private static ExampleSet<T> Examples<T>(FineTuningConfig config, TrainingLog log, Func<T, bool> fits)
    {
        ExampleSet<T> examples = new(config.Examples, config.HeldOutExamples, fits);
        if (examples.LeftOutCount > 0) log.Line($"{examples.LeftOutCount} examples of {config.Examples} are longer than {config.SequenceLength} tokens and left out");
        return examples;
    }
}
