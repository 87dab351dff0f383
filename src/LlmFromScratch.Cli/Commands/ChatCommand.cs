using System.CommandLine;
using LlmFromScratch.Inference;

namespace LlmFromScratch.Cli.Commands;

/// <summary><c>llmfs chat</c>: writes a text together with the model, turn by turn. Ctrl-C stops an answer, not the program.</summary>
internal static class ChatCommand
{
    public static Command Create()
    {
        ModelOptions model = new();
        SamplingOptionSet sampling = new();
        Option<int> maxTokens = new("--max-tokens", "-n") { Description = "Most tokens of one answer.", DefaultValueFactory = _ => 120 };
        Command command = new("chat", "Write a story with the model: you give a line, it goes on.") { maxTokens };
        model.AddTo(command);
        sampling.AddTo(command);
        command.SetAction(parsed =>
        {
            using LanguageModel loaded = model.Load(parsed);
            using Conversation conversation = new(loaded, new GenerationOptions { MaxTokens = parsed.GetValue(maxTokens), Sampling = sampling.Read(parsed) });
            if (!Console.IsInputRedirected) PrintGreeting();
            while (ReadLine() is { } line)
            {
                switch (line.Trim())
                {
                    case "/quit":
                        return 0;
                    case "/reset":
                        conversation.Reset();
                        break;
                    case "/stats":
                        Console.Out.WriteLine(conversation.Statistics);
                        break;
                    case ['/', ..] unknown:
                        Console.Error.WriteLine($"chat: {unknown} is no command; there are /reset, /stats and /quit.");
                        break;
                    default:
                        Answer(conversation, line);
                        break;
                }
            }
            return 0;
        });
        return command;
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

    private static void PrintGreeting() => Console.Out.WriteLine(
        "This model has learnt to tell, not to answer: begin a story and it goes on; add a line and it goes on from there.\n"
        + "/reset begins anew, /stats counts, /quit ends, Ctrl-C stops an answer.");
}
