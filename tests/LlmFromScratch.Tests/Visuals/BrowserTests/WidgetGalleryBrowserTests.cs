using System.Text.Json;

namespace LlmFromScratch.Tests.Visuals.BrowserTests;

/// <summary>The newer widgets on one page of a real browser: they mount, answer to clicks, drags and keys, and write nothing to the console.</summary>
public sealed class WidgetGalleryBrowserTests
{
    [ChromiumFact]
    public void Gallery_ClicksDragsAndKeys_ChangeThePage()
    {
        JsonElement found = Chromium.Run(string.Concat(WidgetGallery.All().Select(make => make().ToHtml())), """
            const root = (name, i = 0) => document.querySelectorAll(".lfs-" + name + ".lfs-widget")[i];
            const text = (at, selector) => at.querySelector(selector).textContent;
            const button = (at, label) => [...at.querySelectorAll("button")].find((b) => b.textContent === label).click();
            const set = (input, value) => { input.value = value; input.dispatchEvent(new Event("input")); };
            const key = (target, name) => target.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true }));
            const out = { images: document.querySelectorAll("img").length };

            const descent = root("descent");
            button(descent, "20 steps");
            out.descent = text(descent, ".lfs-facts");
            set(descent.querySelector("input"), 0.3);
            out.fast = text(descent, ".lfs-story");
            key(descent.querySelector("svg"), "ArrowLeft");
            out.moved = descent.querySelector("svg").getAttribute("aria-valuenow");
            const plot = descent.querySelector("svg"), box = plot.getBoundingClientRect();
            plot.dispatchEvent(new PointerEvent("pointerdown", { clientX: box.left + box.width / 2, clientY: box.top + 5, buttons: 1 }));
            out.dragged = Number(plot.getAttribute("aria-valuenow"));

            const shaper = root("distribution");
            out.entropy = text(shaper, ".lfs-facts");
            button(shaper, "Even");
            out.even = text(shaper, ".lfs-facts");
            button(shaper, "Certain");
            out.certain = text(shaper, ".lfs-facts");
            const truth = root("distribution", 1);
            button(truth, "The truth");
            out.truth = text(truth, ".lfs-facts");

            const loss = root("loss");
            loss.querySelectorAll(".lfs-strip button")[1].click();
            out.loss = text(loss, ".lfs-facts");

            const cache = root("kv-cache");
            button(cache, "Next token ›");
            button(cache, "Next token ›");
            out.cached = text(cache, ".lfs-facts");
            cache.querySelector("input[type=checkbox]").click();
            out.uncached = text(cache, ".lfs-facts");

            const block = root("block");
            out.first = text(block, "h4");
            button(block, "Next ›");
            out.second = text(block, "h4") + text(block, ".lfs-facts");

            const space = root("embedding");
            out.cosine = text(space, ".lfs-facts");
            const before = space.querySelector(".lfs-word").getAttribute("transform");
            key(space.querySelector("svg"), "ArrowLeft");
            out.turned = before !== space.querySelector(".lfs-word").getAttribute("transform");
            [...space.querySelectorAll(".lfs-word")].find((word) => word.textContent.startsWith("<")).dispatchEvent(new MouseEvent("click"));
            out.other = text(space, ".lfs-facts");

            const network = root("network");
            out.xor = text(network, ".lfs-actions .lfs-facts");
            set(network.querySelector("input[type=range]"), 1);
            out.both = text(network, ".lfs-actions .lfs-facts");
            return out;
            """);
        string Text(string name) => found.GetProperty(name).GetString()!; // each is a text
        Assert.Equal(0, found.GetProperty("images").GetInt32());
        Assert.StartsWith("20 steps", Text("descent"));
        Assert.StartsWith("Diverged", Text("fast"));
        Assert.Equal("1.72", Text("moved")); // 1.8 less a fiftieth of the width 4
        Assert.Equal(0, found.GetProperty("dragged").GetDouble(), 0.02);
        Assert.StartsWith("1.500 bits", Text("entropy")); // 1/2, 1/4, 1/4
        Assert.StartsWith("1.585 bits of entropy3.00 perplexity", Text("even"));
        Assert.StartsWith("0.000 bits of entropy1.00 perplexity", Text("certain"));
        Assert.StartsWith("0.811 bits entropy of the truth0.8113 bits cross-entropy", Text("truth"));
        Assert.StartsWith("0.25 probability1.386 nats of loss2.000 bits-0.750 gradient", Text("loss"));
        Assert.StartsWith("4 rows computed so far4 : 9 with : without", Text("cached")); // 2+1+1 against 2+3+4
        Assert.EndsWith("10 KiB of cache", Text("cached")); // 2 · 5 · 4 · 16 · 4 bytes · 4 positions
        Assert.StartsWith("9 rows computed so far", Text("uncached"));
        Assert.Equal("1 of 2: embedding [T, C]", Text("first"));
        Assert.StartsWith("2 of 2: logits [1, V]3 values0.6667 mean", Text("second"));
        Assert.StartsWith("0.7071 cosine", Text("cosine"));
        Assert.True(found.GetProperty("turned").GetBoolean());
        Assert.StartsWith("0.0000 cosine", Text("other"));
        Assert.Equal(("1 a xor b", "0 a xor b"), (Text("xor"), Text("both")));
    }
}
