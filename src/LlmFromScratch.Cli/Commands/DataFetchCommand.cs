using System.CommandLine;
using System.Globalization;
using LlmFromScratch.Training.Data.Fetching;

namespace LlmFromScratch.Cli.Commands;

/// <summary><c>llmfs data fetch</c>: fetches a published text into data/cache, with its hash checked.</summary>
internal static class DataFetchCommand
{
    public static Command Create()
    {
        Argument<string> name = new("NAME")
        {
            Description = "The set: " + string.Join("; ", PublicDataSets.All.Select(set => $"{set.Name} ({set.Description}; {set.Licence})"))
                + "; or any http(s) address, whose hash is pinned by the first fetch.",
        };
        Option<string?> from = new("--from") { Description = "Another address of the same file, a mirror; size and hash must be those that are known." };
        Option<FileInfo?> output = new("--output", "-o") { Description = "The file to write; without it, its name in data/cache." };
        Command command = new("fetch", "Fetch a published set; goes on where an earlier fetch was cut.") { name, from, output };
        command.SetAction(async (parsed, cancellation) =>
        {
            DownloadRequest request = Request(parsed.GetRequiredValue(name), parsed.GetValue(from), parsed.GetValue(output)?.FullName);
            using HttpClient client = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(20) }) { Timeout = Timeout.InfiniteTimeSpan };
            DownloadResult result;
            using (FetchProgress? progress = Console.IsErrorRedirected ? null : new FetchProgress())
                result = await new FileDownload(client).RunAsync(request, progress, cancellation);
            string how = result switch
            {
                { NewlyPinned: true } => $"no hash was known; this one is pinned in {request.PinPath}, and a later fetch must match it",
                { AlreadyThere: true } => "it was there already; the hash is right",
                _ => "the hash is right",
            };
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{request.Path}: {result.Bytes:N0} bytes, sha256 {result.Sha256}: {how}"));
            return 0;
        });
        return command;
    }

    private static DownloadRequest Request(string name, string? from, string? output)
    {
        if (PublicDataSets.All.FirstOrDefault(set => set.Name == name) is PublicDataSet known)
            return new DownloadRequest(from is null ? known.Address : Address(from, "--from"), output ?? Path.Combine("data", "cache", known.FileName))
            {
                Bytes = known.Bytes, Sha256 = known.Sha256,
            };
        Uri address = Address(name, "NAME");
        if (from is not null) throw new ArgumentException("--from: expected with the name of a known set, got it with an address.");
        string file = Path.GetFileName(address.LocalPath);
        if (output is null && file.Length == 0) throw new ArgumentException($"{name}: the address ends without a file name; say --output FILE.");
        return new DownloadRequest(address, output ?? Path.Combine("data", "cache", file));
    }

    private static Uri Address(string text, string what)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https") return address;
        string names = what == "NAME" ? string.Join(", ", PublicDataSets.All.Select(set => set.Name)) + " or " : "";
        throw new ArgumentException($"{what} {text}: expected {names}an address that begins with http:// or https://.");
    }
}
