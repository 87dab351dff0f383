using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Tensors;
using LlmFromScratch.Tokenization;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Training.Alignment;

/// <summary>
/// A model that reads a prompt and an answer and says how good the answer is: one number, read from the hidden state of the last token (Ouyang et al. 2022).
/// Only differences between the rewards of answers to one prompt mean something. Its file is its parent's with one more tensor, the head.
/// </summary>
public sealed class RewardModel : IAnswerReward
{
    private const string HeadName = "reward_head.weight";

    private readonly DecoderModel _model;
    private readonly Variable _head; // [1, C]
    private readonly PackedBatch _batch;

    /// <summary>Puts a head of zeros on a model: at first all answers are equally good.</summary>
    /// <param name="model">The model; all of it learns.</param>
    /// <param name="sequenceCount">Sequences that go through at once.</param>
    /// <param name="tokenCount">Tokens of each, at most.</param>
    public RewardModel(DecoderModel model, int sequenceCount, int tokenCount)
    {
        _model = model;
        _head = new Variable(HeadName, new Shape(1, model.Config.EmbeddingSize));
        _batch = new PackedBatch(sequenceCount, tokenCount);
        Parameters = [.. model.Parameters, _head];
    }

    /// <summary>The model's weights and the head.</summary>
    public IReadOnlyList<Variable> Parameters { get; }

    /// <inheritdoc/>
    public string Identity => "reward model " + WeightFingerprint.Of(Parameters);

    /// <summary>Reads a file that <see cref="Save"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <param name="speaker">The tokenizer of the model whose answers are to be judged: both must have the same tokens.</param>
    /// <param name="sequenceCount">Sequences that go through at once.</param>
    /// <param name="tokenCount">Tokens of each, at most.</param>
    /// <exception cref="InvalidDataException">The file is damaged or no reward model, reads shorter texts, or has another vocabulary.</exception>
    public static RewardModel Load(string path, ByteLevelBpeTokenizer speaker, int sequenceCount, int tokenCount)
    {
        using GgufFile file = GgufFile.Open(path);
        if (!file.Contains(HeadName)) throw new InvalidDataException($"{path}: tensor '{HeadName}' is missing; expected a reward model, as llmfs reward makes it.");
        (DecoderModel model, ByteLevelBpeTokenizer tokenizer) = ParentModel.Load(path);
        if (!tokenizer.Vocabulary.Texts.SequenceEqual(speaker.Vocabulary.Texts)) throw new InvalidDataException(
            $"{path}: its vocabulary of {tokenizer.VocabSize} tokens is another than the one of {speaker.VocabSize} tokens of the model that answers; "
            + "expected the same. Do both descend from one model?");
        if (tokenCount > model.Config.ContextLength) throw new InvalidDataException(
            $"{path}: the reward model reads {model.Config.ContextLength} tokens; expected at least the {tokenCount} of a prompt and its answer.");
        RewardModel reward = new(model, sequenceCount, tokenCount);
        StoredWeights.Fill([reward._head], file);
        return reward;
    }

    /// <summary>Writes a file beside its place and renames it.</summary>
    /// <param name="name">general.name.</param>
    /// <param name="matrixType">How matrices are stored; vectors and the head are F32.</param>
    /// <param name="chatMl">Its vocabulary and template stand in the file.</param>
    /// <param name="path">The file to make; its folder exists.</param>
    public void Save(string name, DType matrixType, ChatMl chatMl, string path) => GgufExport.Save(_model, name, matrixType, writer =>
    {
        chatMl.Write(writer);
        writer.Add(HeadName, GgufExport.ToTensor(_head, DType.F32));
    }, path);

    /// <summary>The reward after every row; what counts is the one after the last row of an example.</summary>
    /// <returns>[B·T, 1].</returns>
    public Variable Forward(Tape tape, PackedBatch batch) =>
        tape.Linear(_model.Hidden(tape, batch.Inputs, batch.SequenceCount, batch.Segments), _head);

    /// <summary>A prompt and an answer to judge. The token after them is only a target that nothing counts: the answer's own last token must be read.</summary>
    public static TokenizedExample Reading(ReadOnlySpan<int> prompt, ReadOnlySpan<int> answer) => TokenizedExample.Answer(prompt, [.. answer, 0]);

    /// <summary>Where the reward of a reading stands.</summary>
    public static int LastRow(PackedExample example) => example.FirstRow + example.RowCount - 1;

    /// <inheritdoc/>
    public void Score(Tape tape, IReadOnlyList<Rollout> rollouts, Span<double> scores)
    {
        int scored = 0;
        while (scored < rollouts.Count)
        {
            _batch.Clear();
            while (scored + _batch.Examples.Count < rollouts.Count && rollouts[scored + _batch.Examples.Count] is Rollout next
                && _batch.TryAdd(Reading(next.Prompt, next.Answer))) { }
            using (tape.NoGradient())
            {
                ReadOnlySpan<float> rewards = Forward(tape, _batch).Data;
                foreach (PackedExample example in _batch.Examples) scores[scored++] = rewards[LastRow(example)];
            }
            tape.Reset();
        }
    }
}
