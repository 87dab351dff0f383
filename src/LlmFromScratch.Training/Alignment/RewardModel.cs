using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Training.Alignment;

/// <summary>A model that reads a prompt and an answer and says how good the answer is: one number, read from the hidden state of the last token (Ouyang et al. 2022).</summary>
public sealed class RewardModel : IAnswerReward
{
    private readonly LlamaTrainingModel _model;
    private readonly Variable _head; // [1, C]
    private readonly PackedBatch _batch;

    /// <summary>Puts a head of zeros on a model: at first all answers are equally good.</summary>
    /// <param name="model">The model; all of it learns.</param>
    /// <param name="sequenceCount">Sequences that go through at once.</param>
    /// <param name="tokenCount">Tokens of each, at most.</param>
    public RewardModel(LlamaTrainingModel model, int sequenceCount, int tokenCount)
    {
        _model = model;
        _head = new Variable("reward_head.weight", new Shape(1, model.Config.EmbeddingSize));
        _batch = new PackedBatch(sequenceCount, tokenCount);
        Parameters = [.. model.Parameters, _head];
    }

    /// <summary>The model's weights and the head.</summary>
    public IReadOnlyList<Variable> Parameters { get; }

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
