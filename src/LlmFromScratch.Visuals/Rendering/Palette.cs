namespace LlmFromScratch.Visuals.Rendering;

/// <summary>
/// The colours of every figure. Series colours are those of Okabe and Ito 2008, "Color Universal Design", which stay apart for readers
/// with any common colour blindness; in the dark theme sky blue takes the place of blue, and yellow
/// that of sky blue, because blue is hard to see on black and yellow on white.
/// </summary>
internal static class Palette
{
    public const string Ink = "#1f2328", Muted = "#5c6570", Line = "#d5d9de", Paper = "#ffffff", Heat = "#0072B2", Cold = "#D55E00";

    /// <summary>Blue, orange, bluish green, vermillion, reddish purple, sky blue: the seventh series starts again.</summary>
    public static readonly IReadOnlyList<string> Series = ["#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9"];

    private const string DarkVariables =
        "--ink:#e8eaed;--muted:#a3abb5;--line:#3a4048;--paper:#1b1e23;--heat:#0f7dc2;--cold:#c9601a;--s0:#56B4E9;--s5:#F0E442";

    private const string LightVariables =
        "--ink:#1f2328;--muted:#5c6570;--line:#d5d9de;--paper:#ffffff;--heat:#0072B2;--cold:#D55E00;--s0:#0072B2;--s5:#56B4E9";

    /// <summary>
    /// The style sheet of a figure. Shapes also carry the light colours as plain attributes, for viewers without style sheets. The theme
    /// of the surrounding page (VS Code, Jupyter, an attribute data-theme) wins over that of the system.
    /// </summary>
    public static readonly string StyleSheet =
        ".lfs-svg{" + LightVariables + ";font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif}.lfs-svg text{white-space:pre}"
        + "@media (prefers-color-scheme:dark){.lfs-svg{" + DarkVariables + "}}"
        + ".vscode-light .lfs-svg,[data-jp-theme-light='true'] .lfs-svg,[data-theme='light'] .lfs-svg{" + LightVariables + "}"
        + ".vscode-dark .lfs-svg,[data-jp-theme-light='false'] .lfs-svg,[data-theme='dark'] .lfs-svg{" + DarkVariables + "}"
        + ".lfs-svg .ink{fill:var(--ink)}.lfs-svg .muted{fill:var(--muted)}.lfs-svg .paper{fill:var(--paper)}.lfs-svg .rule{stroke:var(--line)}"
        + ".lfs-svg .axis{stroke:var(--muted)}.lfs-svg .heat{fill:var(--heat)}.lfs-svg .cold{fill:var(--cold)}"
        + ".lfs-svg .f0{fill:var(--s0)}.lfs-svg .f5{fill:var(--s5)}.lfs-svg .l0{stroke:var(--s0)}.lfs-svg .l5{stroke:var(--s5)}";
}
