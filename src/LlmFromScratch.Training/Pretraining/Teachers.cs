using LlmFromScratch.Tensors;
using LlmFromScratch.Tokenization;
using LlmFromScratch.Training.Alignment;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Configuration;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Training.Pretraining;

/// <summary>
/// Trained models that another learns from (Hinton et al. 2015, "Distilling the knowledge in a neural network"). What is to be foretold is no longer one token but
/// <c>p = weight · mean over teachers of softmax(logits / temperature) + (1 - weight) · onehot(target)</c>: of what did not stand there it says how well it would have fitted, and of a
/// text that is read again and again it asks less than to be known by heart. Several teachers know more than one (Buciluă et al. 2006, "Model compression").
/// </summary>
internal sealed class Teachers
{
    private readonly DecoderModel[] _models;
    private readonly float _weight;
    private readonly double _temperature;
    private readonly Variable _batch; // [B·T, V]

    private Teachers(DecoderModel[] models, TrainingConfig config)
    {
        (_models, _weight, _temperature) = (models, (float)config.TeacherWeight, config.TeacherTemperature);
        _batch = Room(config.BatchSize * config.SequenceLength);
    }

    /// <summary>What a checkpoint's numbers depend on.</summary>
    public string Identity => $", teachers {string.Join(' ', _models.Select(model => WeightFingerprint.Of(model.Parameters)))}";

    /// <summary>Reads the files of a recipe.</summary>
    /// <param name="config">The run, checked.</param>
    /// <param name="tokenizer">The vocabulary of the corpus.</param>
    /// <exception cref="FileNotFoundException">One is missing.</exception>
    /// <exception cref="InvalidDataException">One is damaged, has another vocabulary or reads less at once.</exception>
    public static Teachers Load(TrainingConfig config, ByteLevelBpeTokenizer tokenizer)
    {
        return new Teachers([.. config.Teachers.Select(Model)], config);

        DecoderModel Model(string file)
        {
            if (!File.Exists(file)) throw new FileNotFoundException($"{config.Name}: teachers: expected a file, there is none at {file}. How it is made, the recipe says.");
            (DecoderModel model, ByteLevelBpeTokenizer words) = ParentModel.Load(file);
            if (words.VocabSize != tokenizer.VocabSize) throw new InvalidDataException(
                $"{file}: expected a teacher with the vocabulary of the corpus, {tokenizer.VocabSize} tokens, got {words.VocabSize}.");
            for (int id = 0; id < words.VocabSize; id++)
                if (!words.GetBytes(id).SequenceEqual(tokenizer.GetBytes(id))) throw new InvalidDataException(
                    $"{file}: token {id}: expected '{tokenizer.Vocabulary.Texts[id]}' as in the vocabulary of the corpus, got '{words.Vocabulary.Texts[id]}'.");
            if (model.Config.ContextLength < config.SequenceLength) throw new InvalidDataException(
                $"{file}: context length: expected at least sequenceLength {config.SequenceLength}, got {model.Config.ContextLength}.");
            foreach (Variable weight in model.Parameters) weight.Freeze();
            return model;
        }
    }

    /// <summary>What the tokens that follow are to be foretold as. It is overwritten by the next call.</summary>
    /// <param name="tape">Empty before and after.</param>
    /// <param name="ids">[B·T].</param>
    /// <param name="targets">[B·T]: what stands there.</param>
    /// <param name="sequenceCount">B.</param>
    /// <returns>[B·T, V].</returns>
    public Variable Foretell(Tape tape, ReadOnlyMemory<int> ids, ReadOnlySpan<int> targets, int sequenceCount)
    {
        Variable foretold = ids.Length == _batch.Shape[0] ? _batch : Room(ids.Length); // a rehearsal reads less
        foretold.Data.Clear();
        for (int n = 0; n < targets.Length; n++) foretold.Data[n * foretold.Shape[1] + targets[n]] = 1 - _weight;
        float share = _weight / _models.Length;
        foreach (DecoderModel model in _models)
        {
            ReadOnlySpan<float> probabilities = tape.Softmax(tape.Scale(model.Forward(tape, ids, sequenceCount), 1 / _temperature)).Data;
            Span<float> sum = foretold.Data;
            for (int i = 0; i < sum.Length; i++) sum[i] += share * probabilities[i];
            tape.Reset();
        }
        return foretold;
    }

    private Variable Room(int count) => new("teachers", new Shape(count, _models[0].Config.VocabSize), requiresGradient: false);
}
