// The block stepper: data = { tokens: [parts], steps: [{ name, formula, shape, values: [[numbers of one token]] }] }.

function mount(stage, data) {
  let step = 0, token = data.tokens.length - 1;
  const steps = data.steps;
  const picker = radioGroup("Token", "lfs-strip", data.tokens.map((parts, i) => ({ content: tokenLabel(parts), label: `token ${tokenName(parts)}` })), token, (i) => { token = i; show(); });
  const list = radioGroup("Step of the block", "lfs-steps", steps.map((s) => ({ content: s.name, label: s.name })), 0, (i) => { step = i; show(); });
  const title = element("h4", {});
  const formula = element("p", { class: "lfs-story" });
  const strip = drawing("svg", { class: "lfs-map lfs-heatstrip", role: "img", preserveAspectRatio: "none" });
  const facts = element("div", { class: "lfs-facts", "aria-live": "polite" });
  const readout = element("p", { class: "lfs-readout" });
  const back = element("button", { type: "button", onclick: () => go(step - 1) }, "‹ Back");
  const next = element("button", { type: "button", class: "lfs-primary", onclick: () => go(step + 1) }, "Next ›");
  stage.append(element("div", { class: "lfs-stepper" }, back, next), picker.group,
    element("div", { class: "lfs-panels lfs-block" }, element("div", { class: "lfs-scroll" }, list.group), element("div", {}, title, formula, strip, facts, readout)),
    element("p", { class: "lfs-note" }, "Every number is the engine’s own, taken while it read this text. Each stripe is one value of the chosen token: blue above zero, orange below, deeper the larger. Point at one for its value."));
  show();

  function go(target) {
    if (target < 0 || target >= steps.length) return;
    step = target;
    list.choose(step);
    show();
  }

  function show() {
    const at = steps[step], row = at.values[Math.min(token, at.values.length - 1)], s = statistics(row);
    const size = Math.max(Math.abs(s.min), Math.abs(s.max)) || 1;
    title.textContent = `${step + 1} of ${steps.length}: ${at.name} ${at.shape}`;
    formula.textContent = at.formula;
    strip.setAttribute("viewBox", `0 0 ${row.length} 10`);
    strip.setAttribute("aria-label", `${row.length} values`);
    strip.replaceChildren(drawing("rect", { class: "lfs-ground", width: row.length, height: 10 }), ...row.map((value, x) => drawing("rect", {
      class: value < 0 ? "lfs-cold" : "lfs-cell", x, y: 0, width: 1, height: 10, "fill-opacity": (Math.abs(value) / size).toFixed(3),
      onpointerenter: () => { readout.textContent = `value ${x}: ${digits(value, 6)}`; } })));
    facts.replaceChildren(fact(String(row.length), "values"), fact(digits(s.mean), "mean"), fact(digits(s.rms), "root mean square"), fact(`${digits(s.min)} to ${digits(s.max)}`, "range"));
    readout.textContent = `the first: ${row.slice(0, 6).map((value) => digits(value)).join(", ")}${row.length > 6 ? ", …" : ""}`;
    back.setAttribute("aria-disabled", step === 0);
    next.setAttribute("aria-disabled", step === steps.length - 1);
  }
}
