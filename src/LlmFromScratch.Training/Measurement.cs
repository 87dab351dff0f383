namespace LlmFromScratch.Training;

/// <summary>One number of a run.</summary>
/// <param name="Name">Its name in metrics.jsonl, in camel case; progress lines show the words apart.</param>
/// <param name="Value">The number.</param>
public readonly record struct Measurement(string Name, double Value);
