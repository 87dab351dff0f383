using System.CommandLine;
using System.Text;
using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Models;
using LlmFromScratch.Models.HuggingFace;
using LlmFromScratch.Tokenization;

namespace LlmFromScratch.Cli.Commands;

/// <summary><c>llmfs tokenize</c>: shows how a text is cut into tokens. Files that hold only a vocabulary work too.</summary>
internal static class TokenizeCommand
{
    public static Command Create()
    {
        Option<FileInfo?> model = new("--model", "-m") { Description = "A GGUF file, with weights or without, a Hugging Face folder or a llama2.c file; without it, the embedded model." };
        Option<string?> text = new("--text") { Description = "The text." };
        Option<FileInfo?> file = new("--file", "-f") { Description = "A file whose raw bytes are the text." };
        Option<bool> idsOnly = new("--ids") { Description = "Print the ids alone, separated by spaces." };
        Option<bool> json = new("--json") { Description = "Print one JSON object." };
        Command command = new("tokenize", "Show how a text is cut into tokens.") { model, text, file, idsOnly, json };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(text) is null == parsed.GetValue(file) is null)
                return Failure.WrongInput("tokenize: give either --text or --file.");
            byte[] bytes = parsed.GetValue(file) is { } path ? File.ReadAllBytes(path.FullName) : Encoding.UTF8.GetBytes(parsed.GetValue(text)!); // not null: checked above
            ITokenizer tokenizer = Load(parsed.GetValue(model)?.FullName ?? EmbeddedModel.Path);
            int[] ids = tokenizer.Encode(bytes);
            if (parsed.GetValue(json)) Json.Print(new { Ids = ids, Pieces = ids.Select(id => Show(tokenizer.GetBytes(id))), Bytes = bytes.Length });
            else if (parsed.GetValue(idsOnly)) Console.Out.WriteLine(string.Join(' ', ids));
            else PrintTable(tokenizer, ids, bytes.Length);
            return 0;
        });
        return command;
    }

    private static ITokenizer Load(string path)
    {
        if (Directory.Exists(path)) return HuggingFaceTokenizer.Load(path);
        if (path.EndsWith(".bin", StringComparison.OrdinalIgnoreCase))
        {
            using ICheckpoint checkpoint = Checkpoint.Open(path); // its vocabulary lies beside it, and its size says which
            return checkpoint.LoadTokenizer();
        }
        using GgufFile gguf = GgufFile.Open(path);
        return TokenizerLoader.Load(gguf);
    }

    private static void PrintTable(ITokenizer tokenizer, int[] ids, int byteCount)
    {
        foreach (int id in ids) Console.Out.WriteLine($"{id,7}  {Line(Show(tokenizer.GetBytes(id)))}");
        double bytesPerToken = ids.Length == 0 ? 0 : (double)byteCount / ids.Length;
        Console.Out.WriteLine($"{ids.Length} tokens, {byteCount} bytes, {bytesPerToken:0.00} bytes a token");
    }

    private static string Line(string piece) => Console.IsOutputRedirected ? piece : Printable.Line(piece, 1000); // a pipe gets every character

    // Control characters and bytes that are no whole character are shown as \xNN, so that a token is always one line.
    private static string Show(ReadOnlySpan<byte> bytes)
    {
        StringBuilder shown = new();
        while (!bytes.IsEmpty)
        {
            bool whole = Rune.DecodeFromUtf8(bytes, out Rune rune, out int length) == System.Buffers.OperationStatus.Done;
            if (whole && !Rune.IsControl(rune)) shown.Append(rune.ToString());
            else foreach (byte b in bytes[..length]) shown.Append($"\\x{b:X2}");
            bytes = bytes[length..];
        }
        return shown.ToString();
    }
}
