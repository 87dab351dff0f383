using System.Diagnostics;
using System.Globalization;
using System.Text;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Configuration;
using LlmFromScratch.Training.Optimization;

namespace LlmFromScratch.Training;

/// <summary>
/// The loop that every training shares: gradients, clipping, optimizer, again. It evaluates on held-out data, shows samples, saves checkpoints from which a
/// run goes on with the same bits, and stops when a number is no longer finite. What is learnt is the <see cref="ITrainingObjective"/>'s matter.
/// Taught in the chapters on training; <c>llmfs train</c>, <c>sft</c>, <c>dpo</c>, <c>reward</c> and <c>ppo</c> run it.
/// </summary>
public sealed class Trainer : IDisposable
{
    private static readonly TimeSpan StatusInterval = TimeSpan.FromMilliseconds(200); // on a terminal

    private readonly RunConfig _config;
    private readonly ITrainingObjective _objective;
    private readonly TrainingLog _log;
    private readonly RunFiles _files;
    private readonly Tape _tape;
    private readonly Optimizer _optimizer;
    private readonly RoundedWeights? _rounded;
    private readonly ILearningRateSchedule _schedule;
    private readonly TrainingState _state;

    /// <summary>Makes a fresh optimizer for the objective's parameters.</summary>
    /// <param name="config">The run.</param>
    /// <param name="objective">What to minimise.</param>
    /// <param name="log">Gets the progress.</param>
    public Trainer(RunConfig config, ITrainingObjective objective, TrainingLog log)
    {
        (_config, _objective, _log) = (config, objective, log);
        _files = new RunFiles(config.RunDirectory);
        _tape = new Tape(config.ThreadCount);
        _optimizer = config.CreateOptimizer(objective.Parameters, _tape);
        _rounded = config.CreateRounding(objective.Parameters);
        _schedule = config.CreateSchedule();
        _state = new TrainingState(config.Seed);
    }

    /// <summary>Makes the steps that are left.</summary>
    /// <param name="resume">Whether to go on from the run folder's checkpoint; a run that has none yet starts at step 0. Otherwise the checkpoint of an earlier run is removed.</param>
    /// <param name="cancellationToken">Ends the run after the current step, with a checkpoint.</param>
    /// <exception cref="InvalidDataException">The checkpoint is damaged or of another config.</exception>
    /// <exception cref="ArithmeticException">A loss or gradient is NaN or infinite; the message names the step and the layer.</exception>
    public TrainingResult Train(bool resume, CancellationToken cancellationToken)
    {
        if (resume && File.Exists(_files.Checkpoint)) LoadCheckpoint();
        else if (resume) _log.Line($"{_files.Checkpoint} is not there yet: starting at step 0");
        else File.Delete(_files.Checkpoint); // killed before its first checkpoint, this run must not go on as the one before
        _log.Line($"{_config.Name}: {_objective.Summary}; steps {_state.Step} to {_config.Steps}, {_tape.Team.ThreadCount} threads");
        TrainingMemory memory = TrainingMemory.Predict(_objective, _optimizer, _rounded, _tape.Team.ThreadCount);
        _log.Line($"memory: weights, gradients and optimizer {memory.WeightBytes / 1e6:n1} MB, activations {memory.ActivationBytes / 1e6:n1} MB, data and all else {memory.OtherBytes / 1e6:n1} MB; at its peak the process will hold {memory.TotalBytes / 1e6:n0} MB");
        using MetricsLog metrics = new(_files.Metrics, _state.Step);
        TrainingSpeed speed = new(_objective.TokensPerStep);
        double loss = double.NaN, watched = double.NaN;
        while (_state.Step < _config.Steps && !EarlyStop)
        {
            if (cancellationToken.IsCancellationRequested || (_config.StopAfterStep > 0 && _state.Step >= _config.StopAfterStep)) return Interrupt(loss, speed);
            loss = Step(metrics, speed);
            bool last = _state.Step == _config.Steps;
            if (last || _state.Step % _config.EvaluateEvery == 0) watched = Evaluate(metrics);
            if (_config.SampleEvery > 0 && (last || _state.Step % _config.SampleEvery == 0)) ShowSample();
            if (last || EarlyStop || _state.Step % _config.CheckpointEvery == 0) SaveCheckpoint();
        }
        LogPeakMemory();
        if (double.IsNaN(watched)) watched = _objective.Evaluate(_tape)[0].Value; // the checkpoint was that of the last step
        return new TrainingResult(_state.Step, true, loss, watched, speed.TokensPerSecond);
    }

    /// <summary>What the objective measures on held-out data.</summary>
    public IReadOnlyList<Measurement> Evaluate() => _objective.Evaluate(_tape);

    /// <summary>Stops the threads.</summary>
    public void Dispose() => _tape.Dispose();

    private bool EarlyStop => _config.StopAfterEvaluations > 0 && _state.EvaluationsSinceBest >= _config.StopAfterEvaluations;

