using System.Runtime.CompilerServices;
using LlmFromScratch.Tests.Conditions;

namespace LlmFromScratch.Tests.Visuals;

/// <summary>A test that needs the program `node` on the path.</summary>
public sealed class NodeFactAttribute([CallerMemberName] string? name = null) : ConditionalFactAttribute(Node.IsInstalled ? null : "node is not on the path", name);
