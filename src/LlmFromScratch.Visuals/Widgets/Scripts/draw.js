// Drawing in SVG. Text only ever becomes a text node.

function drawing(tag, attributes, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== null) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

// The pixels of a plot: x from left to right, y upward.
function plotArea(width, height, [x0, x1], [y0, y1], margin = 28) {
  return {
    width, height,
    x: (value) => margin + (value - x0) / (x1 - x0) * (width - 2 * margin),
    y: (value) => height - margin - (value - y0) / (y1 - y0) * (height - 2 * margin),
    fromX: (pixel) => x0 + (pixel - margin) / (width - 2 * margin) * (x1 - x0),
  };
}

function path(points) {
  return points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(2)},${y.toFixed(2)}`).join("");
}

// Where the pointer stands in the drawing's own units.
function pointerAt(svg, event) {
  const box = svg.getBoundingClientRect();
  return [(event.clientX - box.left) * svg.viewBox.baseVal.width / box.width, (event.clientY - box.top) * svg.viewBox.baseVal.height / box.height];
}

function digits(value, count = 4) {
  return Number.isFinite(value) ? String(Number(value.toPrecision(count))) : String(value);
}

function fact(value, name) {
  return element("span", {}, element("strong", {}, value), " " + name);
}
