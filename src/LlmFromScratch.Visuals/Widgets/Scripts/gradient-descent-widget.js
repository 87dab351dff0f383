// The ball on a curve: data = { coefficients, low, high, start, rate, momentum }.

function mount(stage, data) {
  const { coefficients, low, high } = data;
  const state = { start: data.start, rate: data.rate, momentum: data.momentum, steps: 0 };
  const curve = Array.from({ length: 201 }, (_, i) => low + i / 200 * (high - low)).map((x) => [x, polynomial(coefficients, x)]);
  const heights = curve.map(([, y]) => y);
  const bottom = Math.min(...heights), top = Math.max(...heights);
  const area = plotArea(720, 320, [low, high], [bottom - 0.05 * (top - bottom), top]);
  const trail = drawing("path", { class: "lfs-trail" });
  const dots = drawing("g", { class: "lfs-dots" });
  const tangent = drawing("path", { class: "lfs-tangent" });
  const ball = drawing("circle", { class: "lfs-ball", r: 8 });
  const svg = drawing("svg", { viewBox: `0 0 ${area.width} ${area.height}`, class: "lfs-plot", tabindex: 0, role: "slider", "aria-label": "Start of the ball, arrow keys move it",
    onpointerdown: drag, onpointermove: (event) => { if (event.buttons) drag(event); }, onkeydown: key },
    drawing("path", { class: "lfs-curve", d: path(curve.map(([x, y]) => [area.x(x), area.y(y)])) }), trail, dots, tangent, ball);
  const facts = element("div", { class: "lfs-facts", "aria-live": "polite" });
  const verdict = element("p", { class: "lfs-story", "aria-live": "polite" });
  stage.append(
    element("div", { class: "lfs-controls" },
      slider("Learning rate", { min: -3, max: 0.5, step: 0.01, value: Math.log10(data.rate), show: (p) => digits(10 ** p, 3), change: (p) => { state.rate = 10 ** p; show(); } }),
      slider("Momentum", { min: 0, max: 0.99, step: 0.01, value: data.momentum, show: (m) => (m === 0 ? "off" : m.toFixed(2)), change: (m) => { state.momentum = m; show(); } })),
    element("div", { class: "lfs-actions" },
      element("button", { type: "button", class: "lfs-primary", onclick: () => go(state.steps + 1) }, "Step"),
      element("button", { type: "button", onclick: () => go(state.steps + 20) }, "20 steps"),
      element("button", { type: "button", onclick: () => go(0) }, "Back to the start"), facts),
    svg, verdict,
    element("p", { class: "lfs-note" }, "Drag the ball, or focus the curve and use the arrow keys, to choose where it starts. The dashed line is the slope that the next step follows. "
      + "A dial turned walks the same number of steps again."));
  show();

  function drag(event) {
    move(area.fromX(pointerAt(svg, event)[0]));
  }

  function key(event) {
    const way = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (!way) return;
    event.preventDefault();
    move(state.start + way * (high - low) / 50);
  }

  function move(x) {
    state.start = Math.min(high, Math.max(low, x));
    go(0);
  }

  function go(steps) {
    state.steps = steps;
    show();
  }

  function show() {
    const places = descend(coefficients, state.start, state.rate, state.momentum, state.steps);
    const x = places.at(-1), y = polynomial(coefficients, x), rise = slope(coefficients, x);
    const clamp = (value) => Math.min(high + 0.05 * (high - low), Math.max(low - 0.05 * (high - low), value));
    const points = places.map((place) => [area.x(clamp(place)), area.y(Math.min(top, polynomial(coefficients, clamp(place))))]);
    trail.setAttribute("d", path(points.slice(-60)));
    dots.replaceChildren(...points.slice(-60, -1).map(([cx, cy]) => drawing("circle", { cx, cy, r: 3 })));
    const [bx, by] = points.at(-1);
    ball.setAttribute("cx", bx);
    ball.setAttribute("cy", by);
    const reach = 0.08 * (high - low);
    tangent.setAttribute("d", Math.abs(x) < 1e5 ? path([[x - reach, y - rise * reach], [x + reach, y + rise * reach]].map(([px, py]) => [area.x(px), area.y(py)])) : "");
    svg.setAttribute("aria-valuenow", digits(state.start));
    facts.replaceChildren(fact(String(places.length - 1), "steps"), fact(digits(x), "x"), fact(digits(y), "loss"), fact(digits(rise), "slope"));
    verdict.textContent = judge(places);
  }

  function judge(places) {
    if (places.length === 1) return "The ball waits.";
    const losses = places.slice(-4).map((place) => polynomial(coefficients, place));
    if (Math.abs(places.at(-1)) > 10 * Math.max(Math.abs(low), Math.abs(high))) return "Diverged: each step overshoots by more than the one before. The rate is too large for this slope.";
    if (Math.abs(slope(coefficients, places.at(-1))) < 1e-3) return "At rest: the slope is almost nothing here. That is a minimum, if perhaps not the lowest one.";
    return losses.at(-1) > losses.at(-2) ? "The last step went uphill: it overshot." : "Downhill.";
  }
}
