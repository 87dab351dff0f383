using LlmFromScratch.Tokenization;

namespace LlmFromScratch.Models;

/// <summary>Finds how a model wants a conversation written.</summary>
public static class ChatTemplateLoader
{
    /// <summary>
    /// The template that a model carries; without one ChatML, where the vocabulary has its control tokens; null for a
    /// model that was taught no conversations.
    /// </summary>
    /// <param name="source">The template, or null for none.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <exception cref="InvalidDataException">The template is broken.</exception>
    /// <exception cref="NotSupportedException">The template uses something that is not supported.</exception>
    public static ChatTemplate? Load(string? source, ITokenizer tokenizer)
    {
        if (source is not null) return new ChatTemplate(source);
        if (tokenizer.Vocabulary is not { } vocabulary) return null;
        return vocabulary.Texts.Contains("<|im_start|>") && vocabulary.Texts.Contains("<|im_end|>") ? ChatTemplate.ChatMl : null;
    }
}
