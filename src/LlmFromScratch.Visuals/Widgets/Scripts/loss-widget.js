// The loss of one guess: data = { tokens: [parts], probabilities, probability }. The marks are what a model gave to the tokens of a real text.

function mount(stage, data) {
  const area = plotArea(720, 280, [0, 1], [0, 7], 34);
  const at = (p) => [area.x(p), area.y(Math.min(7, -Math.log(p)))];
  const curve = Array.from({ length: 300 }, (_, i) => Math.exp(-7 + i / 299 * 7));
  const ball = drawing("circle", { class: "lfs-ball", r: 7 });
  const rise = drawing("path", { class: "lfs-tangent" });
  const marks = data.tokens.map((parts, i) => {
    const [cx, cy] = at(data.probabilities[i]);
    return drawing("circle", { class: "lfs-dot", cx, cy, r: 5, onclick: () => set(data.probabilities[i]) }, drawing("title", {}, `${tokenName(parts)}: ${digits(data.probabilities[i])}`));
  });
  const svg = drawing("svg", { viewBox: `0 0 ${area.width} ${area.height}`, class: "lfs-plot", role: "img", "aria-label": "Loss, minus the logarithm of the probability" },
    drawing("path", { class: "lfs-axis", d: path([[area.x(0), area.y(7)], [area.x(0), area.y(0)], [area.x(1), area.y(0)]]) }),
    ...[0, 2, 4, 6].map((y) => drawing("text", { x: area.x(0) - 8, y: area.y(y) + 4, "text-anchor": "end" }, String(y))),
    ...[0.25, 0.5, 0.75, 1].map((p) => drawing("text", { x: area.x(p), y: area.y(0) + 18, "text-anchor": "middle" }, String(p))),
    drawing("path", { class: "lfs-curve", d: path(curve.map(at)) }), ...marks, rise, ball);
  const facts = element("div", { class: "lfs-facts", "aria-live": "polite" });
  const input = element("input", { type: "range", min: 0.001, max: 1, step: 0.001, value: data.probability, "aria-label": "Probability of the token that came", oninput: () => set(Number(input.value)) });
  const mean = data.probabilities.reduce((sum, p) => sum - Math.log(p), 0) / data.probabilities.length;
  stage.append(
    element("label", { class: "lfs-slider" }, element("span", { class: "lfs-row" }, element("span", {}, "Probability that was given to the token that came")), input),
    element("div", { class: "lfs-actions lfs-spaced" }, facts), svg,
    element("div", { class: "lfs-strip", role: "list" }, ...data.tokens.map((parts, i) => element("button", { type: "button", class: "lfs-option", onclick: () => set(data.probabilities[i]),
      "aria-label": `${tokenName(parts)}, probability ${digits(data.probabilities[i])}` }, tokenLabel(parts)))),
    element("p", { class: "lfs-note" }, `The chips are a text and the model’s own probabilities for it; their mean loss is ${mean.toFixed(3)} nats, `
      + `a perplexity of ${Math.exp(mean).toFixed(2)}. Click one, or drag the dial.`));
  set(data.probability);

  function set(p) {
    const [x, y] = at(p);
    input.value = p;
    ball.setAttribute("cx", x);
    ball.setAttribute("cy", y);
    rise.setAttribute("d", path([[x, area.y(0)], [x, y]]));
    facts.replaceChildren(fact(digits(p), "probability"), fact((-Math.log(p)).toFixed(3), "nats of loss"), fact((-Math.log2(p)).toFixed(3), "bits"), fact((p - 1).toFixed(3), "gradient at its logit"));
  }
}
