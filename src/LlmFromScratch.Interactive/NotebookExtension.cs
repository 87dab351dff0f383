using Microsoft.DotNet.Interactive;

namespace LlmFromScratch.Interactive;

/// <summary>
/// What a .NET Interactive kernel runs when a notebook loads this package by <c>#r "nuget: LlmFromScratch.Interactive"</c>: the course's namespaces are open in
/// C# cells. Figures, widgets, checks, tensors and models need nothing: they name their formatters by an attribute.
/// Source: dotnet/interactive, docs/extending-dotnet-interactive.md.
/// </summary>
public sealed class NotebookExtension : IKernelExtension
{
    private const string CSharp = "csharp";

    /// <summary>The namespaces that are open in every C# cell after loading.</summary>
    public static IReadOnlyList<string> Usings { get; } =
    [
        "LlmFromScratch.Course", "LlmFromScratch.Inference", "LlmFromScratch.Models", "LlmFromScratch.Numerics", "LlmFromScratch.PlotlyNet",
        "LlmFromScratch.Sampling", "LlmFromScratch.Tensors", "LlmFromScratch.Tokenization", "LlmFromScratch.Visuals", "LlmFromScratch.Visuals.Widgets",
    ];

    /// <summary>Opens the namespaces, where there is a C# kernel.</summary>
    /// <param name="kernel">The kernel that loads the extension, as a rule the root with the languages below it.</param>
    public async Task OnLoadAsync(Kernel kernel)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        if (kernel.FindKernelByName(CSharp) is { } cells)
            await cells.SubmitCodeAsync(string.Join('\n', Usings.Select(name => $"using {name};")));
    }
}
