using System.Text.Json.Nodes;
using LlmFromScratch.Notebooks.Jupyter.Messaging;

namespace LlmFromScratch.Tests.Notebooks.Jupyter;

[Collection(NotebookCollection.Name)]
public sealed class JupyterKernelTests(JupyterKernelTests.SharedKernel shared) : IClassFixture<JupyterKernelTests.SharedKernel>
{
    /// <summary>One kernel for all tests but the one that stops it; started by the first test that runs.</summary>
    public sealed class SharedKernel : IDisposable
    {
        private TestFrontEnd? _front;

        internal TestFrontEnd Front()
        {
            _front ??= new TestFrontEnd();
            _front.Drain();
            return _front;
        }

        public void Dispose() => _front?.Dispose();
    }

    [ZmqFact]
    public void Execute_StateAndOutputs_AreThoseOfANotebook()
    {
        TestFrontEnd front = shared.Front();
        Assert.Equal("ok", (string?)front.Execute("int x = 6; Console.Write(\"a\"); display(HTML(\"<b>x</b>\")); x * 7")["status"]);
        Assert.Equal("execute_input", front.Broadcast()!.Type);
        JupyterMessage stream = front.Broadcast()!, display = front.Broadcast()!, result = front.Broadcast()!;
        Assert.Equal(("stream", "a"), (stream.Type, (string?)stream.Content["text"]));
        Assert.Equal(("display_data", "<b>x</b>"), (display.Type, (string?)display.Content["data"]!["text/html"]));
        Assert.Equal(("execute_result", "42"), (result.Type, (string?)result.Content["data"]!["text/plain"]));
        JsonObject next = front.Execute("x++;");
        Assert.Equal(("ok", (int)result.Content["execution_count"]! + 1), ((string?)next["status"], (int)next["execution_count"]!));
    }

    [ZmqFact]
    public void Execute_PrintedText_ArrivesWhileTheCellRuns()
    {
        TestFrontEnd front = shared.Front();
        string signal = Path.GetTempFileName();
        front.Send("execute_request", new JsonObject { ["code"] = $"Console.WriteLine(\"first\"); while (System.IO.File.Exists(@\"{signal}\")) System.Threading.Thread.Sleep(5); Console.WriteLine(\"second\");" });
        Assert.Equal("execute_input", front.Broadcast()!.Type);
        Assert.Equal("first\n", (string?)front.Broadcast()!.Content["text"]); // the cell ends only when the file is gone
        File.Delete(signal);
        Assert.Equal("second\n", (string?)front.Broadcast()!.Content["text"]);
        Assert.Equal("ok", (string?)front.Reply().Content["status"]);
    }

    [ZmqFact]
    public void Execute_UpdatedDisplay_NamesTheDisplayItReplaces()
    {
        TestFrontEnd front = shared.Front();
        front.Execute("var bar = display(\"half\"); bar.Update(\"whole\");");
        front.Broadcast(); // execute_input
        JupyterMessage display = front.Broadcast()!, update = front.Broadcast()!;
        Assert.Equal("update_display_data", update.Type);
        Assert.Equal((string?)display.Content["transient"]!["display_id"], (string?)update.Content["transient"]!["display_id"]);
        Assert.Equal("whole", (string?)update.Content["data"]!["text/plain"]);
    }

    [ZmqFact]
    public void Interrupt_EndlessCell_EndsAndTheSessionGoesOn()
    {
        TestFrontEnd front = shared.Front();
        front.Execute("int kept = 5;");
        front.Send("execute_request", new JsonObject { ["code"] = "Console.WriteLine(\"in\"); while (true) { }" });
        while (front.Broadcast()!.Type != "stream") { } // it runs
        Assert.Equal("interrupt_reply", front.Control("interrupt_request").Type);
        JsonObject interrupted = front.Reply().Content;
        Assert.Equal(("error", "Interrupted"), ((string?)interrupted["status"], (string?)interrupted["ename"]));
        Assert.Equal("ok", (string?)front.Execute("kept")["status"]);
    }

