using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LlmFromScratch.Notebooks.Model;

namespace LlmFromScratch.Tests.Visuals.BrowserTests;

/// <summary>Every widget that a chapter stores, as it lies in the notebook: it mounts in a real browser, answers to a click, and writes nothing to the console.</summary>
public sealed class ChapterWidgetBrowserTests
{
    // A control has answered when the page of its widget has changed. A control at its end (the last step, the draw of one) may stay as it is.
    private const string TryEveryControl = """
        const look = (root) => root.querySelector(".lfs-stage").innerHTML + [...root.querySelectorAll("input")].map((input) => input.checked + input.value).join();
        return [...document.querySelectorAll(".lfs-widget")].map((root) => {
          const answered = {};
          const act = (kind, control, what) => {
            if (!control || control.disabled) return;
            const before = look(root);
            what(control);
            answered[kind] = (answered[kind] ?? 0) + (look(root) === before ? 0 : 1);
          };
          const all = (selector) => [...root.querySelectorAll(".lfs-stage " + selector)];
          for (let i = 0; i < all("button").length; i++) act("button", all("button")[i], (button) => button.click());
          for (const box of all("input[type=checkbox]")) act("checkbox", box, (input) => input.click());
          for (const range of all("input[type=range]")) act("slider", range, (input) => {
            input.value = Number(input.value) === Number(input.max) ? input.min : input.max;
            input.dispatchEvent(new Event("input", { bubbles: true }));
          });
          for (const list of all("select")) act("list", list, (select) => {
            select.selectedIndex = select.options.length - 1;
            select.dispatchEvent(new Event("change", { bubbles: true }));
          });
          for (let i = 0; i < all(".lfs-word").length; i++) act("word", all(".lfs-word")[i], (word) => word.dispatchEvent(new MouseEvent("click", { bubbles: true })));
          return { id: root.id, answered, isDrawn: all("*").length > 5 };
        });
        """;

    [ChromiumFact]
    public void Chapters_EveryStoredWidget_AnswersToAClick()
    {
        List<(string Notebook, string Html)> widgets = [.. Directory.GetFiles(Path.Combine(TestData.SolutionFolder, "notebooks"), "*.ipynb").Order(StringComparer.Ordinal)
            .SelectMany(file => Stored(file).Select(html => (Path.GetFileName(file), html)))];
        Assert.InRange(widgets.Select(widget => widget.Notebook).Distinct().Count(), 7, 21); // chapter 05 has figures only
        JsonElement found = Chromium.Run(string.Concat(widgets.Select(widget => widget.Html)), TryEveryControl);
        Assert.Equal(widgets.Count, found.GetArrayLength());
        foreach (((string notebook, _), JsonElement widget) in widgets.Zip(found.EnumerateArray()))
        {
            Assert.True(widget.GetProperty("isDrawn").GetBoolean(), $"{notebook}: {widget} is empty");
            Dictionary<string, int> answered = widget.GetProperty("answered").EnumerateObject().ToDictionary(kind => kind.Name, kind => kind.Value.GetInt32());
            // Chips without merges have nothing to click: they only show.
            bool onlyShows = widget.GetProperty("id").GetString()!.StartsWith("lfs-tokens-", StringComparison.Ordinal) && answered.Count == 0; // not null: a text
            Assert.True(onlyShows || (answered.Count > 0 && answered.Values.All(count => count > 0)), $"{notebook}: {widget}: a kind of control does not answer");
        }
    }

    private static IEnumerable<string> Stored(string file) =>
        from cell in NotebookFile.Load(file).Cells
        where cell.IsCode
        from output in cell.Outputs
        let html = NotebookJson.FromLines((output?["data"] as JsonObject)?["text/html"])
        where html is not null && Regex.IsMatch(html, "class=\"lfs-widget ")
        select html;
}
