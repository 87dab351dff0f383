// The attention picker: data = { layers, heads, queries, causal, tokens: [parts], weights, scores? }, numbers as flat [L, H, T, S].

function mount(stage, data) {
  const keys = data.tokens.length;
  const shape = { heads: data.heads, queries: data.queries, keys };
  const offset = keys - data.queries; // query t stands at position offset + t
  const names = data.tokens.map(tokenName);
  const state = { layer: 0, head: 0, query: data.queries - 1, causal: data.causal };
  let cell = null; // { t, s } under the pointer or the arrow keys

  const chips = data.tokens.map(tokenLabel);
  const picker = radioGroup("Query token", "lfs-strip", names.slice(offset).map((name, t) => ({ content: chips[offset + t], label: `query ${name}` })),
    state.query, (t) => { state.query = t; cell = null; show(); });
  picker.group.prepend(...chips.slice(0, offset).map((chip) => element("span", { class: "lfs-option lfs-cached" }, chip)));
  const boxes = [...picker.group.children];
  const bars = data.tokens.map((parts) => ({
    bar: element("span", { class: "lfs-bar lfs-after" }), value: element("td", { class: "lfs-number" }), label: tokenLabel(parts),
  }));
  for (const bar of bars) {
    bar.line = element("tr", {}, element("th", { scope: "row" }, bar.label), element("td", { class: "lfs-track" }, element("span", { class: "lfs-rail" }, bar.bar)), bar.value);
  }
  const barsTitle = element("h4", {});
  const mapTitle = element("h4", {});
  const readout = element("p", { class: "lfs-readout", "aria-live": "polite" });
  const map = heatMap(names, shape, offset, (at) => { cell = at; show(); }, (t) => { picker.choose(t); state.query = t; show(); });

  const number = (label, count, name) => count === 1 ? [] : [element("div", { class: "lfs-field" }, element("span", {}, label),
    radioGroup(label, "lfs-segments", Array.from({ length: count }, (_, i) => ({ content: String(i), label: `${label} ${i}` })), 0, (i) => { state[name] = i; show(); }).group)];
  const mask = element("input", { type: "checkbox", onchange: () => { state.causal = mask.checked; show(); } });
  mask.checked = state.causal;
  const maskField = data.scores ? [element("label", { class: "lfs-field lfs-switch" }, mask, element("span", {}, "causal mask"))] : [];

  stage.append(
    element("div", { class: "lfs-fields" }, ...number("Layer", data.layers, "layer"), ...number("Head", data.heads, "head"), ...maskField),
    picker.group,
    element("div", { class: "lfs-panels" },
      element("div", {}, barsTitle, element("div", { class: "lfs-scroll", tabindex: keys > 12 ? "0" : null, role: "region", "aria-label": "Weights of the query" },
        element("table", { class: "lfs-bars" }, element("tbody", {}, ...bars.map((bar) => bar.line))))),
      element("div", {}, mapTitle, map.svg, readout)),
    element("p", { class: "lfs-note" }, "Pick the query with a click or the arrow keys; the deeper a token’s colour, the more the query reads from it. "
      + "Each row of the map is one query and sums to 1. Point at a cell, or focus the map and use the arrow keys, for its exact value."));
  show();

  function weightsOf(t) {
    if (state.causal === data.causal) return rowOf(data.weights, shape, state.layer, state.head, t); // the model's own numbers
    return attentionRow(rowOf(data.scores, shape, state.layer, state.head, t), state.causal ? offset + t + 1 : keys);
  }

  function show() {
    const rows = Array.from({ length: data.queries }, (_, t) => weightsOf(t));
    const row = rows[state.query];
    const largest = Math.max(...row) || 1;
    row.forEach((weight, s) => {
      bars[s].bar.style.width = 100 * weight / largest + "%";
      bars[s].value.textContent = weight.toFixed(3);
      bars[s].value.title = exact(weight);
      bars[s].line.classList.toggle("lfs-lost", masked(state.query, s));
      boxes[s].style.setProperty("--strength", (100 * weight / largest).toFixed(1) + "%");
    });
    barsTitle.replaceChildren("What ", tokenLabel(data.tokens[offset + state.query]), " reads");
    mapTitle.textContent = `All queries, layer ${state.layer}, head ${state.head}`;
    map.show(rows, masked, state.query, cell);
    const at = cell || { t: state.query, s: row.indexOf(Math.max(...row)) };
    const scores = data.scores ? `, score ${exact(rowOf(data.scores, shape, state.layer, state.head, at.t)[at.s])}` : "";
    readout.replaceChildren(tokenLabel(data.tokens[offset + at.t]), " → ", tokenLabel(data.tokens[at.s]), ": ",
      element("strong", {}, exact(rows[at.t][at.s])), masked(at.t, at.s) ? " (masked)" : scores);
  }

  function masked(t, s) {
    return state.causal && s > offset + t;
  }
}

