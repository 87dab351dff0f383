using System.Globalization;
using LlmFromScratch.Models;
using LlmFromScratch.Tensors;
using Spectre.Console;

namespace LlmFromScratch.Cli.Inspection;

/// <summary>
/// What a model holds as tables, for a terminal. Text of the file is first made harmless by <see cref="Printable"/> and then goes in as
/// <see cref="Text"/>, which knows no markup.
/// </summary>
internal static class InspectionTables
{
    private const int LongestName = 200; // characters

    public static void Print(InspectedModel model, int contextLength)
    {
        IAnsiConsole console = AnsiConsole.Console;
        Console.Out.WriteLine(Invariant($"{Printable.Line(model.Path, 1000)}: {model.Format}, {model.ByteLength:N0} bytes"));
        Table metadata = Create(Invariant($"Metadata ({model.Metadata.Count})"), "Key", "Value");
        foreach ((string key, object? value) in model.Metadata) Add(metadata, Printable.Line(key, LongestName), InspectionText.Describe(value));
        if (model.Metadata.All(pair => pair.Key.Length <= 50)) metadata.Columns[0].NoWrap(); // values wrap before keys do
        console.Write(metadata);
        bool manyFiles = model.Tensors.Any(tensor => tensor.File is not null);
        Table tensors = Create(Invariant($"Tensors ({model.Tensors.Count}, {model.ParameterCount:N0} parameters)"), ["Name", "Type", "Shape", "Bytes", "At", .. manyFiles ? ["File"] : (string[])[]], 3, 4);
        foreach (InspectedTensor tensor in model.Tensors) Add(tensors,
            [Printable.Line(tensor.Name, LongestName), tensor.Type, $"[{string.Join(", ", tensor.Shape)}]", Invariant($"{tensor.ByteLength:N0}"), Invariant($"{tensor.Offset}"),
                .. manyFiles ? [Printable.Line(tensor.File ?? "", LongestName)] : (string[])[]]);
        console.Write(tensors);
        Table storage = Create("Storage", ["Type", "Tensors", "Values", "Bytes"], 1, 2, 3);
        foreach (IGrouping<string, InspectedTensor> group in model.ByType)
            Add(storage, group.Key, Invariant($"{group.Count()}"), Invariant($"{group.Sum(tensor => tensor.Count):N0}"), Invariant($"{group.Sum(tensor => tensor.ByteLength):N0}"));
        console.Write(storage);
        if (model.Config is { } config) console.Write(Memory(model, config, contextLength));
        else Console.Out.WriteLine($"Not a model that llmfs runs: {Printable.Line(model.Reason ?? "", 1000)}");
    }

    private static Table Memory(InspectedModel model, ModelConfig config, int contextLength)
    {
        Table memory = Create(Invariant($"Memory at a context of {contextLength:N0} tokens (the model's own: {config.ContextLength:N0})"), ["Key/value cache", "Cache bytes", "With the weights"], 1, 2);
        foreach ((string name, DType type) in InspectionText.CacheTypes)
            if (InspectedModel.CacheBytes(config, contextLength, type) is { } cache) Add(memory, name, Invariant($"{cache:N0}"), Invariant($"{model.WeightBytes + cache:N0}"));
        Add(memory, "none", "0", Invariant($"{model.WeightBytes:N0}"));
        return memory;
    }

    private static Table Create(string title, string[] columns, params int[] numbers)
    {
        Table table = new Table().Border(TableBorder.Simple);
        table.Title = new TableTitle(Markup.Escape(title));
        foreach ((int index, string name) in columns.Index())
        {
            TableColumn column = new(new Text(name, new Style(decoration: Decoration.Bold)));
            table.AddColumn(numbers.Contains(index) ? column.RightAligned().NoWrap() : column);
        }
        return table;
    }

    private static Table Create(string title, params string[] columns) => Create(title, columns, numbers: []);

    private static void Add(Table table, params string[] cells) => table.AddRow(cells.Select(cell => new Text(cell)));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
