using LlmFromScratch.Training.Alignment;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Tests.Training.Alignment;

public class PackingTests
{
    private const double Tolerance = 1e-5; // of losses near 6: the same sums at other places of the batch

    [Fact]
    public void Encode_Conversation_LearnsOnlyWhatTheAssistantSays()
    {
        ChatMl chat = TinyChat.ChatMl;
        TokenizedExample example = chat.Encode([new ChatMessage("user", " sky? "), new ChatMessage("assistant", "blue")]);
        int begin = TinyChat.Tokenizer.SpecialTokens.BeginOfSequence ?? -1, start = chat.EndId - 1, end = chat.EndId; // the control tokens have the last ids
        int[] newLine = TinyChat.Tokenizer.Encode("\n"), answer = TinyChat.Tokenizer.Encode("blue");
        int[] expected = [begin, start, .. TinyChat.Tokenizer.Encode("user\n"), .. TinyChat.Tokenizer.Encode("sky?"), end, .. newLine,
            start, .. TinyChat.Tokenizer.Encode("assistant\n"), .. answer, end, .. newLine];
        Assert.Equal(expected, example.Ids.ToArray());
        int first = expected.Length - newLine.Length - answer.Length - 1; // the answer and the end of the turn
        for (int i = 0; i < expected.Length; i++) Assert.Equal(i >= first && i < expected.Length - newLine.Length, example.Learnt[i]);
        Assert.Equal(expected[..first], chat.EncodePrompt([new ChatMessage("user", "sky?")])); // what the model reads before it answers
        Assert.Equal([.. answer, end], chat.EncodeAnswer("blue"));
    }

    [Fact]
    public void Encode_NobodyAnswers_IsRefused() =>
        Assert.Throws<ArgumentException>(() => TinyChat.ChatMl.Encode([new ChatMessage("user", "sky?")]));

    [Fact]
    public void TryAdd_ThreeExamples_FillTwoSequences()
    {
        PackedBatch batch = new(2, 5);
        batch.Clear();
        Assert.True(batch.TryAdd(new TokenizedExample([1, 2, 3, 4], [false, false, true, true]))); // three rows: the last token is only a target
        Assert.True(batch.TryAdd(new TokenizedExample([5, 6, 7, 8, 9], [false, true, true, true, true]))); // four do not fit beside them
        Assert.True(batch.TryAdd(new TokenizedExample([10, 11, 12], [false, false, true]))); // two: back to the first sequence
        Assert.False(batch.TryAdd(new TokenizedExample([1, 2, 3], [false, true, true])));
        const int no = Tape.IgnoredTarget;
        Assert.Equal([1, 2, 3, 10, 11, 5, 6, 7, 8, 0], batch.Inputs);
        Assert.Equal([no, 3, 4, no, 12, 6, 7, 8, 9, no], batch.Targets);
        Assert.Equal([1, 1, 1, 3, 3, 2, 2, 2, 2, 0], batch.Segments);
        Assert.Equal([new(0, 3), new(5, 4), new(3, 2)], batch.Examples);
        Assert.Equal(7, batch.LearntCount);
    }

    [Fact]
    public void Loss_PackedExamples_IsThatOfEachAlone()
    {
        DecoderModel model = TinyChat.Model();
        TokenizedExample[] examples =
        [
            TinyChat.ChatMl.Encode(TinyChat.Ask("what colour is the sky?", "blue").Messages), TinyChat.ChatMl.Encode(TinyChat.Ask("grass", "green.").Messages),
            TinyChat.ChatMl.Encode(TinyChat.Ask("the sun?", "yellow").Messages),
        ];
        using Tape tape = new();
        double sum = 0;
        int learnt = 0;
        foreach (TokenizedExample example in examples)
        {
            PackedBatch alone = Pack(1, example.Length - 1, example);
            sum += model.Loss(tape, alone.Inputs, alone.Targets, 1).Data[0] * (double)alone.LearntCount;
            learnt += alone.LearntCount;
            tape.Reset();
        }
        PackedBatch packed = Pack(1, 120, examples);
        Assert.Equal(learnt, packed.LearntCount);
        Assert.Equal(sum / learnt, model.Loss(tape, packed.Inputs, packed.Targets, 1, packed.Segments).Data[0], Tolerance);
        tape.Reset();
        Assert.NotEqual(sum / learnt, model.Loss(tape, packed.Inputs, packed.Targets, 1).Data[0], 1e-4); // without segments they would see each other
    }

    private static PackedBatch Pack(int sequences, int tokens, params ReadOnlySpan<TokenizedExample> examples)
    {
        PackedBatch batch = new(sequences, tokens);
        batch.Clear();
        foreach (TokenizedExample example in examples) Assert.True(batch.TryAdd(example));
        return batch;
    }
}
