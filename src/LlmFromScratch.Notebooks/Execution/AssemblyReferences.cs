using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Scripting.Hosting;

namespace LlmFromScratch.Notebooks.Execution;

/// <summary>
/// The assemblies that cells name by <c>#r "relative.dll"</c>. They and what they depend on in the same folder are loaded into the
/// process's default context, once for all notebooks; left alone, Roslyn would load them again for each session.
/// </summary>
internal sealed class AssemblyReferences : IDisposable
{
    private readonly string _notebookFolder;
    private readonly List<string> _folders = [];

    /// <summary>References relative to <paramref name="notebookFolder"/>.</summary>
    public AssemblyReferences(string notebookFolder)
    {
        _notebookFolder = notebookFolder;
        AssemblyLoadContext.Default.Resolving += ResolveFromFolders;
        Loader.RegisterDependency(typeof(CellDisplay).Assembly); // cells must meet the class that runs them, not a second copy
    }

    /// <summary>Where compiled cells find the assemblies that are loaded already.</summary>
    public InteractiveAssemblyLoader Loader { get; } = new();

    /// <summary>The framework's assemblies, which every cell can use.</summary>
    public static ImmutableArray<MetadataReference> Framework { get; } = ReadFramework();

    /// <summary>Loads what the <c>#r</c> lines of <paramref name="code"/> name.</summary>
    /// <exception cref="NotSupportedException">A package (<c>#r "nuget:..."</c>).</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidOperationException">Another build of the same assembly is loaded in this process.</exception>
    public void Load(string code, int cellNumber)
    {
        CompilationUnitSyntax unit = SyntaxFactory.ParseCompilationUnit(code, options: CSharpParseOptions.Default.WithKind(SourceCodeKind.Script));
        foreach (ReferenceDirectiveTriviaSyntax directive in unit.GetReferenceDirectives())
        {
            string reference = directive.File.ValueText;
            string place = $"cell {cellNumber}, line {directive.GetLocation().GetLineSpan().StartLinePosition.Line + 1}: #r \"{reference}\"";
            if (reference.StartsWith("nuget:", StringComparison.Ordinal))
                throw new NotSupportedException($"{place}: the runner loads assemblies, not packages; reference the adapter project's dll instead.");
            if (!reference.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
                continue; // an assembly's name: the compiler finds it in the framework or says that it cannot
            string path = Path.GetFullPath(reference, _notebookFolder);
            if (!File.Exists(path))
                throw new FileNotFoundException($"{place}: there is no such file, seen from the notebook's folder. Has `dotnet build` been run?");
            _folders.Add(Path.GetDirectoryName(path)!); // a file has a folder
            LoadWithDependencies(path, place, seen: []);
        }
    }

    /// <summary>Stops to answer for the folders; what is loaded stays loaded.</summary>
    public void Dispose()
    {
        AssemblyLoadContext.Default.Resolving -= ResolveFromFolders;
        Loader.Dispose();
    }

    private void LoadWithDependencies(string path, string place, HashSet<string> seen)
    {
        if (!seen.Add(path))
            return;
        Assembly assembly = AssemblyLoadContext.Default.LoadFromAssemblyName(AssemblyName.GetAssemblyName(path));
        if (assembly.ManifestModule.ModuleVersionId != ModuleVersionOf(path))
        {
            throw new InvalidOperationException($"{place}: {Path.GetFileName(path)} is another build than the one that this process has loaded; "
                + "both must be the same. Build the whole solution again.");
        }
        Loader.RegisterDependency(assembly);
        foreach (AssemblyName dependency in assembly.GetReferencedAssemblies())
        {
            string candidate = Path.Combine(Path.GetDirectoryName(path)!, dependency.Name + ".dll"); // a file has a folder
            if (File.Exists(candidate))
                LoadWithDependencies(candidate, place, seen);
        }
    }

    private Assembly? ResolveFromFolders(AssemblyLoadContext context, AssemblyName name)
    {
        string? path = _folders.Select(folder => Path.Combine(folder, name.Name + ".dll")).FirstOrDefault(File.Exists);
        return path is null ? null : context.LoadFromAssemblyPath(path);
    }

    private static Guid ModuleVersionOf(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        MetadataReader metadata = file.GetMetadataReader();
        return metadata.GetGuid(metadata.GetModuleDefinition().Mvid);
    }

    private static ImmutableArray<MetadataReference> ReadFramework()
    {
        string folder = Path.GetDirectoryName(typeof(object).Assembly.Location)!; // CoreLib is a file
        string trusted = AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string
            ?? throw new InvalidOperationException("The host names no trusted platform assemblies; notebooks run under `dotnet` only.");
        return [.. trusted.Split(Path.PathSeparator).Where(path => Path.GetDirectoryName(path) == folder).Select(path => MetadataReference.CreateFromFile(path))];
    }
}
