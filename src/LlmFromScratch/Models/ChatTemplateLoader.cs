using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Tokenization;

namespace LlmFromScratch.Models;

/// <summary>Finds how a model wants a conversation written.</summary>
public static class ChatTemplateLoader
{
    /// <summary>
    /// The template that a file carries under <c>tokenizer.chat_template</c>; without one ChatML, where the vocabulary has its control tokens; null for a
    /// model that was taught no conversations.
    /// </summary>
    /// <exception cref="InvalidDataException">The template is broken.</exception>
    /// <exception cref="NotSupportedException">The template uses something that is not supported.</exception>
    public static ChatTemplate? Load(GgufFile file, ITokenizer tokenizer)
    {
        if (file.Metadata.TryGetString("tokenizer.chat_template", out string? source)) return new ChatTemplate(source);
        if (tokenizer.Vocabulary is not { } vocabulary) return null;
        return vocabulary.Texts.Contains("<|im_start|>") && vocabulary.Texts.Contains("<|im_end|>") ? ChatTemplate.ChatMl : null;
    }
}
