using System.CommandLine;
using LlmFromScratch.Cli;
using LlmFromScratch.Cli.Commands;

RootCommand root = new("LlmFromScratch: a language model and the engine that runs it, from first principles in C#.")
{
    GenerateCommand.Create(),
    ChatCommand.Create(),
    TokenizeCommand.Create(),
    InspectCommand.Create(),
    PerplexityCommand.Create(),
    BenchCommand.Create(),
    QuantizeCommand.Create(),
    RecipeCommands.CreateTrain(),
    RecipeCommands.CreateSft(),
    RecipeCommands.CreateDpo(),
    RecipeCommands.CreateReward(),
    RecipeCommands.CreatePpo(),
    EvalCommand.Create(),
    DataCommand.Create(),
    NotebookCommand.Create(),
    KernelCommand.Create(),
    CheckCommand.Create(),
};

// Response files are off: a prompt may begin with @.
ParseResult parsed = root.Parse(args.Length == 0 ? ["--help"] : args, new ParserConfiguration { ResponseFileTokenReplacer = null });
if (parsed.UnmatchedTokens.Count > 0)
    return Failure.WrongInput($"'{parsed.UnmatchedTokens[0]}' is no command, argument or option here; --help lists those that are.");
if (parsed.Errors.Count > 0) return Failure.WrongInput(ParseFailure.Describe(parsed.Errors[0]));
InvocationConfiguration configuration = new()
{
    EnableDefaultExceptionHandler = false, // Failure maps exceptions to exit codes
    ProcessTerminationTimeout = TimeSpan.FromSeconds(60), // an interrupted training saves its checkpoint first
};
return await Failure.GuardAsync(() => parsed.InvokeAsync(configuration));
