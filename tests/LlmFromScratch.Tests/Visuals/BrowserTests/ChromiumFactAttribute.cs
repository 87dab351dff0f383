using System.Runtime.CompilerServices;
using LlmFromScratch.Tests.Conditions;

namespace LlmFromScratch.Tests.Visuals.BrowserTests;

/// <summary>A test that needs Chromium or Chrome on the path.</summary>
public sealed class ChromiumFactAttribute([CallerMemberName] string? name = null) : ConditionalFactAttribute(Chromium.Program is null ? "no chromium or google-chrome on the path" : null, name);
