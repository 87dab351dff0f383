using System.CommandLine;
using LlmFromScratch.Course;

namespace LlmFromScratch.Cli.Commands;

/// <summary><c>llmfs check [CHAPTER] [--reset]</c>: which exercises of the course have been passed.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        Argument<string?> chapter = new("CHAPTER") { Description = "A chapter's number, such as 06; without it, all chapters.", Arity = ArgumentArity.ZeroOrOne };
        Option<bool> reset = new("--reset") { Description = "Forget what was passed." };
        Command command = new("check", "Show which exercises of the course you have passed.") { chapter, reset };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(reset)) Console.WriteLine($"{ProgressCard.Reset(parsed.GetValue(chapter))} exercises forgotten");
            else Console.WriteLine(ProgressCard.Of(parsed.GetValue(chapter)));
            return 0;
        });
        return command;
    }
}
