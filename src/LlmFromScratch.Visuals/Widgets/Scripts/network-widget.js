// Signal flow: data = { inputs: [name], outputs: [name], layers: [{ weights: [[out][in]], biases }], activation, last, input, low, high }.

function mount(stage, data) {
  const sizes = [data.input.length, ...data.layers.map((layer) => layer.biases.length)];
  const input = [...data.input];
  let hidden = data.activation;
  const tall = Math.max(...sizes), height = Math.max(180, tall * 54), width = 720;
  const at = (l, i) => [70 + l / (sizes.length - 1) * (width - 140), height / 2 + (i - (sizes[l] - 1) / 2) * Math.min(54, height / sizes[l])];
  const svg = drawing("svg", { viewBox: `0 0 ${width} ${height}`, class: "lfs-plot", role: "img", "aria-label": "Network: lines are weights times signals, discs are units" });
  const edges = data.layers.map((layer, l) => layer.weights.map((row, o) => row.map((weight, i) => {
    const [x1, y1] = at(l, i), [x2, y2] = at(l + 1, o);
    const line = drawing("line", { x1, y1, x2, y2 }, drawing("title", {}, ""));
    svg.append(line);
    return line;
  })));
  const nodes = sizes.map((size, l) => Array.from({ length: size }, (_, i) => {
    const [cx, cy] = at(l, i);
    const circle = drawing("circle", { cx, cy, r: 19, class: "lfs-unit" }, drawing("title", {}, "")), text = drawing("text", { x: cx, y: cy + 4, "text-anchor": "middle", class: "lfs-signal" });
    const name = l === 0 ? data.inputs[i] : l === sizes.length - 1 ? data.outputs[i] : "";
    svg.append(circle, text, drawing("text", { x: l === 0 ? cx - 26 : cx + 26, y: cy + 4, "text-anchor": l === 0 ? "end" : "start" }, name));
    return { circle, text };
  }));
  const kinds = Object.keys(activations);
  const dials = data.inputs.map((name, i) => slider(name, { min: data.low, max: data.high, step: (data.high - data.low) / 100, value: input[i], show: (x) => digits(x, 3), change: (x) => { input[i] = x; show(); } }));
  const outputs = element("div", { class: "lfs-facts", "aria-live": "polite" });
  stage.append(
    element("div", { class: "lfs-fields" }, element("span", {}, "Activation"),
      radioGroup("Activation", "lfs-segments", kinds.map((kind) => ({ content: kind, label: kind })), kinds.indexOf(hidden), (i) => { hidden = kinds[i]; show(); }).group),
    element("div", { class: "lfs-controls" }, ...dials), svg, element("div", { class: "lfs-actions lfs-spaced" }, outputs),
    element("p", { class: "lfs-note" }, "Turn the inputs and watch the signal. Blue lines carry a positive product of weight and signal, orange ones a negative; the wider, the larger. "
      + "The weights were trained with the activation chosen first: another one shows what they are worth without it."));
  show();

  function show() {
    const values = forward(data.layers, input, hidden, data.last);
    edges.forEach((layer, l) => {
      const products = data.layers[l].weights.map((row) => row.map((weight, i) => weight * values[l][i]));
      const largest = Math.max(1e-9, ...products.flat().map(Math.abs));
      layer.forEach((row, o) => row.forEach((line, i) => {
        line.setAttribute("class", products[o][i] < 0 ? "lfs-edge lfs-negative" : "lfs-edge");
        line.setAttribute("stroke-width", (0.5 + 5 * Math.abs(products[o][i]) / largest).toFixed(2));
        line.firstChild.textContent = `weight ${digits(data.layers[l].weights[o][i])} × signal ${digits(values[l][i])} = ${digits(products[o][i])}`;
      }));
    });
    nodes.forEach((layer, l) => layer.forEach((node, i) => {
      node.text.textContent = digits(values[l][i], 2);
      node.circle.firstChild.textContent = l === 0 ? data.inputs[i] : `bias ${digits(data.layers[l - 1].biases[i])}, value ${digits(values[l][i])}`;
    }));
    outputs.replaceChildren(...values.at(-1).map((value, i) => fact(digits(value), data.outputs[i])));
  }
}
