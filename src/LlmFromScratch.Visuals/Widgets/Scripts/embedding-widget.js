// Words in space: data = { labels: [parts], points: [[x, y, z]] within -1 to 1, vectors: [[...]], groups: [number] }.

function mount(stage, data) {
  const view = { yaw: 0.6, pitch: 0.35, zoom: 1 };
  const names = data.labels.map(tokenName);
  let chosen = [0, Math.min(1, names.length - 1)], last = null;
  const svg = drawing("svg", { viewBox: "0 0 720 460", class: "lfs-plot lfs-space", tabindex: 0, role: "application", "aria-label": "Words in space; drag or arrow keys turn, plus and minus zoom",
    onpointerdown: (event) => { last = pointerAt(svg, event); svg.setPointerCapture(event.pointerId); }, onpointermove: drag, onpointerup: () => { last = null; },
    onwheel: (event) => { event.preventDefault(); zoom(event.deltaY < 0 ? 1.1 : 1 / 1.1); }, onkeydown: key });
  const items = data.points.map((_, i) => {
    const item = drawing("g", { class: `lfs-word lfs-tint${data.groups[i] % 4}`, onclick: () => pick(i) }, drawing("circle", { r: 5 }), drawing("text", { x: 8, y: 4 }, names[i]));
    svg.append(item);
    return item;
  });
  const facts = element("div", { class: "lfs-facts", "aria-live": "polite" });
  const nearest = element("p", { class: "lfs-readout", "aria-live": "polite" });
  const selects = [0, 1].map((which) => element("select", { "aria-label": which === 0 ? "First word" : "Second word", onchange: (event) => { chosen[which] = event.target.selectedIndex; show(); } },
    ...names.map((name) => element("option", {}, name))));
  stage.append(element("div", { class: "lfs-fields" }, ...selects, element("button", { type: "button", onclick: () => zoom(1.25) }, "Nearer"),
    element("button", { type: "button", onclick: () => zoom(0.8) }, "Farther"), facts), svg, nearest,
    element("p", { class: "lfs-note" }, "The picture keeps three directions out of many; the cosine is taken over all of them. Drag to turn, click a word to compare it."));
  show();

  function drag(event) {
    if (!last) return;
    const at = pointerAt(svg, event);
    turnBy((at[0] - last[0]) / 150, (at[1] - last[1]) / 150);
    last = at;
  }

  function key(event) {
    const turns = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, -0.1], ArrowDown: [0, 0.1] }[event.key];
    if (turns) turnBy(...turns);
    else if (event.key === "+" || event.key === "=") zoom(1.1);
    else if (event.key === "-") zoom(1 / 1.1);
    else return;
    event.preventDefault();
  }

  function turnBy(yaw, pitch) {
    view.yaw += yaw;
    view.pitch = Math.max(-1.5, Math.min(1.5, view.pitch + pitch));
    show();
  }

  function zoom(factor) {
    view.zoom = Math.max(0.4, Math.min(6, view.zoom * factor));
    show();
  }

  function pick(i) {
    chosen = [chosen[1], i];
    show();
  }

  function show() {
    const places = data.points.map((point) => turn(point, view.yaw, view.pitch));
    places.map(([, , depth], i) => [depth, i]).sort((a, b) => a[0] - b[0]).forEach(([depth, i]) => {
      const item = items[i], [x, y] = places[i];
      item.setAttribute("transform", `translate(${(360 + 190 * view.zoom * x).toFixed(1)},${(230 - 190 * view.zoom * y).toFixed(1)})`);
      item.setAttribute("opacity", (0.55 + 0.45 * (depth + 1.8) / 3.6).toFixed(2)); // within the cube's diagonal
      item.classList.toggle("lfs-picked", chosen.includes(i));
      svg.append(item); // the nearer ones last, over the farther ones
    });
    selects.forEach((select, which) => { select.selectedIndex = chosen[which]; });
    const [a, b] = chosen;
    facts.replaceChildren(fact(cosine(data.vectors[a], data.vectors[b]).toFixed(4), "cosine"));
    const others = names.map((_, i) => [cosine(data.vectors[a], data.vectors[i]), i]).filter(([, i]) => i !== a).sort((p, q) => q[0] - p[0] || p[1] - q[1]).slice(0, 5);
    nearest.replaceChildren(element("strong", {}, names[a]), ` is nearest to ${others.map(([value, i]) => `${names[i]} ${value.toFixed(3)}`).join(", ")}`);
  }
}
