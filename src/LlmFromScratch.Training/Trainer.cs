using System.Diagnostics;
using System.Globalization;
using LlmFromScratch.Models;
using LlmFromScratch.Numerics;
using LlmFromScratch.Tensors;
using LlmFromScratch.Tokenization;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Configuration;
using LlmFromScratch.Training.Data;
using LlmFromScratch.Training.Models;
using LlmFromScratch.Training.Optimization;

namespace LlmFromScratch.Training;

/// <summary>
/// Trains a llama-style model: batch, loss, gradients, clipping, AdamW, again. Evaluates on held-out text, saves checkpoints from which a run goes on
/// with the same bits, and stops when a number is no longer finite. Taught in the chapters on training; <c>llmfs train</c> runs it.
/// </summary>
public sealed class Trainer : IDisposable
{
    private readonly TrainingConfig _config;
    private readonly TokenDataset _dataset;
    private readonly double _bytesPerToken;
    private readonly RunFiles _files;
    private readonly string _identity; // a checkpoint of another config or other tokens is refused
    private readonly TextWriter _log;
    private readonly Tape _tape;
    private readonly AdamW _optimizer;
    private readonly CosineSchedule _schedule;
    private readonly TokenBatch _batch;
    private readonly SeededRandom _random; // the order of the data; its state is the position in it

    /// <summary>Makes a fresh model and optimizer.</summary>
    /// <param name="config">The run.</param>
    /// <param name="tokenizer">Made the ids; says how many bytes the held-out tokens stand for.</param>
    /// <param name="dataset">Ids below the config's vocabulary size.</param>
    /// <param name="log">Gets plain progress lines.</param>
    public Trainer(TrainingConfig config, ITokenizer tokenizer, TokenDataset dataset, TextWriter log)
    {
        (_config, _dataset, _log) = (config, dataset, log);
        _files = new RunFiles(config.RunDirectory);
        Model = new LlamaTrainingModel(config.Model.ToModelConfig(config.VocabSize), config.Seed);
        _optimizer = new AdamW(Model.Parameters, new AdamWSettings { Beta1 = config.Beta1, Beta2 = config.Beta2, WeightDecay = config.WeightDecay });
        _schedule = new CosineSchedule(config.LearningRate, config.FinalLearningRate, config.WarmupSteps, config.Steps);
        _batch = new TokenBatch(config.BatchSize, config.SequenceLength);
        _random = new SeededRandom(config.Seed ^ 0xDA7A); // another sequence than the weights'
        _tape = new Tape(config.Threads == 0 ? Environment.ProcessorCount : config.Threads);
        _identity = $"{config.Identity}, tokens {dataset.Fingerprint}";
        long bytes = 0;
        foreach (int id in dataset.HeldOut) bytes += tokenizer.GetBytes(id).Length;
        _bytesPerToken = (double)bytes / Math.Max(1, dataset.HeldOutCount);
    }

    /// <summary>
    /// Does a whole run: writes or reads the corpus, learns the vocabulary, trains, and writes the GGUF file if the config asks for one and every
    /// step was made.
    /// </summary>
    /// <param name="config">The run.</param>
    /// <param name="resume">Whether to go on from the run folder's checkpoint.</param>
    /// <param name="log">Gets plain progress lines.</param>
    /// <param name="cancellationToken">Ends the run after the current step, with a checkpoint from which to resume.</param>
    /// <exception cref="InvalidDataException">The corpus is too small, or the checkpoint is damaged or of another config.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled before the first step.</exception>
    public static TrainingResult Run(TrainingConfig config, bool resume, TextWriter log, CancellationToken cancellationToken)
    {
        RunFiles files = new(config.RunDirectory);
        string corpus = RunPreparation.Corpus(config, files, resume, log, cancellationToken);
        ByteLevelBpeTokenizer tokenizer = RunPreparation.Tokenizer(config, corpus, log, cancellationToken);
        TokenDataset dataset = new(TokenCache.Load(corpus, tokenizer, files.Tokens), config.HeldOutShare);
        using Trainer trainer = new(config, tokenizer, dataset, log);
        TrainingResult result = trainer.Train(resume, cancellationToken);
        if (result.Completed && config.ExportFile is string file)
        {
            DType type = Enum.Parse<DType>(config.ExportType); // the config was checked
            GgufExport.Save(trainer.Model, config.Name, type, writer => TokenizerWriter.Write(writer, tokenizer), file);
            log.WriteLine($"wrote {file}");
        }
        return result;
    }

    /// <summary>The model that learns.</summary>
    public LlamaTrainingModel Model { get; }

