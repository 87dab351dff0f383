using System.CommandLine;
using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Models;
using LlmFromScratch.Training.Quantization;

namespace LlmFromScratch.Cli.Commands;

/// <summary><c>llmfs quantize</c>: writes a GGUF file with its matrices in another type, and says what each of them lost.</summary>
internal static class QuantizeCommand
{
    public static Command Create()
    {
        Argument<FileInfo> input = new("IN") { Description = "A GGUF file, best in F32, F16 or BF16." };
        Argument<FileInfo> output = new("OUT") { Description = "The new file; it appears when it is whole." };
        Argument<string> type = new("TYPE") { Description = $"One of {string.Join(", ", QuantizationTarget.All.Select(target => target.Name))}." };
        Option<string> method = new("--method") { Description = "nearest, or with a calibration text gptq or awq (Q4_0 and Q4_1).", DefaultValueFactory = _ => "nearest" };
        method.AcceptOnlyFromAmong("nearest", "gptq", "awq");
        Option<FileInfo?> calibration = new("--calibration") { Description = "A text like those that the model will read; documents end with a line <|endoftext|>. Embedding and head then keep Q8_0, and nearest is the same layout without the text's help." };
        Command command = new("quantize", "Write a GGUF file in another type; Ctrl-C leaves nothing behind.") { input, output, type, method, calibration };
        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            string chosen = parsed.GetRequiredValue(method);
            if (chosen != "nearest" && parsed.GetValue(calibration) is null) return Failure.WrongInput($"quantize: --method {chosen} needs --calibration.");
            DataCommand.MakeFolderOf(parsed.GetRequiredValue(output).FullName); // before minutes of work
            if (parsed.GetValue(calibration) is FileInfo text)
            {
                CalibratedQuantization.Run(parsed.GetRequiredValue(input).FullName, parsed.GetRequiredValue(output).FullName, parsed.GetRequiredValue(type), chosen, text.FullName, cancellation);
                Console.Out.WriteLine($"wrote {parsed.GetRequiredValue(output).FullName}");
                return 0;
            }
            QuantizationTarget target = QuantizationTarget.Find(parsed.GetRequiredValue(type));
            FileInfo result = parsed.GetRequiredValue(output);
            using GgufFile source = GgufFile.Open(parsed.GetRequiredValue(input).FullName);
            Quantize(source, result.FullName, target, cancellation);
            result.Refresh();
            Console.Out.WriteLine(Invariant($"{source.Path}: {source.ByteLength:N0} bytes -> {result.FullName}: {result.Length:N0} bytes, {(double)result.Length / source.ByteLength:P1}"));
            return 0;
        }, cancellation));
        return command;
    }

    private static void Quantize(GgufFile source, string path, QuantizationTarget target, CancellationToken cancellation)
    {
        long total = source.Tensors.Sum(tensor => tensor.ByteLength), bytes = 0;
        int done = 0;
        using TerminalProgress? progress = TerminalProgress.Start(target.Name, total);
        GgufQuantizer.Quantize(source, path, target, tensor =>
        {
            string line = Describe(++done, source.Tensors.Count, tensor);
            bytes += tensor.BytesBefore;
            if (progress is null) Console.Out.WriteLine(line);
            else progress.WriteLine(line);
            progress?.Show(target.Name, bytes, total);
        }, cancellation);
    }

    private static string Describe(int number, int count, QuantizedTensor tensor)
    {
        string start = Invariant($"[{number}/{count}] {Printable.Line(tensor.Name, 200),-28} {tensor.Shape,-14} ");
        return start + (tensor.From == tensor.To
            ? $"{tensor.From} stays"
            : Invariant($"{tensor.From} -> {tensor.To}, {tensor.BytesBefore:N0} -> {tensor.BytesAfter:N0} bytes, error rms {tensor.RmsError:0.000000} max {tensor.MaxError:0.000000}"));
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
