using System.CommandLine;
using System.Text.Json;
using LlmFromScratch.Inference;
using LlmFromScratch.Sampling;
using LlmFromScratch.Tokenization;

namespace LlmFromScratch.Cli.Commands;

/// <summary><c>llmfs chat</c>: talks with a model, or writes a text together with one that was taught no conversations. Ctrl-C stops an answer, not the program.</summary>
internal static class ChatCommand
{
    private const int LongestAnswer = 1024, LongestContinuation = 120; // tokens
    private const float Calm = 0.5f, LeastOfTheBest = 0.1f; // a question about a tale has one right answer; at the temperature at which tales are told, a wrong one is drawn too often

    private static readonly JsonSerializerOptions Transcript = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static Command Create()
    {
        ModelOptions model = new();
        SamplingOptionSet sampling = new(new SamplingOptions { Temperature = Calm, MinP = LeastOfTheBest });
        Option<int?> maxTokens = new("--max-tokens", "-n") { Description = $"Most tokens of one answer; without it {LongestAnswer}, or {LongestContinuation} where a text is continued." };
        Command command = new("chat", "Talk with the model, turn by turn; with one that was taught no conversations, write a text together.") { maxTokens };
        model.AddTo(command);
        sampling.AddTo(command);
        command.SetAction(parsed =>
        {
            using LanguageModel loaded = model.Load(parsed);
            ChatTemplate? template = loaded.LoadChatTemplate();
            GenerationOptions options = new()
            {
                MaxTokens = parsed.GetValue(maxTokens) ?? (template is null ? LongestContinuation : LongestAnswer), Sampling = sampling.Read(parsed),
            };
            using Conversation conversation = new(loaded, options, template, DateTime.Now);
            if (!Console.IsInputRedirected) PrintGreeting(template is not null);
            while (ReadLine() is { } line)
                if (!Handle(conversation, line)) break;
            return 0;
        });
        return command;
    }

    // False at /quit. A line that fails is told of, and the conversation goes on.
    private static bool Handle(Conversation conversation, string line)
    {
        string[] words = line.Trim().Split(' ', 2);
        try
        {
            switch (words[0])
            {
                case "/quit": return false;
                case "/reset": conversation.Reset(); break;
                case "/stats": Console.Out.WriteLine(conversation.Statistics); break;
                case "/system" when words.Length == 2: conversation.SetSystem(words[1].Trim()); break;
                case "/save" when words.Length == 2: Save(conversation, words[1].Trim()); break;
                case ['/', ..] unknown:
                    Console.Error.WriteLine($"chat: {unknown} is no command here; there are /reset, /system TEXT, /save FILE, /stats and /quit.");
                    break;
                default: Answer(conversation, line); break;
            }
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or InvalidDataException or NotSupportedException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"chat: {e.Message.ReplaceLineEndings(" ")}");
        }
        return true;
    }

    private static void Save(Conversation conversation, string path)
    {
        string draft = path + ".part"; // renamed when whole
        File.WriteAllText(draft, JsonSerializer.Serialize(conversation.Messages, Transcript) + "\n");
        File.Move(draft, path, overwrite: true);
        Console.Out.WriteLine($"{conversation.Messages.Count} messages saved to {path}");
    }

    private static void Answer(Conversation conversation, string line)
    {
        using CancellationTokenSource stop = new();
        ConsoleCancelEventHandler onInterrupt = (_, e) =>
        {
            e.Cancel = true; // the program goes on; only this answer ends
            stop.Cancel();
        };
        Console.CancelKeyPress += onInterrupt;
        try
        {
            conversation.Answer(line, Show, stop.Token);
        }
        catch (OperationCanceledException)
        {
            Console.Out.Write(" ...");
        }
        finally
        {
            Console.CancelKeyPress -= onInterrupt;
        }
        Console.Out.WriteLine();
    }

    private static void Show(string piece)
    {
        Console.Out.Write(piece);
        Console.Out.Flush();
    }

    private static string? ReadLine()
    {
        if (!Console.IsInputRedirected) Console.Out.Write("> ");
        return Console.In.ReadLine();
    }

    private static void PrintGreeting(bool answers) => Console.Out.WriteLine(
        (answers ? "Say something and the model answers." : "This model has learnt to tell, not to answer: begin a story and it goes on; add a line and it goes on from there.")
        + "\n/reset begins anew, /system gives an instruction, /save keeps the talk in a file, /stats counts, /quit ends, Ctrl-C stops an answer.");
}
