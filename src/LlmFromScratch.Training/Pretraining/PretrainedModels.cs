using LlmFromScratch.Models;
using LlmFromScratch.Tokenization;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Configuration;
using LlmFromScratch.Training.Data;
using LlmFromScratch.Training.Layers;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Training.Pretraining;

/// <summary>Makes the model that a recipe's architecture names: what it learns by, and how it is written to a file.</summary>
internal static class PretrainedModels
{
    /// <summary>A model with random weights.</summary>
    /// <param name="config">The run, checked.</param>
    /// <param name="tokenizer">The vocabulary of the corpus.</param>
    /// <param name="dataset">The corpus.</param>
    /// <returns>The objective of the run, and what writes the model to a file of a name.</returns>
    public static (ITrainingObjective Objective, Action<string> Save) Create(TrainingConfig config, ByteLevelBpeTokenizer tokenizer, TokenDataset dataset)
    {
        if (config.Architecture == TrainedEncoder.Architecture)
        {
            TrainedEncoder encoder = Encoder(config, tokenizer);
            return (new MaskedObjective(config, encoder, dataset), path => encoder.Save(config.ExportDType, path));
        }
        ITextLearner learner = config.Architecture switch
        {
            _ when CellNames.Find(config.Architecture) is CellKind kind => new RecurrentLearner(Recurrent(config, kind), config.Model.ContextLength),
            "attention-only" => new AttentionOnlyLearner(AttentionOnly.Create(config.Model.ToModelConfig(config.VocabSize, config.Architecture), config.Seed, config.Model.ToLearningSettings())),
            _ when config.Teachers.Count > 0 => new TaughtLearner(Decoder(config), Teachers.Load(config, tokenizer)),
            _ => new DecoderLearner(Decoder(config)),
        };
        return (new PretrainingObjective(config, learner, tokenizer, dataset), path => learner.Save(config.Name, config.ExportDType, tokenizer, path));
    }

    private static DecoderModel Decoder(TrainingConfig config)
    {
        ModelConfig sizes = config.Model.ToModelConfig(config.VocabSize, config.Architecture);
        LearningSettings learning = config.Model.ToLearningSettings();
        return config.FirstWeights == "recall" ? RecallCircuit.Create(sizes, config.Seed, learning) : new DecoderModel(sizes, config.Seed, learning);
    }

    // A masked token must find its neighbours before it can learn from them; from BERT's first weights a small model takes thousands of steps until it does. So the rows
    // of positions begin as waves, as loud as those of tokens, and keys as queries, so that what is alike attracts: near places do (Trockman and Kolter 2023, "Mimetic
    // initialization of self-attention layers"). All of it goes on to learn.
    private static TrainedEncoder Encoder(TrainingConfig config, ByteLevelBpeTokenizer tokenizer)
    {
        const float Loudness = 0.1f; // the root mean square of a row's values
        EncoderConfig sizes = config.Model.ToEncoderConfig(config.VocabSize);
        BertModel model = new(sizes, config.Seed);
        Dictionary<string, Variable> weights = model.Parameters.ToDictionary(weight => weight.Name);
        foreach (ref float value in weights["tokens"].Data) value *= Loudness / 0.02f; // drawn with 0.02
        ReadOnlySpan<float> waves = SinusoidalPositions.Table(sizes.ContextLength, sizes.Stack.EmbeddingSize).Data;
        for (int i = 0; i < waves.Length; i++) weights["positions"].Data[i] = Loudness * MathF.Sqrt(2) * waves[i];
        for (int layer = 0; layer < sizes.Stack.LayerCount; layer++)
            weights[$"encoder.{layer}.self_q.weight"].Data.CopyTo(weights[$"encoder.{layer}.self_k.weight"].Data);
        return new TrainedEncoder(config.Name, sizes, model, tokenizer);
    }

    // The gates that keep the state begin open, σ(1) = 0.73, so that it lasts until the model learns what to forget: an LSTM's f (Jozefowicz et al. 2015, section 2.3)
    // and a GRU's z, each the second of the stacked gates.
    private static RecurrentLanguageModel Recurrent(TrainingConfig config, CellKind kind)
    {
        int size = config.Model.EmbeddingSize;
        RecurrentLanguageModel model = new(kind, config.VocabSize, size, config.Model.LayerCount, config.Seed, config.Model.TiedHead);
        if (kind == CellKind.Rnn) return model; // it has no gates
        foreach (Variable bias in model.Parameters.Where(weight => weight.Name.EndsWith(".bias_ih", StringComparison.Ordinal))) bias.Data.Slice(size, size).Fill(1);
        return model;
    }
}
