using System.Net;
using System.Security.Cryptography;
using System.Text;
using LlmFromScratch.Formats;

namespace LlmFromScratch.Training.Data.Fetching;

/// <summary>
/// Fetches a file over HTTP so that it is under its name only when it is whole and its hash is right. What has come stays in a .part file: after a cut connection, an
/// interruption or a crash the next fetch asks for the rest, and begins anew where the server cannot give it or the file has changed.
/// </summary>
/// <param name="client">Sends the requests.</param>
public sealed class FileDownload(HttpClient client)
{
    private const int Attempts = 5; // times that a connection may be cut before a fetch gives up
    private static readonly TimeSpan StallTime = TimeSpan.FromSeconds(60); // a connection without bytes for so long counts as cut

    /// <summary>Fetches.</summary>
    /// <param name="request">What and where to.</param>
    /// <param name="progress">Told about every block of 64 KiB; null for nobody.</param>
    /// <param name="cancellationToken">Stops the fetch; what has come is kept for the next one.</param>
    /// <exception cref="HttpRequestException">The server cannot be reached, refuses, or cuts the connection again and again.</exception>
    /// <exception cref="InvalidDataException">The file, the fetched one or one that was there, has not the size or the hash expected.</exception>
    /// <exception cref="OperationCanceledException">The fetch was stopped.</exception>
    public async Task<DownloadResult> RunAsync(DownloadRequest request, IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        string? expected = request.Sha256 ?? ReadPin(request.PinPath);
        if (File.Exists(request.Path))
        {
            string present = HashOf(request.Path);
            if (expected is not null && present != expected)
                throw new InvalidDataException($"{request.Path}: expected sha256 {expected}, got {present}. Delete the file to fetch it again{PinHint(request)}.");
            if (expected is null) WritePin(request, present);
            return new DownloadResult(new FileInfo(request.Path).Length, present, AlreadyThere: true, NewlyPinned: expected is null);
        }
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(request.Path))!); // not null: a full path to a file has a folder
        await FetchAsync(request, progress, cancellationToken);
        long bytes = new FileInfo(request.PartPath).Length;
        string hash = HashOf(request.PartPath);
        if ((request.Bytes is long size && size != bytes) || (expected is not null && expected != hash))
        {
            DeletePart(request);
            throw new InvalidDataException($"{request.Address}: expected {request.Bytes?.ToString() ?? "any number of"} bytes with sha256 {expected ?? "unknown"}, "
                + $"got {bytes} with {hash}. The fetched bytes were deleted{PinHint(request)}.");
        }
        if (expected is null) WritePin(request, hash);
        File.Move(request.PartPath, request.Path);
        File.Delete(request.StatePath);
        return new DownloadResult(bytes, hash, AlreadyThere: false, NewlyPinned: expected is null);
    }

    private async Task FetchAsync(DownloadRequest request, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            PartState? state = PartState.Read(request.StatePath);
            long offset = state?.Address == request.Address.ToString() && File.Exists(request.PartPath) ? new FileInfo(request.PartPath).Length : 0;
            if (offset > 0 && offset == state?.Bytes) return; // whole already; only the rename is missing
            using HttpRequestMessage message = new(HttpMethod.Get, request.Address);
            if (offset == 0 || !state!.TryAskForRest(message, offset)) offset = 0; // not null: the offset is above 0
            using HttpResponseMessage response = await SendAsync(message, request, cancellationToken);
            bool continues = response.StatusCode == HttpStatusCode.PartialContent;
            if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable || (continues && !Fits(response, state, offset)))
                DeletePart(request); // the file is another one by now: the next attempt takes it from its beginning
            else if (await ReceiveAsync(response, request, continues ? offset : 0, progress, cancellationToken)) return;
            if (attempt == Attempts)
                throw new HttpRequestException($"{request.Address}: the connection was cut {Attempts} times. What has come is kept; fetch again to go on from there.");
        }
    }

    private static bool Fits(HttpResponseMessage response, PartState? state, long offset) =>
        state is not null && offset > 0 && response.Content.Headers.ContentRange?.From == offset && state.IsSameVersion(response);

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage message, DownloadRequest request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (Exception error) when (error is HttpRequestException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new HttpRequestException($"{request.Address.Host} cannot be reached: {error.Message} Is this machine offline? "
                + $"The file can also be fetched elsewhere and put at {request.Path}.", error);
        }
        if (response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable) return response;
        using (response) throw new HttpRequestException($"{request.Address}: expected the file, got the answer {(int)response.StatusCode} {response.ReasonPhrase}.");
    }

    // Whether all bytes came; false when the connection was cut.
    private static async Task<bool> ReceiveAsync(
        HttpResponseMessage response, DownloadRequest request, long offset, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        long? total = offset == 0 ? response.Content.Headers.ContentLength : response.Content.Headers.ContentRange?.Length;
        if (request.Bytes is long size && total is long announced && announced != size)
            throw new InvalidDataException($"{request.Address}: expected {size} bytes, but the server announces {announced}.");
        if (offset == 0)
        {
            File.Delete(request.PartPath); // first, so that old bytes never stand beside a new state
            PartState.Of(request.Address.ToString(), response).Write(request.StatePath);
        }
        await using FileStream part = new(request.PartPath, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
        part.Position = offset;
        await using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
        byte[] buffer = new byte[1 << 16];
        while (await ReadAsync(body, buffer, cancellationToken) is int read)
        {
            if (read == 0) return total is null || part.Length == total;
            await part.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            progress?.Report(new DownloadProgress(part.Position, total));
        }
        return false;
    }

    // Null when the connection is cut or stalls.
    private static async Task<int?> ReadAsync(Stream body, byte[] buffer, CancellationToken cancellationToken)
    {
        using CancellationTokenSource stall = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stall.CancelAfter(StallTime);
        try
        {
            return await body.ReadAsync(buffer, stall.Token);
        }
        catch (Exception error) when (error is IOException or HttpRequestException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    private static void DeletePart(DownloadRequest request)
    {
        File.Delete(request.PartPath);
        File.Delete(request.StatePath);
    }

    private static string HashOf(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private static string? ReadPin(string path) => File.Exists(path) ? File.ReadAllText(path).Split(' ')[0].Trim() : null;

    private static void WritePin(DownloadRequest request, string hash) =>
        AtomicFile.Write(request.PinPath, stream => stream.Write(Encoding.UTF8.GetBytes($"{hash}  {Path.GetFileName(request.Path)}\n")));

    private static string PinHint(DownloadRequest request) =>
        request.Sha256 is null ? $"; if it was changed on purpose, delete {request.PinPath} too" : "";
}