    [ZmqFact]
    public void Execute_Error_NamesTheLineAndAbortsWhatWaits()
    {
        TestFrontEnd front = shared.Front();
        int before = (int)front.Execute("1")["execution_count"]!; // the compiler is warm, so that the next two arrive together
        front.Send("execute_request", new JsonObject { ["code"] = "System.Threading.Thread.Sleep(200);\nthrow new Exception(\"boom\");" });
        front.Send("execute_request", new JsonObject { ["code"] = "2" });
        JsonObject failed = front.Reply().Content;
        Assert.Equal(("error", "System.Exception", "boom"), ((string?)failed["status"], (string?)failed["ename"], (string?)failed["evalue"]));
        Assert.Contains($"   at cell {before + 1}, line 2", failed["traceback"]!.AsArray().Select(line => (string?)line));
        Assert.Equal("aborted", (string?)front.Reply().Content["status"]);
    }

    [ZmqFact]
    public void Execute_ForgedSignature_IsNeitherRunNorAnswered()
    {
        TestFrontEnd front = shared.Front();
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        front.SendForged("execute_request", new JsonObject { ["code"] = $"System.IO.File.WriteAllText(@\"{file}\", \"\");" });
        JsonObject info = front.Request("kernel_info_request", []); // messages of one socket arrive in order: this is the first answer
        Assert.Equal("C#", (string?)info["language_info"]!["name"]);
        Assert.False(File.Exists(file));
        Assert.Contains("signature", front.Log.ToString());
    }

    [ZmqFact]
    public void Complete_MemberOfASessionVariable_ListsIt()
    {
        TestFrontEnd front = shared.Front();
        front.Execute("var words = new List<string>();");
        JsonObject reply = front.Request("complete_request", new JsonObject { ["code"] = "\"😀\"; words.AddR", ["cursor_pos"] = 15 }); // the emoji is one character, two units
        Assert.Equal(["AddRange"], reply["matches"]!.AsArray().Select(name => (string?)name));
        Assert.Equal((11, 15), ((int)reply["cursor_start"]!, (int)reply["cursor_end"]!));
    }

    [ZmqFact]
    public void Inspect_MethodOfTheLibrary_ShowsSignatureAndSummary()
    {
        TestFrontEnd front = shared.Front();
        front.Execute("#r \"./LlmFromScratch.dll\"\nusing LlmFromScratch.Numerics;");
        JsonObject reply = front.Request("inspect_request", new JsonObject { ["code"] = "new SeededRandom(1)", ["cursor_pos"] = 10 });
        Assert.True((bool?)reply["found"]);
        Assert.Contains("xoshiro256**", (string?)reply["data"]!["text/plain"]);
    }

    [ZmqFact]
    public void IsComplete_OpenBrace_IsNot()
    {
        TestFrontEnd front = shared.Front();
        Assert.Equal("incomplete", (string?)front.Request("is_complete_request", new JsonObject { ["code"] = "if (true) {" })["status"]);
        Assert.Equal("complete", (string?)front.Request("is_complete_request", new JsonObject { ["code"] = "#!time\nint x = 1;" })["status"]);
    }

    [ZmqFact]
    public void Heartbeat_Ping_ComesBack()
    {
        TestFrontEnd front = shared.Front();
        Assert.Equal("ping"u8.ToArray(), front.Echo("ping"u8.ToArray()));
    }

    [ZmqFact]
    public void Shutdown_BusyKernel_Stops()
    {
        using TestFrontEnd front = new();
        front.Send("execute_request", new JsonObject { ["code"] = "Console.WriteLine(\"in\"); while (true) { }" });
        while (front.Broadcast()!.Type != "stream") { }
        Assert.Equal("shutdown_reply", front.Control("shutdown_request").Type);
        front.WaitUntilStopped();
    }
}
