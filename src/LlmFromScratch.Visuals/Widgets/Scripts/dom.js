// Building elements. Text only ever becomes a text node, so no token can turn into markup.

function element(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

// A token from its stretches [[kind, text], ...].
function tokenLabel(parts) {
  return element("span", { class: "lfs-token" }, ...parts.map(([kind, text]) => element("span", { class: "lfs-" + kind }, text)));
}

function tokenName(parts) {
  return parts.map(([, text]) => text).join("");
}

// A labelled slider that shows its value; show turns the number into text.
function slider(label, { min, max, step, value, show, change }) {
  const output = element("output", {}, show(value));
  const input = element("input", { type: "range", min, max, step, value, "aria-valuetext": show(value) });
  input.addEventListener("input", () => {
    output.textContent = show(Number(input.value));
    input.setAttribute("aria-valuetext", output.textContent);
    change(Number(input.value));
  });
  return element("label", { class: "lfs-slider" }, element("span", { class: "lfs-row" }, element("span", {}, label), output), input);
}

// Buttons of which one is chosen: a radio group with arrow keys. Each option is {content, label}. choose(i) selects from outside.
function radioGroup(label, className, options, chosen, change) {
  const buttons = options.map((option, i) => element("button", {
    type: "button", role: "radio", class: "lfs-option", "aria-label": option.label, onclick: () => choose(i, true),
  }, option.content));
  const group = element("div", { class: className, role: "radiogroup", "aria-label": label, onkeydown: move }, ...buttons);

  function choose(index, notify) {
    chosen = index;
    buttons.forEach((button, i) => {
      button.setAttribute("aria-checked", i === index);
      button.tabIndex = i === index ? 0 : -1;
    });
    if (notify) change(index);
  }

  function move(event) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const target = event.key === "Home" ? 0 : event.key === "End" ? buttons.length - 1 : step ? chosen + step : -1;
    if (target < 0 || target >= buttons.length) return;
    event.preventDefault();
    choose(target, true);
    buttons[target].focus();
  }

  choose(chosen, false);
  return { group, buttons, choose: (index) => choose(index, false) };
}

function percent(value) {
  return value >= 0.9995 ? "100 %" : value >= 0.0995 ? (100 * value).toFixed(1) + " %" : value === 0 ? "0" : value < 0.0001 ? "< 0.01 %" : (100 * value).toFixed(2) + " %";
}
