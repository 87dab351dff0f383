using System.CommandLine;
using LlmFromScratch.Inference;

namespace LlmFromScratch.Cli.Commands;

/// <summary><c>llmfs perplexity</c>: how well a model foretells a text, in nats a token and bits a byte.</summary>
internal static class PerplexityCommand
{
    public static Command Create()
    {
        ModelOptions model = new(exact: true);
        Option<FileInfo> file = new("--file", "-f") { Description = "A file whose raw bytes are the text.", Required = true };
        Option<int> window = new("--window") { Description = "Tokens that the model sees at once, the beginning token included.", DefaultValueFactory = _ => 128 };
        Option<int?> stride = new("--stride") { Description = "Tokens from one window to the next; without it, one less than the window: disjoint windows." };
        Option<bool> json = new("--json") { Description = "Print one JSON object." };
        Command command = new("perplexity", "Measure how well a model foretells a text.") { file, window, stride, json };
        model.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            byte[] text = File.ReadAllBytes(parsed.GetRequiredValue(file).FullName);
            using LanguageModel loaded = model.Load(parsed);
            int windowTokens = parsed.GetValue(window);
            PerplexityResult result = Measure(loaded, text, windowTokens, parsed.GetValue(stride) ?? windowTokens - 1, cancellation);
            if (parsed.GetValue(json)) Json.Print(new { Tokens = result.TokenCount, result.NatsPerToken, result.BitsPerByte, result.Perplexity, Bytes = result.ByteCount });
            else Console.Out.WriteLine(FormattableString.Invariant(
                $"{result.NatsPerToken:0.000000} nats/token (perplexity {result.Perplexity:0.0000}), {result.BitsPerByte:0.000000} bits/byte, {result.TokenCount} tokens, {result.ByteCount} bytes"));
            return 0;
        }, cancellation));
        return command;
    }

    private static PerplexityResult Measure(LanguageModel model, byte[] text, int window, int stride, CancellationToken cancellation)
    {
        using TerminalProgress? progress = Console.IsErrorRedirected ? null : new TerminalProgress("tokens scored", model.Tokenizer.Encode(text).Length);
        return Perplexity.Measure(model, text, window, stride, progress, cancellation);
    }
}
