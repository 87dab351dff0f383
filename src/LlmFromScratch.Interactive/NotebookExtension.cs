using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Formatting;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Interactive;

/// <summary>
/// What a .NET Interactive kernel runs when a notebook loads this package by <c>#r "nuget: LlmFromScratch.Interactive"</c>: tensors are drawn, and
/// the course's namespaces are open in C# cells. Figures, widgets and checks need nothing: they name their formatters by an attribute.
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

    /// <summary>Registers the formatters and, where there is a C# kernel, opens the namespaces in it.</summary>
    /// <param name="kernel">The kernel that loads the extension, as a rule the root with the languages below it.</param>
    public async Task OnLoadAsync(Kernel kernel)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        Formatter.SetPreferredMimeTypesFor(typeof(Tensor), HtmlFormatter.MimeType);
        Formatter.Register<Tensor>(TensorHtml.Render, HtmlFormatter.MimeType);
        Formatter.Register<Tensor>(tensor => tensor.ToString(), PlainTextFormatter.MimeType);
        if (kernel.FindKernelByName(CSharp) is { } cells)
            await cells.SubmitCodeAsync(string.Join('\n', Usings.Select(name => $"using {name};")));
    }
}
