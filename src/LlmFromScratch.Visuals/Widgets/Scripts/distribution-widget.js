// The shaper: data = { labels: [parts], weights, truth? }. Weights are free; the shares are weight over sum.

function mount(stage, data) {
  let weights = [...data.weights];
  const facts = element("div", { class: "lfs-facts", "aria-live": "polite" });
  const rows = data.labels.map((parts, i) => {
    const row = { bar: element("span", { class: "lfs-bar lfs-after" }), truth: element("span", { class: "lfs-share" }), share: element("td", { class: "lfs-number" }) };
    row.input = element("input", { type: "range", min: 0, max: 1, step: 0.001, value: weights[i], "aria-label": `Weight of ${tokenName(parts)}`,
      oninput: () => { weights[i] = Number(row.input.value); show(); } });
    row.line = element("tr", {}, element("th", { scope: "row" }, tokenLabel(parts)), element("td", { class: "lfs-dial" }, row.input),
      element("td", { class: "lfs-track" }, element("span", { class: "lfs-rail" }, row.bar, row.truth)), row.share);
    return row;
  });
  const set = (make) => () => { weights = data.weights.map((_, i) => make(i)); show(); };
  const truth = data.truth;
  stage.append(
    element("div", { class: "lfs-actions" },
      element("button", { type: "button", class: "lfs-primary", onclick: set(() => 0.5) }, "Even"),
      element("button", { type: "button", onclick: set((i) => (i === 0 ? 1 : 0)) }, "Certain"),
      ...(truth ? [element("button", { type: "button", onclick: set((i) => truth[i] / Math.max(...truth)) }, "The truth")] : []),
      element("button", { type: "button", onclick: set((i) => data.weights[i]) }, "As it was"), facts),
    element("table", { class: "lfs-bars" }, element("tbody", {}, ...rows.map((row) => row.line))),
    element("p", { class: "lfs-note" }, truth
      ? "Shape the model’s prediction with the dials. Upright mark: how often each outcome really comes. Cross-entropy is what the truth costs in a code made for the prediction; it is least when the two agree."
      : "Shape the distribution with the dials. Entropy is the average surprise; perplexity, 2 to its power, is the number of equally likely outcomes that would surprise as much."));
  show();

  function show() {
    if (weights.every((weight) => weight === 0)) weights = weights.map(() => 0.001); // no mass at all is no distribution
    const shares = normalise(weights), bits = entropyBits(shares);
    rows.forEach((row, i) => {
      row.input.value = weights[i];
      row.bar.style.width = 100 * shares[i] + "%";
      row.truth.hidden = !truth;
      if (truth) row.truth.style.left = 100 * truth[i] + "%";
      row.share.textContent = percent(shares[i]);
    });
    facts.replaceChildren(...(truth
      ? [fact(entropyBits(truth).toFixed(3), "bits entropy of the truth"), fact(digits(crossEntropyBits(truth, shares)), "bits cross-entropy"), fact(digits(divergenceBits(truth, shares)), "bits KL")]
      : [fact(bits.toFixed(3), "bits of entropy"), fact(perplexity(bits).toFixed(2), `perplexity, of ${weights.length} outcomes`)]));
  }
}
