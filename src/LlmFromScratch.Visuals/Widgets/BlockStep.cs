namespace LlmFromScratch.Visuals.Widgets;

/// <summary>One intermediate tensor of a forward pass, as <see cref="BlockWidget"/> shows it.</summary>
/// <param name="Name">What it is: "queries, turned by RoPE".</param>
/// <param name="Formula">How it came from what stood before: "x / rms(x) · weight".</param>
/// <param name="Shape">Its shape in letters or numbers: "[T, C]".</param>
/// <param name="Values">[T][values of one token], or one row where only the last token has one.</param>
public sealed record BlockStep(string Name, string Formula, string Shape, float[][] Values);
