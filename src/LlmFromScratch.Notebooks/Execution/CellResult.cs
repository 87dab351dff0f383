using System.Text.Json.Nodes;

namespace LlmFromScratch.Notebooks.Execution;

/// <summary>What running one cell gave.</summary>
/// <param name="Outputs">nbformat outputs in the order in which they came.</param>
/// <param name="Error">The error that ended the cell, in one line with its place; null when it ran to its end.</param>
/// <param name="IsSessionOver">Whether the cell had to be stopped, after which the session runs no other.</param>
/// <param name="Elapsed">The time that the cell took, compilation included.</param>
public sealed record CellResult(JsonArray Outputs, string? Error, bool IsSessionOver, TimeSpan Elapsed);
