using System.Text;

namespace LlmFromScratch.Notebooks.Execution;

/// <summary>
/// While it lives, what the process prints goes to an <see cref="OutputRecorder"/>, and relative paths start at the notebook's folder, as
/// they do under Jupyter. The console and the current folder belong to the whole process, so one capture lives at a time.
/// </summary>
internal sealed class ConsoleCapture : IDisposable
{
    private readonly TextWriter _formerOut = Console.Out;
    private readonly TextWriter _formerError = Console.Error;
    private readonly string _formerFolder = Directory.GetCurrentDirectory();

    /// <summary>Starts to capture into <paramref name="recorder"/>, with <paramref name="folder"/> as the current folder.</summary>
    public ConsoleCapture(OutputRecorder recorder, string folder)
    {
        Directory.SetCurrentDirectory(folder);
        Console.SetOut(new StreamWriter(recorder, "stdout"));
        Console.SetError(new StreamWriter(recorder, "stderr"));
    }

    /// <summary>Gives the console and the current folder back.</summary>
    public void Dispose()
    {
        Console.SetOut(_formerOut);
        Console.SetError(_formerError);
        Directory.SetCurrentDirectory(_formerFolder);
    }

    private sealed class StreamWriter : TextWriter
    {
        private readonly OutputRecorder _recorder;
        private readonly string _stream;

        public StreamWriter(OutputRecorder recorder, string stream)
        {
            _recorder = recorder;
            _stream = stream;
            NewLine = "\n"; // outputs are the same bytes on every system
        }

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => _recorder.Print(_stream, [value]);

        public override void Write(ReadOnlySpan<char> buffer) => _recorder.Print(_stream, buffer);

        public override void Write(char[] buffer, int index, int count) => _recorder.Print(_stream, buffer.AsSpan(index, count));

        public override void Write(string? value) => _recorder.Print(_stream, value);

        public override void WriteLine(string? value) => _recorder.Print(_stream, value + NewLine);
    }
}