    /// <summary>Makes the steps that are left.</summary>
    /// <param name="resume">Whether to go on from the run folder's checkpoint.</param>
    /// <param name="cancellationToken">Ends the run after the current step, with a checkpoint.</param>
    /// <exception cref="FileNotFoundException">There is no checkpoint to resume from.</exception>
    /// <exception cref="InvalidDataException">The checkpoint is damaged or of another config.</exception>
    /// <exception cref="ArithmeticException">A loss or gradient is NaN or infinite; the message names the step and the tensor.</exception>
    public TrainingResult Train(bool resume, CancellationToken cancellationToken)
    {
        int step = resume ? Checkpoint.Load(_files.Checkpoint, _identity, _random, Model, _optimizer) : 0;
        Log($"{_config.Name}: {Model.Config.ParameterCount:N0} parameters, steps {step} to {_config.Steps}, {_tape.Team.ThreadCount} threads");
        Log($"{_dataset.TrainCount:N0} tokens to train on, {_dataset.HeldOutCount:N0} held out");
        using MetricsLog metrics = new(_files.Metrics, step);
        double loss = double.NaN, heldOutLoss = double.NaN;
        Stopwatch training = new();
        for (int first = step; step < _config.Steps; )
        {
            if (cancellationToken.IsCancellationRequested)
            {
                Save(step);
                Log($"stopped after step {step}; the checkpoint is {_files.Checkpoint}");
                return new TrainingResult(step, false, loss, heldOutLoss, TokensPerSecond(step - first, training));
            }
            training.Start();
            float rate = _schedule.Rate(step);
            (loss, double norm) = Step(step, rate);
            training.Stop();
            step++;
            metrics.Write(step, ("loss", loss), ("learningRate", rate), ("gradientNorm", norm), ("seconds", training.Elapsed.TotalSeconds));
            bool last = step == _config.Steps;
            if (last || step % _config.LogEvery == 0) LogStep(step, step - first, loss, rate, training);
            if (last || step % _config.EvaluateEvery == 0) heldOutLoss = LogEvaluation(step, metrics);
            if (last || step % _config.CheckpointEvery == 0) Save(step);
            if (last) return new TrainingResult(step, true, loss, heldOutLoss, TokensPerSecond(step - first, training));
        }
        return new TrainingResult(step, true, loss, Evaluate(), double.NaN); // the checkpoint was that of the last step
    }

    /// <summary>The mean loss on the held-out text in nats a token: up to EvaluateBatches batches from its beginning.</summary>
    public double Evaluate()
    {
        TokenBatch batch = new(_config.BatchSize, _config.SequenceLength);
        int count = Math.Min(_config.EvaluateBatches, _dataset.HeldOutBatchCount(batch));
        double sum = 0;
        for (int i = 0; i < count; i++)
        {
            _dataset.FillHeldOut(batch, i);
            sum += Model.Loss(_tape, batch.Inputs, batch.Targets, batch.SequenceCount).Data[0];
            _tape.Reset();
        }
        return sum / count;
    }

    /// <summary>Stops the threads.</summary>
    public void Dispose() => _tape.Dispose();

    private (double Loss, double GradientNorm) Step(int step, float rate)
    {
        _dataset.FillRandom(_batch, _random);
        Model.ZeroGradients();
        float loss = _tape.Backward(Model.Loss(_tape, _batch.Inputs, _batch.Targets, _batch.SequenceCount));
        double norm = GradientClipping.ClipGlobalNorm(Model.Parameters, _config.ClipNorm);
        if (!float.IsFinite(loss) || !double.IsFinite(norm)) throw NotFinite(step, loss, norm);
        _optimizer.Step(rate);
        return (loss, norm);
    }

    private ArithmeticException NotFinite(int step, float loss, double norm)
    {
        string tensor = Model.Parameters.FirstOrDefault(parameter => !parameter.Data.IsFinite()) is Variable weight ? $"the weights of {weight.Name}"
            : Model.Parameters.FirstOrDefault(parameter => !parameter.Gradient.IsFinite()) is Variable gradient ? $"the gradient of {gradient.Name}"
            : "only the loss or the norm itself";
        return new ArithmeticException($"Training stopped in step {step + 1}: loss {loss}, gradient norm {norm}; not finite: {tensor}. "
            + $"The last checkpoint is kept. Is the learning rate {_schedule.Rate(step)} too high?");
    }

    private void Save(int step) => Checkpoint.Save(_files.Checkpoint, _identity, step, _random, Model, _optimizer);

    private double LogEvaluation(int step, MetricsLog metrics)
    {
        double loss = Evaluate(), bitsPerByte = loss / PortableMath.Log(2) / _bytesPerToken;
        metrics.Write(step, ("heldOutLoss", loss), ("bitsPerByte", bitsPerByte));
        Log($"step {step}/{_config.Steps}  held-out loss {loss:f4}  perplexity {PortableMath.Exp(loss):f2}  {bitsPerByte:f3} bits/byte");
        return loss;
    }

    private void LogStep(int step, int stepsMade, double loss, float rate, Stopwatch training)
    {
        TimeSpan left = TimeSpan.FromSeconds((long)(training.Elapsed.TotalSeconds / stepsMade * (_config.Steps - step)));
        Log($"step {step}/{_config.Steps}  loss {loss:f4}  rate {rate:g3}  {TokensPerSecond(stepsMade, training):N0} tokens/s  ETA {left}");
    }

    private void Log(FormattableString line) => _log.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private double TokensPerSecond(int steps, Stopwatch watch) => (double)steps * _batch.Inputs.Length / watch.Elapsed.TotalSeconds;
}
