using System.Runtime.CompilerServices;
using LlmFromScratch.Notebooks.Jupyter.Messaging;
using LlmFromScratch.Tests.Conditions;

namespace LlmFromScratch.Tests.Notebooks.Jupyter;

/// <summary>A test that needs ZeroMQ's library.</summary>
public sealed class ZmqFactAttribute([CallerMemberName] string? name = null) : ConditionalFactAttribute(ZmqApi.IsAvailable ? null : "ZeroMQ: libzmq is not installed", name);
