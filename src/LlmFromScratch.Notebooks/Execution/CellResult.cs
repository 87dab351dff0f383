using System.Text.Json.Nodes;

namespace LlmFromScratch.Notebooks.Execution;

/// <summary>What running one cell gave.</summary>
/// <param name="Outputs">nbformat outputs in the order in which they came.</param>
/// <param name="Error">The error that ended the cell, in one line with its place; null when it ran to its end.</param>
/// <param name="IsSessionOver">Whether the cell had to be stopped, after which the session runs no other.</param>
/// <param name="Elapsed">The time that the cell took, compilation included.</param>
/// <param name="AllocatedBytes">
/// The managed memory that was asked for while the cell ran, by all threads and compilation included; most of it is free again soon. Not counted: mapped
/// files and native memory, such as a model's weights.
/// </param>
public sealed record CellResult(JsonArray Outputs, string? Error, bool IsSessionOver, TimeSpan Elapsed, long AllocatedBytes);
