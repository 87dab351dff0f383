using System.Net.Sockets;
using System.Security.Cryptography;
using LlmFromScratch.Tests.Training.Data.Pipeline;
using LlmFromScratch.Training.Data.Fetching;

namespace LlmFromScratch.Tests.Training.Data.Fetching;

public sealed class FileDownloadTests : IDisposable
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 31 % 251))];

    private readonly TemporaryFolder _folder = new();
    private readonly LocalFileServer _server = new(Content);
    private readonly HttpClient _client = new();

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Run_KnownHash_WritesTheFileAndNothingElse()
    {
        List<DownloadProgress> seen = [];
        DownloadResult result = await Fetch(Request(), new Recorder(seen.Add));
        Assert.Equal(new DownloadResult(Content.Length, HashOf(Content), AlreadyThere: false, NewlyPinned: false), result);
        Assert.Equal(Content, File.ReadAllBytes(_folder.PathOf("tales.txt")));
        Assert.Equal(["tales.txt"], _folder.Names);
        Assert.Equal(new DownloadProgress(Content.Length, Content.Length), seen[^1]);
        Assert.True((await Fetch(Request())).AlreadyThere);
        Assert.Single(_server.Ranges);
    }

    [Fact]
    public async Task Run_CutOnce_AsksForTheRestAtOnce()
    {
        _server.Cuts.Enqueue(100_000);
        Assert.Equal(HashOf(Content), (await Fetch(Request())).Sha256);
        Assert.Equal(["-", "bytes=100000-"], _server.Ranges);
    }

    [Fact]
    public async Task Run_CutAgainAndAgain_KeepsWhatCameForTheNextFetch()
    {
        foreach (int most in (int[])[50_000, 10_000, 10_000, 10_000, 10_000]) _server.Cuts.Enqueue(most);
        Assert.Contains("cut 5 times", (await Assert.ThrowsAsync<HttpRequestException>(() => Fetch(Request()))).Message);
        Assert.Equal(["tales.txt.part", "tales.txt.part.json"], _folder.Names);
        await Fetch(Request());
        Assert.Equal("bytes=90000-", _server.Ranges[^1]);
        Assert.Equal(["tales.txt"], _folder.Names);
    }

    [Fact]
    public async Task Run_ServerWithoutRanges_BeginsAnew()
    {
        await Interrupt();
        _server.HasRanges = false;
        Assert.Equal(HashOf(Content), (await Fetch(Request())).Sha256);
    }

    [Fact]
    public async Task Run_ServerWithoutValidator_BeginsAnew()
    {
        _server.EntityTag = null;
        await Interrupt();
        Assert.Equal(HashOf(Content), (await Fetch(Request())).Sha256);
        Assert.All(_server.Ranges, range => Assert.Equal("-", range)); // whether two parts belong together, nobody could know
    }

    [Theory]
    [InlineData("\"v1\"", "\"v2\"")] // If-Range fails: the server sends the whole new file
    [InlineData("W/\"v1\"", "W/\"v2\"")] // a weak tag is compared here
    public async Task Run_FileChangedMeanwhile_TakesTheNewOne(string before, string after)
    {
        _server.EntityTag = before;
        await Interrupt();
        (_server.EntityTag, _server.Content) = (after, [.. Content.Reverse()]);
        byte[] changed = _server.Content;
        DownloadResult result = await Fetch(Request() with { Sha256 = HashOf(changed) });
        Assert.Equal(HashOf(changed), result.Sha256);
    }

    [Fact]
    public async Task Run_FileIsShorterNow_TakesTheNewOne()
    {
        await Interrupt();
        _server.Content = Content[..1000]; // the rest from byte 60,000 on cannot be had: 416
        Assert.Equal(1000, (await Fetch(Request() with { Sha256 = HashOf(Content[..1000]), Bytes = 1000 })).Bytes);
    }

    [Fact]
    public async Task Run_AllBytesCameButNoRename_NeedsNoRequest()
    {
        await Interrupt();
        File.WriteAllBytes(_folder.PathOf("tales.txt.part"), Content);
        int requests = _server.Ranges.Count;
        Assert.Equal(HashOf(Content), (await Fetch(Request())).Sha256);
        Assert.Equal(requests, _server.Ranges.Count);
    }

    [Fact]
    public async Task Run_WrongHash_DeletesWhatCame()
    {
        DownloadRequest request = Request() with { Sha256 = HashOf([1]) };
        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(() => Fetch(request));
        Assert.Contains($"sha256 {HashOf([1])}, got {Content.Length} with {HashOf(Content)}", error.Message);
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public async Task Run_WrongSize_EndsBeforeTheBytesCome()
    {
        Assert.Contains("announces 300000", (await Assert.ThrowsAsync<InvalidDataException>(() => Fetch(Request() with { Bytes = 5 }))).Message);
        _server.SaysLength = false;
        Assert.Contains("expected 5 bytes", (await Assert.ThrowsAsync<InvalidDataException>(() => Fetch(Request() with { Bytes = 5 }))).Message);
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public async Task Run_NoKnownHash_PinsTheFirstOne()
    {
        DownloadRequest request = Request() with { Sha256 = null };
        Assert.True((await Fetch(request)).NewlyPinned);
        Assert.Equal($"{HashOf(Content)}  tales.txt\n", File.ReadAllText(request.PinPath));
        File.Delete(request.Path);
        Assert.False((await Fetch(request)).NewlyPinned);
        File.Delete(request.Path);
        _server.Content = Content[1..];
        Assert.Contains($"delete {request.PinPath}", (await Assert.ThrowsAsync<InvalidDataException>(() => Fetch(request))).Message);
        Assert.Equal(["tales.txt.sha256"], _folder.Names);
    }

    [Fact]
    public async Task Run_SpoiledFileIsThere_SaysSoAndLeavesIt()
    {
        _folder.With("tales.txt", "spoiled");
        Assert.Contains("Delete the file to fetch it again", (await Assert.ThrowsAsync<InvalidDataException>(() => Fetch(Request()))).Message);
        Assert.Equal("spoiled", File.ReadAllText(_folder.PathOf("tales.txt")));
    }

    [Fact]
    public async Task Run_Refused_SaysTheCode()
    {
        _server.Refusal = 404;
        Assert.Contains("got the answer 404", (await Assert.ThrowsAsync<HttpRequestException>(() => Fetch(Request()))).Message);
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public async Task Run_NobodyListens_AsksWhetherTheMachineIsOffline()
    {
        DownloadRequest request = Request() with { Address = ClosedAddress() };
        Assert.Contains("Is this machine offline?", (await Assert.ThrowsAsync<HttpRequestException>(() => Fetch(request))).Message);
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public async Task Run_Cancelled_KeepsWhatCame()
    {
        using CancellationTokenSource cancel = new();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new FileDownload(_client).RunAsync(Request(), new Recorder(_ => cancel.Cancel()), cancel.Token));
        Assert.Equal(["tales.txt.part", "tales.txt.part.json"], _folder.Names);
        await Fetch(Request());
        Assert.StartsWith("bytes=", _server.Ranges[^1]);
    }

    /// <summary>An address at which nobody listens.</summary>
    internal static Uri ClosedAddress()
    {
        using TcpListener listener = new(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        Uri address = new($"http://127.0.0.1:{((System.Net.IPEndPoint)listener.LocalEndpoint).Port}/x.txt");
        listener.Stop();
        return address;
    }

    // Leaves 60,000 bytes in the .part file.
    private async Task Interrupt()
    {
        using CancellationTokenSource cancel = new();
        _server.Cuts.Enqueue(60_000);
        Recorder stopAtCut = new(progress =>
        {
            if (progress.Done >= 60_000) cancel.Cancel();
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new FileDownload(_client).RunAsync(Request(), stopAtCut, cancel.Token));
    }

    private Task<DownloadResult> Fetch(DownloadRequest request, IProgress<DownloadProgress>? progress = null) => new FileDownload(_client).RunAsync(request, progress);

    private DownloadRequest Request() => new(_server.Address, _folder.PathOf("tales.txt")) { Sha256 = HashOf(Content) };

    private static string HashOf(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private sealed class Recorder(Action<DownloadProgress> report) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value) => report(value);
    }
}
