using LlmFromScratch.Inference;
using LlmFromScratch.Sampling;
using LlmFromScratch.Tokenization;
using LlmFromScratch.Training.Alignment;

namespace LlmFromScratch.Training.Evaluation;

/// <summary>A loaded chat model that answers conversations in the form in which it was trained.</summary>
internal sealed class ChatSpeaker
{
    private readonly LanguageModel _model;
    private readonly TextGenerator _generator;

    /// <summary>Takes a model whose vocabulary has the tokens of ChatML.</summary>
    /// <exception cref="NotSupportedException">It has not.</exception>
    public ChatSpeaker(LanguageModel model)
    {
        _model = model;
        ChatMl = new ChatMl(model.Tokenizer as ByteLevelBpeTokenizer
            ?? throw new NotSupportedException("Evaluation of answers needs a byte-level BPE vocabulary with the tokens of ChatML."));
        _generator = new TextGenerator(model.Transformer, ChatMl.ChatTokenizer);
    }

    /// <summary>Turns messages into tokens.</summary>
    public ChatMl ChatMl { get; }

    /// <summary>Whether a prompt and an answer fit into the context.</summary>
    public bool Fits(IReadOnlyList<ChatMessage> messages, int answerTokens) =>
        ChatMl.EncodePrompt(messages).Length + answerTokens <= _model.Transformer.Config.ContextLength;

    /// <summary>The answer to a conversation.</summary>
    public Generation Answer(IReadOnlyList<ChatMessage> messages, int maxTokens, float temperature, ulong seed) =>
        Answer(messages, maxTokens, new SamplingOptions { Temperature = temperature, Seed = seed });

    /// <summary>An answer drawn from the model's own distribution: temperature 1, nothing cut off.</summary>
    public Generation Sample(IReadOnlyList<ChatMessage> messages, int maxTokens, ulong seed) =>
        Answer(messages, maxTokens, new SamplingOptions { Temperature = 1, TopP = 1, Seed = seed });

    /// <summary>The tokens of an answer with the one that ends the turn, if it came.</summary>
    public int[] WithEnd(Generation answer) => answer.FinishReason == FinishReason.Length ? [.. answer.Ids] : [.. answer.Ids, ChatMl.EndId];

    /// <summary>log p of an answer after its prompt, in nats.</summary>
    public double LogProbability(IReadOnlyList<int> prompt, IReadOnlyList<int> answer) =>
        HeldOutEvaluation.LogProbability(_model.Transformer, [.. prompt, .. answer], from: prompt.Count);

    private Generation Answer(IReadOnlyList<ChatMessage> messages, int maxTokens, SamplingOptions sampling) =>
        _generator.Generate(ChatMl.EncodePrompt(messages), new GenerationOptions { MaxTokens = maxTokens, Sampling = sampling });
}
