// The sampler: data = { prompt, seed, tokens: [parts], logits }. Candidates come sorted, the likeliest first.

function mount(stage, data) {
  const count = data.logits.length;
  const settings = { temperature: 1, k: count, p: 1 };
  let random = seededRandom(data.seed);
  let draws = data.logits.map(() => 0);
  let last = -1;

  const drawn = element("span", { class: "lfs-drawn", "aria-live": "polite" });
  const survivors = element("strong", {});
  const entropy = element("strong", {});
  const total = element("strong", {});
  const rows = data.tokens.map((parts) => ({
    before: element("span", { class: "lfs-bar lfs-before" }),
    after: element("span", { class: "lfs-bar lfs-after" }),
    share: element("span", { class: "lfs-share" }),
    chance: element("td", { class: "lfs-number" }),
    draws: element("td", { class: "lfs-number lfs-quiet" }),
    parts,
  }));
  for (const row of rows) {
    row.line = element("tr", {}, element("th", { scope: "row" }, tokenLabel(row.parts)),
      element("td", { class: "lfs-track" }, element("span", { class: "lfs-rail" }, row.before, row.after, row.share)), row.chance, row.draws);
  }

  const set = (name) => (value) => { settings[name] = value; restart(); };
  stage.append(
    element("p", { class: "lfs-prompt" }, element("span", { class: "lfs-quiet" }, data.prompt), drawn),
    element("div", { class: "lfs-controls" },
      slider("1  Temperature", { min: 0, max: 2, step: 0.05, value: 1, show: (t) => (t === 0 ? "0 (greedy)" : t.toFixed(2)), change: set("temperature") }),
      slider("2  Top-k", { min: 1, max: count, step: 1, value: count, show: (k) => (k === count ? "off" : String(k)), change: set("k") }),
      slider("3  Top-p", { min: 0.01, max: 1, step: 0.01, value: 1, show: (p) => (p === 1 ? "off" : p.toFixed(2)), change: set("p") })),
    element("div", { class: "lfs-actions" },
      element("button", { type: "button", class: "lfs-primary", onclick: () => sample(1) }, "Sample"),
      element("button", { type: "button", onclick: () => sample(100) }, "Sample 100"),
      element("button", { type: "button", onclick: restart }, "Reset"),
      element("span", { class: "lfs-facts" }, element("span", {}, survivors, ` of ${count} survive`), element("span", {}, entropy, " bits of entropy"),
        element("span", {}, total, " draws"))),
    element("div", { class: "lfs-scroll", tabindex: count > 16 ? "0" : null, role: "region", "aria-label": "Candidate tokens" },
      element("table", { class: "lfs-bars" },
        element("thead", {}, element("tr", {}, ...["token", "", "chance", "drawn"].map((text) => element("th", { scope: "col" }, text)))),
        element("tbody", {}, ...rows.map((row) => row.line)))),
    element("p", { class: "lfs-note" }, "Order: temperature, then top-k, then top-p; what survives is scaled to sum 100 %. "
      + "Solid bar: chance of being drawn. Pale bar: after temperature, before the cuts. Upright mark: share of your draws."));
  restart();

  // Every change of a dial begins the same random sequence again, so that what is seen depends only on the dials and the number of draws.
  function restart() {
    random = seededRandom(data.seed);
    draws = draws.map(() => 0);
    last = -1;
    show();
  }

  function sample(times) {
    const { probabilities } = sampleDistribution(data.logits, settings.temperature, settings.k, settings.p);
    for (let i = 0; i < times; i++) {
      last = draw(probabilities, random());
      draws[last]++;
    }
    show();
  }

  function show() {
    const result = sampleDistribution(data.logits, settings.temperature, settings.k, settings.p);
    const alive = new Set(result.survivors.filter((i) => result.probabilities[i] > 0)); // greedy leaves one
    const sum = draws.reduce((a, b) => a + b, 0);
    const widest = Math.max(...result.probabilities, ...result.tempered);
    rows.forEach((row, i) => {
      row.before.style.width = 100 * result.tempered[i] / widest + "%";
      row.after.style.width = 100 * result.probabilities[i] / widest + "%";
      row.share.style.left = Math.min(100, sum ? 100 * draws[i] / sum / widest : 0) + "%";
      row.share.hidden = draws[i] === 0;
      row.chance.textContent = percent(result.probabilities[i]);
      row.chance.title = String(result.probabilities[i]);
      row.draws.textContent = draws[i] || "";
      row.line.classList.toggle("lfs-lost", !alive.has(i));
      row.line.classList.toggle("lfs-last", i === last);
    });
    survivors.textContent = alive.size;
    entropy.textContent = Math.abs(entropyBits(result.probabilities)).toFixed(2);
    total.textContent = sum;
    drawn.replaceChildren(...(last < 0 ? [] : [tokenLabel(data.tokens[last])]));
  }
}
