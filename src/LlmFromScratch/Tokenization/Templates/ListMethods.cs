namespace LlmFromScratch.Tokenization.Templates;

/// <summary>The methods of lists.</summary>
internal static class ListMethods
{
    public static TemplateFunction? Find(TemplateList list, string name) => name switch
    {
        "append" => a => Change(list, a, items => items.Add(a.Get(0, "item"))),
        "extend" => a => Change(list, a, items => items.AddRange(TemplateValues.Iterate(a.Get(0, "items"), a.Line))),
        "insert" => a => Change(list, a, items => items.Insert(Math.Clamp(a.GetInt32(0, "index", 0), 0, items.Count), a.Get(1, "item"))),
        "reverse" => a => Change(list, a, items => items.Reverse()),
        "copy" => _ => new TemplateList([.. list.Items]),
        "pop" => a => Pop(list, a),
        "index" => a => list.Items.FindIndex(item => TemplateValues.AreEqual(item, a.Get(0, "item"))) is >= 0 and int at ? (long)at
            : throw TemplateErrors.At(a.Line, "index: the list has no such item."),
        "count" => a => (long)list.Items.Count(item => TemplateValues.AreEqual(item, a.Get(0, "item"))),
        _ => null,
    };

    private static object? Change(TemplateList list, CallArguments arguments, Action<List<object?>> change)
    {
        change(list.Items);
        TemplateLimits.CheckLength(list.Items.Count, arguments.Line);
        return null;
    }

    private static object? Pop(TemplateList list, CallArguments arguments)
    {
        int index = arguments.GetInt32(0, "index", -1);
        if (index < 0) index += list.Items.Count;
        if (index < 0 || index >= list.Items.Count) throw TemplateErrors.At(arguments.Line, "pop: the list has no such item.");
        object? item = list.Items[index];
        list.Items.RemoveAt(index);
        return item;
    }
}
