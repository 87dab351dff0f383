// The cache stepper: data = { tokens: [parts], prompt, withCache: [rows], without: [rows], model: { layers, kvHeads, headSize, bytesPerValue } }.

function mount(stage, data) {
  const steps = data.withCache.length;
  let step = 0, cached = true;
  const size = Math.max(9, Math.min(26, Math.floor(640 / data.tokens.length)));
  const grid = drawing("svg", { viewBox: `0 0 ${data.tokens.length * size + 2} ${steps * size + 2}`, width: data.tokens.length * size + 2, class: "lfs-map", role: "img" });
  const cells = Array.from({ length: steps }, (_, s) => Array.from({ length: data.prompt + s }, (_, i) =>
    grid.appendChild(drawing("rect", { x: i * size + 1, y: s * size + 1, width: size - 1, height: size - 1, rx: 2 }))));
  const facts = element("div", { class: "lfs-facts", "aria-live": "polite" });
  const story = element("p", { class: "lfs-story", "aria-live": "polite" });
  const chips = element("div", { class: "lfs-chips" });
  const toggle = element("input", { type: "checkbox", checked: "", onchange: () => { cached = toggle.checked; show(); } });
  const back = element("button", { type: "button", onclick: () => go(step - 1) }, "‹ Back");
  const next = element("button", { type: "button", class: "lfs-primary", onclick: () => go(step + 1) }, "Next token ›");
  const position = element("input", { type: "range", min: 0, max: steps - 1, step: 1, value: 0, "aria-label": "Step", oninput: () => go(Number(position.value)) });
  stage.append(
    element("div", { class: "lfs-stepper", role: "group", "aria-label": "Decode stepper, arrow keys step", onkeydown: key }, back, next, position,
      element("label", { class: "lfs-field lfs-switch" }, toggle, element("span", {}, "cache"))),
    story, chips, grid, element("div", { class: "lfs-actions lfs-spaced" }, facts),
    element("p", { class: "lfs-note" }, "A row is one forward pass, a column one position. Filled: keys and values computed in this pass. Pale: read back from the cache. "
      + "The counts are what the engine itself did, once with its cache and once without."));
  show();

  function key(event) {
    const target = { ArrowRight: step + 1, ArrowLeft: step - 1, Home: 0, End: steps - 1 }[event.key];
    if (target === undefined || event.target === toggle) return;
    event.preventDefault();
    go(target);
  }

  function go(target) {
    if (target < 0 || target >= steps) return;
    step = target;
    show();
  }

  function show() {
    const rows = cached ? data.withCache : data.without, positions = data.prompt + step;
    cells.forEach((line, s) => line.forEach((cell, i) => {
      cell.setAttribute("class", s > step ? "lfs-ground" : i >= line.length - rows[s] ? "lfs-cell" : "lfs-cell lfs-pale");
    }));
    const sum = (counts) => counts.slice(0, step + 1).reduce((a, b) => a + b, 0);
    const on = sum(data.withCache), off = sum(data.without);
    story.textContent = step === 0 ? `Prefill: the ${data.prompt} tokens of the prompt in one pass.`
      : `Decode step ${step}: ${rows[step] === 1 ? "keys and values of the one new position" : `keys and values of all ${rows[step]} positions again`}, queries read ${positions} positions.`;
    chips.replaceChildren(...data.tokens.slice(0, positions).map((parts, i) => element("span", { class: `lfs-chip lfs-tint${i < data.prompt ? 0 : 1}${i === positions - 1 && step > 0 ? " lfs-fresh" : ""}` }, tokenLabel(parts))));
    facts.replaceChildren(fact(String(cached ? on : off), "rows computed so far"), fact(`${on} : ${off}`, `with : without, ${digits(off / on, 3)} times`),
      fact(cached ? readableBytes(cacheBytes(positions, data.model)) : "0 B", "of cache"));
    grid.setAttribute("aria-label", `${positions} positions, ${rows[step]} computed in this pass`);
    position.value = step;
    back.setAttribute("aria-disabled", step === 0);
    next.setAttribute("aria-disabled", step === steps - 1);
  }
}
