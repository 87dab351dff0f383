using System.Runtime.CompilerServices;
using LlmFromScratch.Tests.Conditions;

namespace LlmFromScratch.Tests.Cli;

/// <summary>A test that runs a command on a terminal, which <c>script</c> of util-linux makes.</summary>
public sealed class TerminalFactAttribute([CallerMemberName] string? name = null)
    : ConditionalFactAttribute(OperatingSystem.IsLinux() && File.Exists("/usr/bin/script") ? null : "Needs the program script of util-linux.", name);
