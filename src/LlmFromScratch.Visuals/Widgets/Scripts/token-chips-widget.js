// Token chips: data = { pieces: [{ parts, bytes, id? }], states: [[piece index]], merges: [{ left, right, at }] }. The last state is the tokens.

function mount(stage, data) {
  const last = data.states.length - 1;
  let step = 0;
  const facts = element("div", { class: "lfs-facts", "aria-live": "polite" });
  const chips = element("div", { class: "lfs-chips", role: "list", "aria-label": "Tokens" });
  const story = element("p", { class: "lfs-story", "aria-live": "polite" });
  const back = element("button", { type: "button", onclick: () => go(step - 1) }, "‹ Back");
  const next = element("button", { type: "button", class: "lfs-primary", onclick: () => go(step + 1) }, "Next merge ›");
  const position = element("input", { type: "range", min: 0, max: last, step: 1, value: 0, "aria-label": "Merge", oninput: () => go(Number(position.value)) });
  if (last > 0) {
    stage.append(element("div", { class: "lfs-stepper", role: "group", "aria-label": "Merge stepper, arrow keys step", onkeydown: key }, back, next, position), story);
  }
  stage.append(chips, facts);
  go(0);

  function key(event) {
    const target = { ArrowRight: step + 1, ArrowLeft: step - 1, Home: 0, End: last }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    go(target);
  }

  function go(target) {
    if (target < 0 || target > last) return;
    step = target;
    const pieces = data.states[step].map((index) => data.pieces[index]);
    const merge = step > 0 ? data.merges[step - 1] : null;
    const fresh = new Set(merge ? merge.at : []);
    chips.replaceChildren(...pieces.flatMap((piece, i) => chip(piece, i, fresh.has(i), step === last)));
    const bytes = pieces.reduce((sum, piece) => sum + piece.bytes, 0);
    const fact = (value, name) => element("span", {}, element("strong", {}, value), " " + name);
    facts.replaceChildren(fact(String(pieces.length), pieces.length === 1 ? "token" : "tokens"), fact(String(bytes), bytes === 1 ? "byte" : "bytes"),
      fact((bytes / pieces.length).toFixed(2), "bytes per token"));
    position.value = step;
    position.setAttribute("aria-valuetext", `merge ${step} of ${last}`);
    back.setAttribute("aria-disabled", step === 0); // not `disabled`, which would take the focus away from the arrow keys
    next.setAttribute("aria-disabled", step === last);
    if (!merge) story.replaceChildren(`Before the first of ${last} merges.`);
    else {
      story.replaceChildren(`Merge ${step} of ${last}: `, tokenLabel(merge.left), " + ", tokenLabel(merge.right), " → ",
        tokenLabel(pieces[merge.at[0]].parts), merge.at.length > 1 ? `, at ${merge.at.length} places.` : ".");
    }
  }

  // The last state shows every id; before it, a piece that is no token yet has none.
  function chip(piece, i, fresh, final) {
    const id = piece.id === undefined ? "" : String(piece.id);
    const node = element("span", { class: `lfs-chip lfs-tint${i % 4}${fresh ? " lfs-fresh" : ""}`, role: "listitem", title: `${piece.bytes} ${piece.bytes === 1 ? "byte" : "bytes"}` },
      tokenLabel(piece.parts), element("span", { class: "lfs-id" }, final || id ? id : "\u00a0"));
    return tokenName(piece.parts).endsWith("↵") ? [node, element("span", { class: "lfs-break", role: "presentation" })] : [node];
  }
}
