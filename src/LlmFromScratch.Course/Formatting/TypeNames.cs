namespace LlmFromScratch.Course.Formatting;

/// <summary>Types as a C# programmer writes them: <c>Func&lt;float[], int&gt;</c> and not <c>Func`2</c>.</summary>
internal static class TypeNames
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(float)] = "float", [typeof(double)] = "double", [typeof(int)] = "int", [typeof(long)] = "long", [typeof(byte)] = "byte",
        [typeof(bool)] = "bool", [typeof(char)] = "char", [typeof(string)] = "string", [typeof(object)] = "object",
    };

    /// <summary>The name of <paramref name="type"/>.</summary>
    public static string Of(Type type)
    {
        if (Keywords.TryGetValue(type, out string? keyword)) return keyword;
        if (type.IsArray) return $"{Of(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]"; // an array has an element type
        if (typeof(Delegate).IsAssignableFrom(type) && !type.Name.StartsWith("Func`") && !type.Name.StartsWith("Action`")) return "method of another form";
        return type.IsGenericType ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Of))}>" : type.Name;
    }
}
