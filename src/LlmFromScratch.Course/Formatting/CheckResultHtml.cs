using System.Net;
using System.Text;

namespace LlmFromScratch.Course.Formatting;

/// <summary>
/// A result as a small card. Colour is never the only sign: the mark and the words say the same. Text takes the page's own colours, so it
/// can be read in a light and in a dark theme.
/// </summary>
internal static class CheckResultHtml
{
    /// <summary>The card as an HTML fragment.</summary>
    public static string Render(CheckResult result)
    {
        (string state, string colour) = result.Outcome switch // Okabe and Ito 2008: told apart with any common colour blindness
        {
            CheckOutcome.Passed => ("passed", "#009E73"),
            CheckOutcome.Failed => ("not right yet", "#D55E00"),
            _ => ("not done yet", "#8a8f98"),
        };
        string label = WebUtility.HtmlEncode($"Exercise {result.ExerciseId}: {state}");
        var html = new StringBuilder();
        html.Append($"<div role=\"group\" aria-label=\"{label}\" style=\"border-left:4px solid {colour};padding:.3em .9em;margin:.3em 0;max-width:52em;line-height:1.45\">");
        html.Append($"<div><strong>{result.Mark} {WebUtility.HtmlEncode(result.ExerciseId)}</strong>&ensp;{WebUtility.HtmlEncode(result.Title)}</div>");
        html.Append($"<div>{WebUtility.HtmlEncode(Sentence(result.Finding))}</div>");
        if (result.FailingCall is not null)
            html.Append($"<div style=\"margin-top:.35em\">The case: <code style=\"white-space:pre-wrap;overflow-wrap:anywhere\">{WebUtility.HtmlEncode(result.FailingCall)}</code></div>");
        if (result.LikelyCause is not null)
            html.Append($"<div style=\"margin-top:.35em\"><strong>Likely cause:</strong> {WebUtility.HtmlEncode(result.LikelyCause)}</div>");
        foreach (string remark in result.Remarks)
            html.Append($"<div style=\"margin-top:.35em;opacity:.8\">{WebUtility.HtmlEncode(remark)}</div>");
        return html.Append("</div>").ToString();
    }

    // The finding follows a colon in the text form and stands alone here.
    private static string Sentence(string finding) => char.ToUpperInvariant(finding[0]) + finding[1..];
}
