using System.Reflection;
using System.Runtime.Loader;

namespace LlmFromScratch.Tensors;

/// <summary>
/// Says who shows the marked type in a notebook. Hosts look for an attribute of this simple name by reflection (.NET Interactive's convention; the same as
/// <c>LlmFromScratch.Visuals.TypeFormatterSourceAttribute</c>). The formatters stand in a library above this one, which need not be there: so it is named, never
/// referenced, and without it a host shows the type's text.
/// </summary>
/// <param name="library">The assembly, "LlmFromScratch.Visuals".</param>
/// <param name="source">The name of the class in its namespace Formatting.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
internal sealed class TypeFormatterSourceAttribute(string library, string source) : Attribute
{
    /// <summary>The library of the figures and widgets.</summary>
    public const string Visuals = "LlmFromScratch.Visuals";

    /// <summary>The type with a parameterless constructor and the method <c>CreateTypeFormatters()</c>; one without formatters where the library is missing.</summary>
    public Type FormatterSourceType => FindLibrary()?.GetType($"{library}.Formatting.{source}") ?? typeof(NoFormatters);

    /// <summary>The MIME types that a host shows when none is asked for, the richest first.</summary>
    public string[] PreferredMimeTypes => ["text/html", "text/plain"];

    // Not by Type.GetType: a notebook host may give each assembly a load context of its own, which finds no other by name. The library is loaded already, or lies
    // beside this assembly.
    private Assembly? FindLibrary()
    {
        Assembly own = typeof(TypeFormatterSourceAttribute).Assembly;
        if (own.Location.Length == 0) return null; // part of a single file
        string path = Path.Combine(Path.GetDirectoryName(own.Location) ?? "", library + ".dll");
        Assembly[] loaded = [.. AppDomain.CurrentDomain.GetAssemblies().Where(assembly => !assembly.IsDynamic && assembly.GetName().Name == library)];
        return Array.Find(loaded, assembly => assembly.Location == path) ?? loaded.FirstOrDefault()
            ?? (File.Exists(path) ? (AssemblyLoadContext.GetLoadContext(own) ?? AssemblyLoadContext.Default).LoadFromAssemblyPath(path) : null);
    }

    internal sealed class NoFormatters
    {
        public IEnumerable<object> CreateTypeFormatters() => [];
    }
}
