namespace LlmFromScratch.Tests.Training;

/// <summary>A log that cancels the run when it reads of a step.</summary>
internal sealed class CancelAfter : StringWriter
{
    private readonly CancellationTokenSource _source = new();
    private readonly string _line;

    public CancelAfter(int step, out CancellationToken token)
    {
        _line = $"step {step}/";
        token = _source.Token;
    }

    public override void WriteLine(string? value)
    {
        if (value is not null && value.StartsWith(_line, StringComparison.Ordinal)) _source.Cancel();
    }
}
