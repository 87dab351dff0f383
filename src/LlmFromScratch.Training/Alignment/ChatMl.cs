using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Models;
using LlmFromScratch.Tokenization;

namespace LlmFromScratch.Training.Alignment;

/// <summary>
/// Writes conversations as tokens in the ChatML form: <c>&lt;|im_start|&gt;role\ncontent&lt;|im_end|&gt;\n</c> for each turn. Headings and contents are
/// encoded apart, so that an answer has the same tokens whether it is learnt or generated. A model that answers ends with <c>&lt;|im_end|&gt;</c>.
/// </summary>
public sealed class ChatMl
{
    /// <summary>The control token before a turn.</summary>
    public const string Start = "<|im_start|>";

    /// <summary>The control token after a turn.</summary>
    public const string End = "<|im_end|>";

    /// <summary>The same form as a Jinja template, which exported files carry as <c>tokenizer.chat_template</c>.</summary>
    public const string Template = "{% for message in messages %}{{ '" + Start + "' + message['role'] + '\n' + (message['content'] | trim) + '" + End
        + "' + '\n' }}{% endfor %}{% if add_generation_prompt %}{{ '" + Start + "assistant\n' }}{% endif %}";

    private const string Assistant = "assistant";

    private readonly ByteLevelBpeTokenizer _tokenizer;
    private readonly int _start, _end;
    private readonly int[] _lineEnd;

    /// <summary>Finds the control tokens.</summary>
    /// <exception cref="NotSupportedException">The vocabulary lacks them.</exception>
    public ChatMl(ByteLevelBpeTokenizer tokenizer)
    {
        _tokenizer = tokenizer;
        _start = Find(Start);
        _end = Find(End);
        _lineEnd = tokenizer.Encode("\n");
        SpecialTokens special = tokenizer.SpecialTokens with { EndOfSequence = _end };
        ChatTokenizer = new ByteLevelBpeTokenizer(tokenizer.Vocabulary, tokenizer.Merges, special, tokenizer.PreTokenizer);

        int Find(string name)
        {
            int id = tokenizer.Vocabulary.Texts.IndexOf(name);
            return id >= 0 && tokenizer.Vocabulary.Kinds[id] == TokenKind.Control ? id : throw new NotSupportedException(
                $"{tokenizer.Vocabulary.Source}: the vocabulary has no control token {name}; expected a base model that was trained with the tokens of ChatML.");
        }
    }

    /// <summary>The same vocabulary, where a text ends with <see cref="End"/>: the tokenizer of the model that answers.</summary>
    public ByteLevelBpeTokenizer ChatTokenizer { get; }

    /// <summary>The id of <see cref="End"/>.</summary>
    public int EndId => _end;

    /// <summary>The tokens of a prompt, the heading of the answer included: what a model reads before it answers.</summary>
    public int[] EncodePrompt(IReadOnlyList<ChatMessage> messages)
    {
        List<int> ids = Begin();
        foreach (ChatMessage message in messages)
        {
            AddHeading(ids, message.Role);
            ids.AddRange(Content(message));
            AddTail(ids);
        }
        AddHeading(ids, Assistant);
        return [.. ids];
    }

    /// <summary>The tokens of an answer: its text and the end of the turn.</summary>
    public int[] EncodeAnswer(string answer) => [.. _tokenizer.Encode(answer.Trim()), _end];

    /// <summary>A whole conversation; what the assistant says is to be learnt, the ends of its turns too.</summary>
    /// <exception cref="ArgumentException">The assistant says nothing.</exception>
    public TokenizedExample Encode(IReadOnlyList<ChatMessage> messages)
    {
        List<int> ids = Begin();
        List<bool> learnt = [.. Enumerable.Repeat(false, ids.Count)];
        foreach (ChatMessage message in messages)
        {
            bool answers = message.Role == Assistant;
            AddHeading(ids, message.Role);
            Fill(false);
            ids.AddRange(Content(message));
            ids.Add(_end);
            Fill(answers);
            ids.AddRange(_lineEnd);
            Fill(false);
        }
        return learnt.Contains(true) ? new TokenizedExample([.. ids], [.. learnt]) : throw new ArgumentException(
            $"ChatMl: {messages.Count} messages, none by the assistant; expected at least one to learn.", nameof(messages));

        void Fill(bool value)
        {
            while (learnt.Count < ids.Count) learnt.Add(value);
        }
    }

    /// <summary>Adds the chat tokenizer and the template to a file.</summary>
    public void Write(GgufWriter writer)
    {
        TokenizerWriter.Write(writer, ChatTokenizer);
        writer.Add("tokenizer.chat_template", Template);
    }

    private List<int> Begin() =>
        _tokenizer.SpecialTokens is { AddBeginOfSequence: true, BeginOfSequence: int begin } ? [begin] : [];

    private void AddHeading(List<int> ids, string role)
    {
        ids.Add(_start);
        ids.AddRange(_tokenizer.Encode(role + "\n"));
    }

    private int[] Content(ChatMessage message) => _tokenizer.Encode(message.Content.Trim());

    private void AddTail(List<int> ids)
    {
        ids.Add(_end);
        ids.AddRange(_lineEnd);
    }
}
