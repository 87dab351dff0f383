using System.Text.Json;
using LlmFromScratch.Visuals.Widgets;

namespace LlmFromScratch.Tests.Visuals.BrowserTests;

/// <summary>The three widgets in a real browser, from a file: they mount, answer to clicks and keys, and write nothing to the console.</summary>
public sealed class WidgetBrowserTests
{
    private static readonly SamplerWidget Sampler = new("Once", [" a", " the", "</script><img src=x onerror=\"throw 1\">"], [1f, 3f, 2f]);

    private static readonly AttentionWidget Attention =
        new(["a", " b", " c"], [1, 0, 0, 0.25f, 0.75f, 0, 0.5f, 0.3f, 0.2f], 1, 1, [0, 0, 0, 0, 1, 0, 2, 1, 0]);

    private static readonly TokenChipsWidget Chips = new(["ab", "abc"], [7, 9], [["a", "b", "a", "b", "c"], ["ab", "ab", "c"], ["ab", "abc"]]);

    [ChromiumFact]
    public void Sampler_SampleAndSliders_ChangeThePage()
    {
        JsonElement found = Chromium.Run(Sampler.ToHtml(), """
            const root = document.querySelector(".lfs-sampler"), text = (selector) => root.querySelector(selector).textContent;
            const [sample, hundred, reset] = root.querySelectorAll("button"), [temperature, k] = root.querySelectorAll("input");
            const set = (input, value) => { input.value = value; input.dispatchEvent(new Event("input")); };
            const out = { before: text(".lfs-facts"), rows: root.querySelectorAll("tbody tr").length, images: root.querySelectorAll("img").length };
            sample.click();
            out.drawn = text(".lfs-drawn");
            hundred.click();
            out.after = text(".lfs-facts");
            set(k, 2);
            out.topK = text(".lfs-facts");
            out.lost = root.querySelectorAll(".lfs-lost").length;
            set(temperature, 0);
            out.greedy = text(".lfs-facts");
            return out;
            """);
        Assert.Equal((3, 0), (found.GetProperty("rows").GetInt32(), found.GetProperty("images").GetInt32()));
        Assert.StartsWith("3 of 3 survive", found.GetProperty("before").GetString());
        Assert.EndsWith("0 draws", found.GetProperty("before").GetString());
        Assert.NotEqual("", found.GetProperty("drawn").GetString());
        Assert.EndsWith("101 draws", found.GetProperty("after").GetString());
        Assert.StartsWith("2 of 3 survive", found.GetProperty("topK").GetString());
        Assert.Equal(1, found.GetProperty("lost").GetInt32());
        Assert.StartsWith("1 of 3 survive0.00 bits", found.GetProperty("greedy").GetString());
    }

    [ChromiumFact]
    public void Attention_QueryKeysAndMask_ChangeTheBars()
    {
        JsonElement found = Chromium.Run(Attention.ToHtml(), """
            const root = document.querySelector(".lfs-attention");
            const bars = () => [...root.querySelectorAll(".lfs-bars .lfs-number")].map((cell) => cell.textContent).join();
            const queries = root.querySelectorAll("[role=radio]"), mask = root.querySelector("input[type=checkbox]"), map = root.querySelector(".lfs-map");
            const key = (target, name) => target.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true }));
            const out = { last: bars() };
            queries[1].click();
            out.second = bars();
            key(queries[1], "ArrowLeft");
            out.first = bars();
            mask.click();
            out.unmasked = bars();
            key(map, "ArrowDown"); key(map, "ArrowDown"); key(map, "ArrowRight");
            out.readout = root.querySelector(".lfs-readout").textContent;
            return out;
            """);
        Assert.Equal("0.500,0.300,0.200", found.GetProperty("last").GetString());
        Assert.Equal("0.250,0.750,0.000", found.GetProperty("second").GetString());
        Assert.Equal("1.000,0.000,0.000", found.GetProperty("first").GetString());
        Assert.Equal("0.333,0.333,0.333", found.GetProperty("unmasked").GetString()); // three equal scores
        Assert.StartsWith("·b → ·b: 0.576", found.GetProperty("readout").GetString()); // softmax of 0, 1, 0: e / (e + 2) = 0.5761
    }

    [ChromiumFact]
    public void TokenChips_ButtonsAndKeys_ApplyOneMergeAtATime()
    {
        JsonElement found = Chromium.Run(Chips.ToHtml(), """
            const root = document.querySelector(".lfs-tokens"), next = root.querySelectorAll("button")[1];
            const chips = () => [...root.querySelectorAll(".lfs-chip .lfs-token")].map((chip) => chip.textContent).join("|");
            const out = { start: chips() };
            next.click();
            out.one = chips();
            out.fresh = root.querySelectorAll(".lfs-fresh").length;
            next.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true, cancelable: true }));
            next.click(); // there is no third merge
            out.end = chips();
            out.ids = [...root.querySelectorAll(".lfs-id")].map((id) => id.textContent).join();
            out.facts = root.querySelector(".lfs-facts").textContent;
            return out;
            """);
        Assert.Equal("a|b|a|b|c", found.GetProperty("start").GetString());
        Assert.Equal("ab|ab|c", found.GetProperty("one").GetString());
        Assert.Equal(2, found.GetProperty("fresh").GetInt32());
        Assert.Equal("ab|abc", found.GetProperty("end").GetString());
        Assert.Equal("7,9", found.GetProperty("ids").GetString());
        Assert.Equal("2 tokens5 bytes2.50 bytes per token", found.GetProperty("facts").GetString());
    }

    [ChromiumFact]
    public void ManyWidgets_OnOnePage_AllMountOnce()
    {
        string page = Sampler.ToHtml() + Attention.ToHtml() + Chips.ToHtml() + Chips.ToHtml();
        JsonElement found = Chromium.Run(page, """return [...document.querySelectorAll(".lfs-stage")].map((stage) => stage.querySelectorAll(".lfs-facts, .lfs-map").length);""");
        Assert.Equal("[1,1,1,1]", found.GetRawText());
    }
}
