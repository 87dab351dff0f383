namespace LlmFromScratch.Notebooks.Html;

/// <summary>The LaTeX commands that stand for one sign, by their names.</summary>
internal static class LatexSymbols
{
    /// <summary>Letters, set as identifiers.</summary>
    public static readonly Dictionary<string, string> Letters = Pairs("""
        alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ iota ι kappa κ lambda λ mu μ nu ν xi ξ pi π rho ρ sigma σ tau τ
        upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Phi Φ Psi Ψ Omega Ω ell ℓ
        infty ∞ partial ∂ nabla ∇ emptyset ∅ hbar ℏ
        """);

    /// <summary>Operators, relations, arrows and brackets.</summary>
    public static readonly Dictionary<string, string> Operators = Pairs("""
        sum ∑ prod ∏ int ∫ cdot · times × div ÷ pm ± mp ∓ le ≤ leq ≤ ge ≥ geq ≥ ne ≠ neq ≠ approx ≈ equiv ≡ sim ∼ propto ∝ ll ≪ gg ≫
        in ∈ notin ∉ subset ⊂ subseteq ⊆ cup ∪ cap ∩ forall ∀ exists ∃ neg ¬ land ∧ lor ∨ to → rightarrow → leftarrow ← Rightarrow ⇒ Leftarrow ⇐
        leftrightarrow ↔ mapsto ↦ odot ⊙ oplus ⊕ otimes ⊗ circ ∘ star ⋆ ast ∗ top ⊤ mid ∣ vert | lVert ‖ rVert ‖ | ‖ Vert ‖ langle ⟨ rangle ⟩
        lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ ldots … dots … cdots ⋯ vdots ⋮ prime ′ { { } } % % _ _ # # & & colon :
        """);

    /// <summary>Accents, set above their letter.</summary>
    public static readonly Dictionary<string, string> Accents = Pairs("hat ^ widehat ^ bar ‾ overline ‾ tilde ~ vec → dot ˙ ddot ¨");

    /// <summary>Letters of the double-struck and the script alphabet, by alphabet and letter.</summary>
    public static readonly Dictionary<string, string> Alphabets = Pairs("""
        mathbb-R ℝ mathbb-N ℕ mathbb-Z ℤ mathbb-Q ℚ mathbb-C ℂ mathbb-E 𝔼 mathbb-P ℙ mathbb-1 𝟙
        mathcal-L ℒ mathcal-N 𝒩 mathcal-D 𝒟 mathcal-O 𝒪 mathcal-V 𝒱 mathcal-X 𝒳 mathcal-Y 𝒴 mathcal-F ℱ
        """);

    /// <summary>Spaces, by their widths.</summary>
    public static readonly Dictionary<string, string> Spaces = Pairs(", 0.17em ; 0.28em : 0.22em ! 0em quad 1em qquad 2em");

    /// <summary>Functions, set upright under their own name.</summary>
    public static readonly HashSet<string> Functions =
        ["log", "ln", "exp", "sin", "cos", "tan", "tanh", "sinh", "cosh", "max", "min", "arg", "lim", "sup", "inf", "det", "dim", "ker", "Pr", "gcd"];

    private static Dictionary<string, string> Pairs(string list)
    {
        string[] words = list.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return words.Chunk(2).ToDictionary(pair => pair[0], pair => pair[1]);
    }
}
