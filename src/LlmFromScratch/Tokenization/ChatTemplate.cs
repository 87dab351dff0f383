using System.Text.Json;
using LlmFromScratch.Tokenization.Templates;

namespace LlmFromScratch.Tokenization;

/// <summary>
/// How a model expects a conversation to be written: a program in the template language Jinja that comes with the model's file. It is not trusted: it can reach
/// nothing but its input, and its loops, depth and output are limited. Names of control tokens inside messages stay text; only the template places them.
/// Source: the Jinja 3.1 documentation, and what Hugging Face's transformers adds (tojson, raise_exception, strftime_now, break, continue, generation).
/// Immutable and thread-safe.
/// </summary>
public sealed class ChatTemplate
{
    private readonly IReadOnlyList<Statement> _body;

    /// <summary>Parses a template.</summary>
    /// <exception cref="InvalidDataException">The source is broken; the message names the line.</exception>
    /// <exception cref="NotSupportedException">The source uses a part of the language that is not supported; the message names it.</exception>
    public ChatTemplate(string source)
    {
        ArgumentNullException.ThrowIfNull(source);
        Source = source;
        _body = TemplateParser.Parse(source);
    }

    /// <summary>ChatML, for models that carry no template: each message between &lt;|im_start|&gt;role and &lt;|im_end|&gt;.</summary>
    public static ChatTemplate ChatMl { get; } = new("""
        {% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}
        """);

    /// <summary>The template as it was written.</summary>
    public string Source { get; }

    /// <summary>The text of a conversation.</summary>
    /// <param name="variables">A JSON object of the template's variables: messages, and tools, add_generation_prompt, bos_token or what else it knows.</param>
    /// <param name="now">What the template sees as the present moment.</param>
    /// <exception cref="ArgumentException">The template refuses the conversation; the message is the template's own.</exception>
    /// <exception cref="InvalidDataException">The template failed on these values, or used up its limits.</exception>
    public string Render(JsonElement variables, DateTime now) => Render(variables, now, text => text);

    /// <summary>The ids of a conversation, ready for the model: the template's control tokens, and everything else as text.</summary>
    /// <param name="variables">As for <see cref="Render(JsonElement, DateTime)"/>; bos_token and eos_token are given by the tokenizer.</param>
    /// <param name="now">What the template sees as the present moment.</param>
    /// <param name="tokenizer">The model's own.</param>
    public int[] Encode(JsonElement variables, DateTime now, ITokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ControlGuard guard = new(ControlTokens(tokenizer), Texts(variables));
        int[] ids = guard.Encode(Render(variables, now, guard.Protect, tokenizer), tokenizer);
        bool addsBegin = tokenizer.SpecialTokens is { AddBeginOfSequence: true, BeginOfSequence: int begin } && (ids.Length == 0 || ids[0] != begin);
        return addsBegin ? [tokenizer.SpecialTokens.BeginOfSequence!.Value, .. ids] : ids; // not null: the line above
    }

    /// <summary>The ids of a conversation of plain messages; where <paramref name="asksForAnswer"/>, up to where the assistant's answer starts.</summary>
    public int[] Encode(IReadOnlyList<ConversationMessage> messages, bool asksForAnswer, DateTime now, ITokenizer tokenizer) => Encode(
        JsonSerializer.SerializeToElement(new Dictionary<string, object>
        {
            ["messages"] = messages.Select(message => new { role = message.Role, content = message.Content }),
            ["add_generation_prompt"] = asksForAnswer,
        }), now, tokenizer);

    private string Render(JsonElement variables, DateTime now, Func<string, string> onText, ITokenizer? tokenizer = null)
    {
        if (variables.ValueKind != JsonValueKind.Object)
            throw new ArgumentException($"ChatTemplate: expected an object of variables, got {variables.ValueKind}.", nameof(variables));
        TemplateScope scope = new(TemplateGlobals.Create(now));
        if (tokenizer is not null)
        {
            scope.Set("bos_token", NameOf(tokenizer.SpecialTokens.BeginOfSequence, tokenizer));
            scope.Set("eos_token", NameOf(tokenizer.SpecialTokens.EndOfSequence, tokenizer));
        }
        foreach (JsonProperty variable in variables.EnumerateObject())
            if (tokenizer is null || variable.Name is not ("bos_token" or "eos_token")) scope.Set(variable.Name, TemplateInput.FromJson(variable.Value, onText));
        return new TemplateRenderer().Render(_body, scope);
    }

    private static string NameOf(int? id, ITokenizer tokenizer) => id is int known && tokenizer.Vocabulary is { } vocabulary ? vocabulary.Texts[known] : "";

    private static List<(string, int)> ControlTokens(ITokenizer tokenizer)
    {
        List<(string, int)> tokens = [];
        if (tokenizer.Vocabulary is not { } vocabulary) return tokens;
        for (int id = 0; id < vocabulary.Count; id++)
            if (vocabulary.Kinds[id] == TokenKind.Control) tokens.Add((vocabulary.Texts[id], id));
        return tokens;
    }

    private static IEnumerable<string> Texts(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => [element.GetString()!], // not null: it is a string
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Texts),
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property => Texts(property.Value).Append(property.Name)),
        _ => [],
    };
}
