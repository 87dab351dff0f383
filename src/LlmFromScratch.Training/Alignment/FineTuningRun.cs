using LlmFromScratch.Models;
using LlmFromScratch.Tokenization;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Configuration;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Training.Alignment;

/// <summary>Whole fine-tuning runs: parent, examples, training, export with the chat template. What <c>llmfs sft</c>, <c>dpo</c>, <c>reward</c> and <c>ppo</c> do.</summary>
public static class FineTuningRun
{
    /// <summary>Teaches a base model to answer.</summary>
    /// <param name="config">The run.</param>
    /// <param name="resume">Whether to go on from the run folder's checkpoint.</param>
    /// <param name="log">Gets the progress.</param>
    /// <param name="cancellationToken">Ends the run after the current step, with a checkpoint.</param>
    public static TrainingResult Sft(SftConfig config, bool resume, TrainingLog log, CancellationToken cancellationToken)
    {
        config.RequireFiles();
        FineTunedModel tuned = new(ChatVocabulary.Extend(ParentModel.Load(config.Parent)), config.Lora, config.Seed);
        ExampleSet<TokenizedTalk> talks = Examples(config, log, (ChatExample example) => TokenizedTalk.Of(example, tuned.ChatMl),
            talk => talk.Tokens.Length - 1 <= config.SequenceLength); // the last token is only a target
        return Run(config, tuned, new SftObjective(config, tuned, talks), resume, log, cancellationToken);
    }

    /// <summary>Teaches a model which of two answers is better.</summary>
    /// <param name="config">The run.</param>
    /// <param name="resume">Whether to go on from the run folder's checkpoint.</param>
    /// <param name="log">Gets the progress.</param>
    /// <param name="cancellationToken">Ends the run after the current step, with a checkpoint.</param>
    public static TrainingResult Dpo(DpoConfig config, bool resume, TrainingLog log, CancellationToken cancellationToken)
    {
        config.RequireFiles();
        FineTunedModel tuned = new(ChatVocabulary.Extend(ParentModel.Load(config.Parent)), config.Lora, config.Seed);
        ExampleSet<TokenizedPair> pairs = Examples(config, log, (PreferenceExample example) => TokenizedPair.ToSay(example, tuned.ChatMl),
            pair => pair.Length <= config.SequenceLength);
        DpoObjective objective = new(config, tuned, ChatVocabulary.Extend(ParentModel.Load(config.Parent)).Model, pairs);
        return Run(config, tuned, objective, resume, log, cancellationToken);
    }

    /// <summary>Teaches a model to say which of two answers is better, by a number for each.</summary>
    /// <param name="config">The run.</param>
    /// <param name="resume">Whether to go on from the run folder's checkpoint.</param>
    /// <param name="log">Gets the progress.</param>
    /// <param name="cancellationToken">Ends the run after the current step, with a checkpoint.</param>
    public static TrainingResult Reward(RewardConfig config, bool resume, TrainingLog log, CancellationToken cancellationToken)
    {
        config.RequireFiles();
        (DecoderModel parent, ByteLevelBpeTokenizer tokenizer) = ChatVocabulary.Extend(ParentModel.Load(config.Parent));
        ChatMl chatMl = new(tokenizer);
        RewardModel model = new(parent, config.BatchSize, config.SequenceLength);
        ExampleSet<TokenizedPair> pairs = Examples(config, log, (PreferenceExample example) => TokenizedPair.ToJudge(example, chatMl),
            pair => pair.Length - 1 <= config.SequenceLength); // the last token is not read
        return Run(config, parent.Config, new RewardObjective(config, model, pairs), parent.Parameters,
            file => model.Save(config.Name, config.ExportDType, chatMl, file), resume, log, cancellationToken);
    }

    /// <summary>Lets a model learn from rewards for its own answers: those of a reward model, or of the comparison with the expected answers.</summary>
    /// <param name="config">The run.</param>
    /// <param name="resume">Whether to go on from the run folder's checkpoint.</param>
    /// <param name="log">Gets the progress.</param>
    /// <param name="cancellationToken">Ends the run after the current step, with a checkpoint.</param>
    public static TrainingResult Ppo(PpoConfig config, bool resume, TrainingLog log, CancellationToken cancellationToken)
    {
        config.RequireFiles();
        FineTunedModel policy = new(ChatVocabulary.Extend(ParentModel.Load(config.Parent)), config.Lora, config.Seed);
        IAnswerReward reward = config.Reward is string file
            ? RewardModel.Load(file, policy.ChatMl.ChatTokenizer, config.BatchSize, config.SequenceLength)
            : new ExpectedAnswerReward();
        ExampleSet<ChatExample> examples = Examples(config, log, (ChatExample example) => example,
            example => policy.ChatMl.EncodePrompt([.. example.Messages.SkipLast(1)]).Length + config.MaxAnswerTokens <= config.SequenceLength); // no answer is cut for want of room
        return Run(config, policy, new PpoObjective(config, policy, ChatVocabulary.Extend(ParentModel.Load(config.Parent)).Model, reward, examples), resume, log, cancellationToken);
    }

    private static TrainingResult Run(FineTuningConfig config, FineTunedModel tuned, ITrainingObjective objective, bool resume, TrainingLog log,
        CancellationToken cancellationToken) => Run(config, tuned.Model.Config, objective, tuned.Model.Parameters, file =>
    {
        tuned.Merge();
        GgufExport.Save(tuned.Model, config.Name, config.ExportDType, tuned.ChatMl.Write, file);
    }, resume, log, cancellationToken);

    private static TrainingResult Run(FineTuningConfig config, ModelConfig sizes, ITrainingObjective objective, IReadOnlyList<Variable> weights, Action<string> export, bool resume,
        TrainingLog log, CancellationToken cancellationToken)
    {
        if (config.SequenceLength > sizes.ContextLength) throw new InvalidDataException(
            $"sequenceLength: expected at most the parent's context of {sizes.ContextLength}, got {config.SequenceLength}.");
        RunExport.Check(config, weights);
        using Trainer trainer = new(config, objective, log);
        TrainingResult result = trainer.Train(resume, cancellationToken);
        if (result.Completed) RunExport.Write(config, trainer, weights, export, log);
        return result;
    }

    private static ExampleSet<T> Examples<TLine, T>(FineTuningConfig config, TrainingLog log, Func<TLine, T> keep, Func<T, bool> fits) where TLine : IExample
    {
        ExampleSet<T> examples = new(config.Examples, JsonLines.Read<TLine>(config.Examples, toLearn: true).Select(keep), config.HeldOutExamples, fits);
        if (examples.LeftOutCount > 0) log.Line($"{examples.LeftOutCount} examples of {config.Examples} are longer than {config.SequenceLength} tokens and left out");
        return examples;
    }
}
