using System.CommandLine;
using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Models;

namespace LlmFromScratch.Cli.Commands;

/// <summary><c>llmfs quantize</c>: writes a GGUF file with its matrices in another type, and says what each of them lost.</summary>
internal static class QuantizeCommand
{
    public static Command Create()
    {
        Argument<FileInfo> input = new("IN") { Description = "A GGUF file, best in F32, F16 or BF16." };
        Argument<FileInfo> output = new("OUT") { Description = "The new file; it appears when it is whole." };
        Argument<string> type = new("TYPE") { Description = $"One of {string.Join(", ", QuantizationTarget.All.Select(target => target.Name))}." };
        Command command = new("quantize", "Write a GGUF file in another type; Ctrl-C leaves nothing behind.") { input, output, type };
        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            QuantizationTarget target = QuantizationTarget.Find(parsed.GetRequiredValue(type));
            FileInfo result = parsed.GetRequiredValue(output);
            using GgufFile source = GgufFile.Open(parsed.GetRequiredValue(input).FullName);
            int done = 0;
            GgufQuantizer.Quantize(source, result.FullName, target, tensor => Print(++done, source.Tensors.Count, tensor), cancellation);
            result.Refresh();
            Console.Out.WriteLine(Invariant($"{source.Path}: {source.ByteLength:N0} bytes -> {result.FullName}: {result.Length:N0} bytes, {(double)result.Length / source.ByteLength:P1}"));
            return 0;
        }, cancellation));
        return command;
    }

    private static void Print(int number, int count, QuantizedTensor tensor)
    {
        string start = Invariant($"[{number}/{count}] {tensor.Name,-28} {tensor.Shape,-14} ");
        Console.Out.WriteLine(start + (tensor.From == tensor.To
            ? $"{tensor.From} stays"
            : Invariant($"{tensor.From} -> {tensor.To}, {tensor.BytesBefore:N0} -> {tensor.BytesAfter:N0} bytes, error rms {tensor.RmsError:0.000000} max {tensor.MaxError:0.000000}")));
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
