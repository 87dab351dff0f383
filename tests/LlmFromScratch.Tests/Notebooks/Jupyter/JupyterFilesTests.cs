using System.Text;
using System.Text.Json.Nodes;
using LlmFromScratch.Notebooks.Jupyter;
using LlmFromScratch.Notebooks.Jupyter.Messaging;
using LlmFromScratch.Tests.Cli;

namespace LlmFromScratch.Tests.Notebooks.Jupyter;

/// <summary>What the kernel reads and writes on disk and on the wire, without a kernel that runs.</summary>
public sealed class JupyterFilesTests : IDisposable
{
    private const string Connection = """
        { "transport": "tcp", "ip": "127.0.0.1", "key": "k", "signature_scheme": "hmac-sha256",
          "shell_port": 1, "control_port": 2, "iopub_port": 3, "stdin_port": 4, "hb_port": 5 }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void ConnectionFile_AsJupyterWritesIt_IsRead() =>
        Assert.Equal(new ConnectionInfo("127.0.0.1", "k", 1, 2, 3, 4, 5), ConnectionInfo.Load(Write(Connection)));

    [Theory]
    [InlineData("\"127.0.0.1\"", "\"0.0.0.0\"", "serves only this machine")]
    [InlineData("\"127.0.0.1\"", "\"192.168.1.5\"", "serves only this machine")]
    [InlineData("\"k\"", "\"\"", "key is empty")]
    [InlineData("\"tcp\"", "\"ipc\"", "transport is 'ipc'; supported: tcp")]
    [InlineData("hmac-sha256", "none", "signature_scheme is 'none'; supported: hmac-sha256")]
    [InlineData("\"hb_port\": 5", "\"hb_port\": 70000", "hb_port: expected a port from 1 to 65535, got 70000")]
    [InlineData("\"hb_port\": 5", "\"other\": 5", "hb_port: expected a port from 1 to 65535, got nothing")]
    [InlineData("{", "[", "expected a connection file in JSON")]
    public void ConnectionFile_Wrong_IsRefusedByName(string part, string replacement, string expected)
    {
        string file = Write(Connection.Replace(part, replacement));
        Exception refusal = Assert.ThrowsAny<Exception>(() => ConnectionInfo.Load(file));
        Assert.True(refusal is InvalidDataException or NotSupportedException, refusal.ToString());
        Assert.Contains(expected, refusal.Message);
    }

    [Fact]
    public void Wire_Message_RoundTripsAndKeepsIdentities()
    {
        JupyterWire wire = new("secret");
        JupyterMessage? message = wire.Read([.. wire.Write([[1, 2]], "some_request", null, new JsonObject { ["code"] = "π" })], out string? refusal);
        Assert.Null(refusal);
        Assert.Equal(("some_request", "π"), (message!.Type, message.ContentText("code")));
        Assert.Equal(new byte[] { 1, 2 }, Assert.Single(message.Identities));
    }

    [Fact]
    public void Wire_ChangedContent_IsRefused()
    {
        JupyterWire wire = new("secret");
        List<byte[]> parts = [.. wire.Write([], "execute_request", null, new JsonObject { ["code"] = "1" })];
        parts[^1] = Encoding.UTF8.GetBytes("{\"code\":\"2\"}");
        Assert.Null(wire.Read(parts, out string? refusal));
        Assert.Contains("signature", refusal);
    }

    [Fact]
    public void Wire_TooFewParts_AreRefused()
    {
        Assert.Null(new JupyterWire("secret").Read(["<IDS|MSG>"u8.ToArray(), [1]], out string? refusal));
        Assert.Contains("got 2 parts", refusal);
    }

    [ZmqFact]
    public void KernelCommand_InstallAndUninstall_TouchOnlyTheirOwnSpec()
    {
        (string, string) data = ("JUPYTER_DATA_DIR", _folder);
        Assert.Equal(0, CommandLine.Run("", ["kernel", "install"], data).ExitCode);
        JsonNode spec = JsonNode.Parse(File.ReadAllText(Path.Combine(_folder, "kernels", "llmfs", "kernel.json")))!;
        Assert.Equal("{connection_file}", (string?)spec["argv"]!.AsArray()[^1]);
        Assert.Equal("message", (string?)spec["interrupt_mode"]);

        Directory.CreateDirectory(Path.Combine(_folder, "kernels", ".net-csharp"));
        File.WriteAllText(Path.Combine(_folder, "kernels", ".net-csharp", "kernel.json"), "{}");
        CommandLine.Result refused = CommandLine.Run("", ["kernel", "install", "--as", ".net-csharp"], data);
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("another program's kernel", refused.Error);
        Assert.Equal(2, CommandLine.Run("", ["kernel", "install", "--as", "../x"], data).ExitCode);

        Assert.Equal(0, CommandLine.Run("", ["kernel", "uninstall"], data).ExitCode);
        Assert.False(Directory.Exists(Path.Combine(_folder, "kernels", "llmfs")));
    }

    private string Write(string text)
    {
        string file = Path.Combine(_folder, "connection.json");
        File.WriteAllText(file, text);
        return file;
    }
}
