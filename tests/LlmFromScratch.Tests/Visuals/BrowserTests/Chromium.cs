using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace LlmFromScratch.Tests.Visuals.BrowserTests;

/// <summary>Opens a page from a file in a headless browser, lets a script click in it, and reads what the script found. Needs no driver.</summary>
internal static class Chromium
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90); // a start takes one or two seconds; a busy machine many more

    private static readonly string[] Arguments =
    [
        "--headless", "--dump-dom", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    ];

    /// <summary>The browser's path, or null where there is none.</summary>
    public static string? Program { get; } = (
        from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        from name in new[] { "chromium", "chromium-browser", "google-chrome" }
        let path = Path.Combine(folder, name)
        where File.Exists(path)
        select path).FirstOrDefault();

    /// <summary>
    /// Runs <paramref name="script"/>, the body of a function that returns an object, after the page is complete. Fails when anything threw
    /// or was written as an error or a warning to the console.
    /// </summary>
    public static JsonElement Run(string body, string script)
    {
        string folder = Directory.CreateTempSubdirectory("llmfs-browser-").FullName;
        try
        {
            string page = Path.Combine(folder, "page.html");
            File.WriteAllText(page, Page(body, script));
            Match match = Regex.Match(Dump(page, folder), """<pre id="result">(.*?)</pre>""", RegexOptions.Singleline);
            Assert.True(match.Success, "the page did not reach the end of its script");
            JsonElement result = JsonDocument.Parse(WebUtility.HtmlDecode(match.Groups[1].Value)).RootElement;
            Assert.Equal("[]", result.GetProperty("errors").GetRawText());
            return result.GetProperty("found");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Page(string body, string script) => $$"""
        <!doctype html><html lang="en"><head><meta charset="utf-8"><title>test</title><script>
        const errors = [];
        addEventListener("error", (event) => errors.push(event.message));
        for (const name of ["error", "warn"]) console[name] = (...texts) => errors.push(texts.join(" "));
        </script></head><body>{{body}}<script>
        let found = null;
        try { found = (function () { {{script}} })(); } catch (error) { errors.push(String(error)); }
        const result = document.createElement("pre");
        result.id = "result";
        result.textContent = JSON.stringify({ errors, found });
        document.body.append(result);
        </script></body></html>
        """;

    private static string Dump(string page, string folder)
    {
        string[] arguments = [.. Arguments, $"--user-data-dir={Path.Combine(folder, "profile")}", new Uri(page).AbsoluteUri];
        var start = new ProcessStartInfo(Program ?? throw new InvalidOperationException("no browser"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException("the browser did not start");
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"the browser did not end within {Limit.TotalSeconds} s");
        }
        Assert.True(process.ExitCode == 0, error.Result);
        return output.Result;
    }
}