function exact(value) {
  return String(Number(value.toPrecision(9))); // nine digits tell any two floats apart
}

// Queries from top to bottom, keys from left to right. point({t, s} or null) follows pointer and arrow keys, pick(t) a click.
function heatMap(names, { queries, keys }, offset, point, pick) {
  const create = (tag, attributes, text) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    if (text !== undefined) node.textContent = text;
    return node;
  };
  const size = Math.max(6, Math.min(30, Math.floor(310 / keys)));
  const labelled = size >= 12;
  const short = (name) => ([...name].length > 9 ? [...name].slice(0, 8).join("") + "…" : name);
  const letter = 6.8; // pixels of a monospaced letter at 11 px
  const left = labelled ? 12 + letter * Math.max(...names.slice(offset).map((name) => [...short(name)].length)) : 2;
  const below = labelled ? 14 + 0.71 * letter * Math.max(...names.map((name) => [...short(name)].length)) : 2;
  const width = left + keys * size + 4, height = queries * size + below + 4;
  const svg = create("svg", { viewBox: `0 0 ${width} ${height}`, width, height, class: "lfs-map", tabindex: 0, role: "application",
    "aria-label": "Heat map of attention weights: rows are queries, columns are keys, arrow keys move" });
  const rowLabels = [], cells = [];
  for (let t = 0; t < queries; t++) {
    if (labelled) svg.append(rowLabels[t] = create("text", { x: left - 6, y: t * size + size / 2 + 6, "text-anchor": "end" }, short(names[offset + t])));
    for (let s = 0; s < keys; s++) {
      svg.append(create("rect", { x: left + s * size, y: t * size + 2, width: size - 1, height: size - 1, rx: 2, class: "lfs-ground" }));
      const rect = create("rect", { x: left + s * size, y: t * size + 2, width: size - 1, height: size - 1, rx: 2, class: "lfs-cell" });
      rect.addEventListener("pointerenter", () => point({ t, s }));
      rect.addEventListener("click", () => pick(t));
      cells.push(rect);
      svg.append(rect);
    }
  }
  for (let s = 0; labelled && s < keys; s++) {
    const x = left + s * size + size / 2 + 3, y = queries * size + 14;
    svg.append(create("text", { x, y, "text-anchor": "end", transform: `rotate(-45 ${x} ${y})` }, short(names[s])));
  }
  const band = create("rect", { x: left - 1.5, width: keys * size + 2, height: size + 2, rx: 3, class: "lfs-band" });
  const cursor = create("rect", { width: size - 1, height: size - 1, rx: 2, class: "lfs-cursor" });
  svg.append(band, cursor);
  let at = null, chosen = 0;
  svg.addEventListener("pointerleave", () => point(null));
  svg.addEventListener("blur", () => point(null));
  svg.addEventListener("keydown", (event) => {
    const [down, right] = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] }[event.key] || [0, 0];
    if (event.key === "Enter" && at) pick(at.t);
    if (!down && !right) return;
    event.preventDefault();
    const from = at || { t: chosen - down, s: -right };
    point({ t: Math.max(0, Math.min(queries - 1, from.t + down)), s: Math.max(0, Math.min(keys - 1, from.s + right)) });
  });

  function show(rows, masked, query, current) {
    [at, chosen] = [current, query];
    const largest = Math.max(...rows.map((row) => Math.max(...row))) || 1;
    cells.forEach((rect, i) => {
      const t = Math.floor(i / keys), s = i % keys;
      rect.style.fillOpacity = masked(t, s) ? 0 : Math.max(0.03, rows[t][s] / largest);
      rect.previousSibling.classList.toggle("lfs-masked", masked(t, s));
    });
    rowLabels.forEach((label, t) => label.classList.toggle("lfs-chosen", t === query));
    band.setAttribute("y", query * size + 0.5);
    cursor.style.display = current ? "" : "none";
    if (!current) return;
    cursor.setAttribute("x", left + current.s * size);
    cursor.setAttribute("y", current.t * size + 2);
  }
  return { svg, show };
}
