namespace LlmFromScratch.Tests.Visuals.BrowserTests;

/// <summary>A test that needs Chromium or Chrome on the path; where there is none, the run shows a skip that says so.</summary>
public sealed class ChromiumFactAttribute : FactAttribute
{
    public ChromiumFactAttribute()
    {
        if (Chromium.Program is null) Skip = "no chromium or google-chrome on the path";
    }
}
