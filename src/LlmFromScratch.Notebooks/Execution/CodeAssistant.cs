using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LlmFromScratch.Notebooks.Execution;

/// <summary>
/// What an editor asks about a cell that is still being written: which names fit here, what is this name, is the text complete. It reads the
/// compiler's model of the cell after all cells that ran.
/// </summary>
internal sealed class CodeAssistant(NotebookSession session)
{
    private const int CellNumber = 0; // the cell has not run, so no error message names it

    /// <summary>The names that fit at <paramref name="position"/>, and where the word begins that they replace.</summary>
    public (int Start, IReadOnlyList<string> Names) Complete(string code, int position)
    {
        code = WithoutMagic(code);
        int start = position;
        while (start > 0 && (char.IsLetterOrDigit(code[start - 1]) || code[start - 1] == '_')) start--;
        string prefix = code[start..position];
        (SemanticModel model, SyntaxNode root) = Analyse(code);
        INamespaceOrTypeSymbol? container = null;
        bool isStatic = false;
        if (start > 0 && code[start - 1] == '.')
        {
            SyntaxNode? left = LeftOfDot(root, start - 1);
            if (left is null) return (start, []);
            ISymbol? symbol = model.GetSymbolInfo(left).Symbol;
            isStatic = symbol is INamespaceOrTypeSymbol;
            container = symbol as INamespaceOrTypeSymbol ?? model.GetTypeInfo(left).Type;
            if (container is null) return (start, []);
        }
        IEnumerable<ISymbol> found = model.LookupSymbols(Math.Min(start, root.FullSpan.End), container, includeReducedExtensionMethods: container is not null && !isStatic);
        string[] names = [.. found
            .Where(symbol => symbol.CanBeReferencedByName && symbol.Name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            .Where(symbol => container is null || symbol is INamespaceOrTypeSymbol || symbol.IsStatic == isStatic)
            .Select(symbol => symbol.Name).Distinct().Order(StringComparer.OrdinalIgnoreCase)];
        return (start, names);
    }

    /// <summary>The signature and the documentation of the name at <paramref name="position"/>; null when there is none.</summary>
    public string? Inspect(string code, int position)
    {
        code = WithoutMagic(code);
        (SemanticModel model, SyntaxNode root) = Analyse(code);
        if (code.Length == 0) return null;
        for (int at = Math.Min(position, code.Length - 1); at >= Math.Max(0, position - 1); at--) // at a word's end the cursor stands behind it
        {
            SyntaxNode? node = root.FindToken(at).Parent;
            if (node is null) continue;
            ISymbol? symbol = model.GetSymbolInfo(node).Symbol ?? model.GetSymbolInfo(node).CandidateSymbols.FirstOrDefault() ?? model.GetDeclaredSymbol(node);
            if (symbol is not null and not INamespaceSymbol) return $"{symbol.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat)}{Summary(model.Compilation, symbol)}";
        }
        return null;
    }

    /// <summary>Whether <paramref name="code"/> is a whole cell, or an editor's Enter should only begin another line.</summary>
    public static bool IsComplete(string code) => SyntaxFactory.IsCompleteSubmission(
        CSharpSyntaxTree.ParseText(WithoutMagic(code), CSharpParseOptions.Default.WithKind(SourceCodeKind.Script)));

    private (SemanticModel Model, SyntaxNode Root) Analyse(string code)
    {
        Compilation compilation = session.ScriptFor(code, CellNumber).GetCompilation();
        SyntaxTree tree = compilation.SyntaxTrees.Single();
        return (compilation.GetSemanticModel(tree), tree.GetRoot());
    }

    private static SyntaxNode? LeftOfDot(SyntaxNode root, int dot) => root.FindToken(dot).Parent switch
    {
        MemberAccessExpressionSyntax access => access.Expression,
        QualifiedNameSyntax name => name.Left,
        MemberBindingExpressionSyntax { Parent: ConditionalAccessExpressionSyntax conditional } => conditional.Expression,
        _ => null,
    };

    // Lines for the front end are no C#; comments of the same length keep every position where it is.
    private static string WithoutMagic(string code) => string.Join('\n', code.Split('\n').Select(line =>
        line.StartsWith("#!", StringComparison.Ordinal) ? "//" + line[2..] : line));

    // The compiler keeps no documentation of what it only references; it lies beside the assembly, under the same name.
    private static string Summary(Compilation compilation, ISymbol symbol)
    {
        string? id = symbol.OriginalDefinition.GetDocumentationCommentId();
        if (id is null || symbol.ContainingAssembly is null || compilation.GetMetadataReference(symbol.ContainingAssembly) is not PortableExecutableReference { FilePath: string path })
            return "";
        string file = Path.ChangeExtension(path, ".xml");
        if (!File.Exists(file)) return "";
        XElement? summary = XDocument.Load(file).Descendants("member").FirstOrDefault(member => (string?)member.Attribute("name") == id)?.Element("summary");
        return summary is null ? "" : "\n\n" + string.Join(' ', Plain(summary).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    private static string Plain(XElement element) => string.Concat(element.Nodes().Select(node => node switch
    {
        XText text => text.Value,
        XElement { IsEmpty: true } reference => ((string?)reference.Attribute("cref") ?? (string?)reference.Attribute("name") ?? (string?)reference.Attribute("langword"))?.Split('.', ':')[^1] ?? "",
        XElement inner => Plain(inner),
        _ => "",
    }));
}