    private double Step(MetricsLog metrics, TrainingSpeed speed)
    {
        float rate = _schedule.Rate(_state.Step);
        speed.Start();
        IReadOnlyList<Measurement> measured = Gradients(rate, out double norm);
        _rounded?.Restore();
        _optimizer.Step(rate);
        _rounded?.TakeAndRound();
        speed.Stop();
        _state.Step++;
        metrics.Write(_state.Step, [.. measured, new("learningRate", rate), new("gradientNorm", norm), new("seconds", speed.Seconds)]);
        FormattableString progress = $"step {_state.Step}/{_config.Steps}  {Text(measured)}  rate {rate:g3}  {speed.TokensPerSecond:n0} tokens/s  ETA {speed.Left(_config.Steps - _state.Step)}";
        if (_log.IsTerminal && speed.SinceShown > StatusInterval)
        {
            _log.Status(progress);
            speed.Shown();
        }
        else if (!_log.IsTerminal && (_state.Step == _config.Steps || _state.Step % _config.LogEvery == 0)) _log.Line(progress);
        return measured[0].Value;
    }

    private IReadOnlyList<Measurement> Gradients(float rate, out double norm)
    {
        foreach (Variable parameter in _objective.Parameters) parameter.ZeroGradient();
        try
        {
            IReadOnlyList<Measurement> measured = _objective.AccumulateGradients(_tape, _state.Random);
            norm = GradientClipping.ClipGlobalNorm(_objective.Parameters, _config.ClipNorm);
            return double.IsFinite(norm) ? measured : throw new ArithmeticException($"the gradient norm is {norm}; not finite: {NotFiniteGradient()}");
        }
        catch (ArithmeticException error)
        {
            string weight = _objective.Parameters.FirstOrDefault(parameter => !parameter.Data.IsFinite()) is Variable bad ? $"; not finite: the weights of {bad.Name}" : "";
            throw new ArithmeticException(string.Create(CultureInfo.InvariantCulture, $"Training stopped in step {_state.Step + 1}: {error.Message}{weight}. {Advice(rate)}"), error);
        }
    }

    private string Advice(float rate) => FormattableString.Invariant($"{(File.Exists(_files.Checkpoint) ? "The last checkpoint is kept" : "There is no checkpoint yet")}. Is the learning rate {rate} too high?");

    // Gradients flow from the last layer to the first, so the last one that is no number is where it began.
    private string NotFiniteGradient() => _objective.Parameters.LastOrDefault(parameter => !parameter.Gradient.IsFinite()) is Variable bad
        ? $"the gradient of {bad.Name}"
        : "only the norm itself";

    private TrainingResult Interrupt(double loss, TrainingSpeed speed)
    {
        SaveCheckpoint();
        LogPeakMemory();
        _log.Line($"stopped after step {_state.Step}; the checkpoint is {_files.Checkpoint}");
        return new TrainingResult(_state.Step, false, loss, double.NaN, speed.TokensPerSecond);
    }

    private void LogPeakMemory()
    {
        using Process process = Process.GetCurrentProcess();
        _log.Line($"peak memory of the process: {process.PeakWorkingSet64 / 1e6:n0} MB");
    }

    private double Evaluate(MetricsLog metrics)
    {
        IReadOnlyList<Measurement> measured = _objective.Evaluate(_tape);
        _state.Note(measured[0].Value);
        metrics.Write(_state.Step, [.. measured]);
        _log.Line($"step {_state.Step}/{_config.Steps}  {Text(measured)}");
        if (EarlyStop) _log.Line($"stopping: {_state.EvaluationsSinceBest} evaluations since the best {TrainingLog.Words(measured[0].Name)}, {_state.Best:f4}");
        return measured[0].Value;
    }

    private void ShowSample()
    {
        if (_objective.Sample(_config.Seed + (ulong)_state.Step) is not string text) return;
        _log.Line($"step {_state.Step}/{_config.Steps}  sample: {text}");
        GC.Collect(); // an engine as large as the weights has spoken; the peak must not grow with every sample
    }

    private void LoadCheckpoint()
    {
        Checkpoint.Load(_files.Checkpoint, _state, _objective, _optimizer);
        if (_state.Step > _config.Steps) throw new InvalidDataException($"{_files.Checkpoint}: step: expected at most the recipe's {_config.Steps}, got {_state.Step}. Was the checkpoint made with another recipe?");
        _rounded?.TakeAndRound();
    }

    // A checkpoint holds the exact weights: the rounded ones follow from them. One from which nothing can go on does not replace a good one.
    private void SaveCheckpoint()
    {
        _rounded?.Restore();
        if (_objective.Parameters.FirstOrDefault(parameter => !parameter.Data.IsFinite()) is Variable bad) throw new ArithmeticException(
            $"Training stopped after step {_state.Step}: the weights of {bad.Name} are not finite. {Advice(_schedule.Rate(_state.Step - 1))}");
        Checkpoint.Save(_files.Checkpoint, _state, _objective, _optimizer);
        _rounded?.TakeAndRound();
    }

    private static string Text(IReadOnlyList<Measurement> measured)
    {
        StringBuilder text = new();
        foreach (Measurement one in measured)
            text.Append(CultureInfo.InvariantCulture, $"{(text.Length > 0 ? "  " : "")}{TrainingLog.Words(one.Name)} {one.Value:f4}");
        return text.ToString();
    }
}
