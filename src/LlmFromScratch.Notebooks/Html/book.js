// Draws a page's Plotly figures and Mermaid diagrams in the colours of the reader's theme. A figure is stored in light colours.
(function () {
  const theme = matchMedia("(prefers-color-scheme: dark)");
  theme.addEventListener("change", () => location.reload()); // both libraries draw once

  // Ink, muted, line, paper, and the two series that are hard to see on black: as in the palette of LlmFromScratch.Visuals.
  const night = { "#1f2328": "#e8eaed", "#5c6570": "#a3abb5", "#d5d9de": "#3a4048", "#ffffff": "#1b1e23", "#0072b2": "#56b4e9", "#56b4e9": "#f0e442" };
  const inTheme = (json) => theme.matches ? json.replace(/#[0-9a-f]{6}\b/gi, (colour) => night[colour.toLowerCase()] ?? colour) : json;

  for (const figure of typeof Plotly === "undefined" ? [] : document.querySelectorAll(".plotly")) {
    const { data, layout, frames } = JSON.parse(inTheme(figure.querySelector("script").textContent));
    delete layout.width; // as wide as the column
    for (const stop of data.flatMap((trace) => trace.colorscale ?? [])) if (stop[1] === night["#0072b2"]) stop[1] = "#0f7dc2"; // white can be read on it
    const live = figure.appendChild(document.createElement("div"));
    Plotly.newPlot(live, data, { ...layout, autosize: true }, { displaylogo: false, responsive: true }).then(() => {
      if (frames) Plotly.addFrames(live, frames);
      figure.querySelector(".still").remove();
    });
  }

  if (typeof mermaid !== "undefined") mermaid.initialize({
    startOnLoad: true, theme: theme.matches ? "dark" : "neutral", fontFamily: "system-ui, sans-serif",
    flowchart: { wrappingWidth: 260, subGraphTitleMargin: { top: 4, bottom: 8 } },
  });
})();
