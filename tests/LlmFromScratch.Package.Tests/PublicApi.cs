using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace LlmFromScratch.Package.Tests;

/// <summary>
/// The public surface of an assembly, a line a member in the order of their names: what a user can call, override or implement, with nullability,
/// defaults and constants. Members that the compiler makes for records are left out.
/// </summary>
internal static class PublicApi
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly NullabilityInfoContext Nullability = new();

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void", [typeof(bool)] = "bool", [typeof(byte)] = "byte", [typeof(sbyte)] = "sbyte", [typeof(short)] = "short", [typeof(ushort)] = "ushort",
        [typeof(int)] = "int", [typeof(uint)] = "uint", [typeof(long)] = "long", [typeof(ulong)] = "ulong", [typeof(float)] = "float", [typeof(double)] = "double",
        [typeof(char)] = "char", [typeof(string)] = "string", [typeof(object)] = "object",
    };

    /// <summary>One line a type and one a member, types in the order of their full names.</summary>
    public static IEnumerable<string> Describe(Assembly assembly)
    {
        foreach (Type type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            yield return $"{type.Namespace}.{Header(type)}";
            foreach (string member in Members(type).Order(StringComparer.Ordinal)) yield return $"    {member}";
        }
    }

    private static string Header(Type type)
    {
        string kind = type.IsEnum ? "enum" : type.IsInterface ? "interface" : type.IsValueType ? "struct"
            : type.IsSubclassOf(typeof(Delegate)) ? "delegate"
            : type is { IsAbstract: true, IsSealed: true } ? "static class" : type.IsAbstract ? "abstract class" : type.IsSealed ? "sealed class" : "class";
        IEnumerable<Type> inherited = type.IsEnum ? [Enum.GetUnderlyingType(type)] : type.IsValueType || type.BaseType is null || type.BaseType == typeof(object)
            ? type.GetInterfaces() : [type.BaseType, .. type.GetInterfaces().Except(type.BaseType.GetInterfaces())];
        string bases = string.Join(", ", inherited.Select(Name).Order(StringComparer.Ordinal));
        string nested = type.IsNested ? $"{Name(type.DeclaringType!)}." : ""; // not null: the type is nested
        return $"{nested}{Name(type)}: {kind}{(bases.Length > 0 ? $", {bases}" : "")}";
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
        {
            foreach (object value in Enum.GetValues(type)) yield return $"{value} = {Convert.ToInt64(value, CultureInfo.InvariantCulture)}";
            yield break;
        }
        foreach (ConstructorInfo constructor in type.GetConstructors(Declared).Where(IsVisible))
            yield return $"{Access(constructor)}{Plain(type.Name)}({Parameters(constructor)})";
        foreach (FieldInfo field in type.GetFields(Declared).Where(field => field.IsPublic || field.IsFamily))
            yield return $"{(field.IsLiteral ? "const " : field.IsStatic ? "static " : "")}{Name(field.FieldType, Nullability.Create(field))} {field.Name}"
                + (field.IsLiteral ? $" = {Constant(field.GetRawConstantValue())}" : "");
        foreach (PropertyInfo property in type.GetProperties(Declared))
        {
            MethodInfo[] accessors = [.. property.GetAccessors(nonPublic: true).Where(IsVisible)];
            if (accessors.Length == 0) continue;
            string index = string.Join(", ", property.GetIndexParameters().Select(Parameter));
            string parts = string.Join(" ", accessors.Select(accessor => accessor == property.GetMethod ? "get;" : IsInit(accessor) ? "init;" : "set;"));
            bool isRequired = property.IsDefined(typeof(RequiredMemberAttribute));
            yield return $"{(isRequired ? "required " : "")}{Access(accessors[0])}{Name(property.PropertyType, Nullability.Create(property))} "
                + $"{(index.Length > 0 ? $"this[{index}]" : property.Name)} {{ {parts} }}";
        }
        foreach (EventInfo @event in type.GetEvents(Declared).Where(e => e.AddMethod is { } add && IsVisible(add)))
            yield return $"event {Name(@event.EventHandlerType!)} {@event.Name}"; // not null: every event has a type
        foreach (MethodInfo method in type.GetMethods(Declared).Where(m => IsVisible(m) && !m.IsSpecialName && !m.IsDefined(typeof(CompilerGeneratedAttribute))))
        {
            string generics = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(a => a.Name))}>" : "";
            yield return $"{Access(method)}{Name(method.ReturnType, Nullability.Create(method.ReturnParameter))} {method.Name}{generics}({Parameters(method)})";
        }
    }

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsInit(MethodInfo setter) => setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));

    private static string Access(MethodBase method) => (method.IsPublic ? "" : "protected ") + (method.IsStatic ? "static " : "")
        + (method.DeclaringType!.IsInterface || method is not MethodInfo info ? "" // not null: a member has a type
            : info.IsAbstract ? "abstract " : info is { IsVirtual: true, IsFinal: false } && !info.DeclaringType!.IsSealed
                ? (info.GetBaseDefinition() == info ? "virtual " : "override ") : "");

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        string by = parameter.IsOut ? "out " : parameter.ParameterType.IsByRef ? parameter.IsIn ? "in " : "ref " : "";
        bool isParams = parameter.IsDefined(typeof(ParamArrayAttribute)) || parameter.IsDefined(typeof(ParamCollectionAttribute));
        Type type = parameter.ParameterType.IsByRef ? parameter.ParameterType.GetElementType()! : parameter.ParameterType; // not null: by reference to it
        return $"{(isParams ? "params " : "")}{by}{Name(type, Nullability.Create(parameter))} {parameter.Name}"
            + (parameter.HasDefaultValue ? $" = {Constant(parameter.RawDefaultValue)}" : "");
    }

    private static string Constant(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static string Name(Type type, NullabilityInfo nullability)
    {
        if (Nullable.GetUnderlyingType(type) is { } value) return Name(value) + "?";
        string mark = !type.IsValueType && nullability.ReadState == NullabilityState.Nullable ? "?" : "";
        if (type.IsArray && nullability.ElementType is { } element) return $"{Name(type.GetElementType()!, element)}[]{mark}"; // not null: an array
        if (!type.IsGenericType || nullability.GenericTypeArguments.Length != type.GetGenericArguments().Length) return Name(type) + mark;
        return $"{Plain(type.Name)}<{string.Join(", ", type.GetGenericArguments().Zip(nullability.GenericTypeArguments, Name))}>{mark}";
    }

    private static string Name(Type type) => Keywords.TryGetValue(type, out string? keyword) ? keyword
        : Nullable.GetUnderlyingType(type) is { } value ? Name(value) + "?"
        : type.IsArray ? Name(type.GetElementType()!) + "[]" // not null: an array
        : type.IsGenericType ? $"{Plain(type.Name)}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
        : type.Name;

    private static string Plain(string name) => name.IndexOf('`') is > 0 and int tick ? name[..tick] : name;
}
