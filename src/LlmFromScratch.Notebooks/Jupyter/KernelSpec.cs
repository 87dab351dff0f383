using System.Text;
using System.Text.Json.Nodes;
using LlmFromScratch.Notebooks.Model;

namespace LlmFromScratch.Notebooks.Jupyter;

/// <summary>
/// The file kernel.json by which Jupyter finds a kernel ("Making kernels for Jupyter"), in the user's own data folder: no administrator is
/// asked, and nobody else's kernels are touched.
/// </summary>
public static class KernelSpec
{
    /// <summary>The name under which the kernel is installed unless told otherwise.</summary>
    public const string DefaultName = "llmfs";

    private const string FileName = "kernel.json", Marker = "llmfs"; // the marker stands in the metadata: what has it is ours to replace

    /// <summary>Where Jupyter looks for a user's kernels: JUPYTER_DATA_DIR, or the place that each system has for it.</summary>
    public static string UserFolder
    {
        get
        {
            string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            string data = Variable("JUPYTER_DATA_DIR") ?? (OperatingSystem.IsMacOS()
                ? Path.Combine(home, "Library", "Jupyter")
                : Path.Combine(Variable("XDG_DATA_HOME") ?? Path.Combine(home, ".local", "share"), "jupyter"));
            return Path.Combine(data, "kernels");
        }
    }

    /// <summary>Writes the file, so that notebooks of the kernel <paramref name="name"/> start <paramref name="command"/>; gives its path.</summary>
    /// <param name="name">The kernel's name: <see cref="DefaultName"/>, or <c>.net-csharp</c> to stand in for .NET Interactive.</param>
    /// <param name="command">The words that start it; <c>{connection_file}</c> is replaced by Jupyter.</param>
    /// <exception cref="ArgumentException">No name for a folder.</exception>
    /// <exception cref="InvalidOperationException">Another program's kernel has this name.</exception>
    public static string Install(string name, IReadOnlyList<string> command)
    {
        string folder = FolderOf(name), file = Path.Combine(folder, FileName);
        if (Directory.Exists(folder) && !IsOurs(file)) throw new InvalidOperationException(
            $"{folder}: another program's kernel has this name; uninstall it first, or choose another name with --as.");
        Directory.CreateDirectory(folder);
        JsonObject spec = new()
        {
            ["argv"] = new JsonArray([.. command.Select(word => JsonValue.Create(word))]),
            ["display_name"] = name == DefaultName ? "C# (LlmFromScratch)" : $"C# (LlmFromScratch as {name})",
            ["language"] = "C#",
            ["interrupt_mode"] = "message",
            ["metadata"] = new JsonObject { ["installed_by"] = Marker },
        };
        string temporary = file + ".new";
        File.WriteAllText(temporary, NotebookJson.Write(spec), new UTF8Encoding(false));
        File.Move(temporary, file, overwrite: true);
        return file;
    }

    /// <summary>Removes what <see cref="Install"/> wrote.</summary>
    /// <exception cref="InvalidOperationException">There is no such kernel, or it is another program's.</exception>
    public static string Uninstall(string name)
    {
        string folder = FolderOf(name);
        if (!Directory.Exists(folder)) throw new InvalidOperationException($"{folder}: there is no such kernel.");
        if (!IsOurs(Path.Combine(folder, FileName))) throw new InvalidOperationException($"{folder}: this kernel is another program's; expected one that llmfs installed.");
        Directory.Delete(folder, recursive: true);
        return folder;
    }

    private static string FolderOf(string name) => name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') && name.Any(char.IsAsciiLetterOrDigit)
        ? Path.Combine(UserFolder, name)
        : throw new ArgumentException($"'{name}' is no name for a kernel: expected letters, digits, '-', '_' and '.'.");

    private static bool IsOurs(string file)
    {
        try
        {
            return File.Exists(file) && (string?)JsonNode.Parse(File.ReadAllText(file))?["metadata"]?["installed_by"] == Marker;
        }
        catch (Exception exception) when (exception is System.Text.Json.JsonException or InvalidOperationException)
        {
            return false; // no file that we would write
        }
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
