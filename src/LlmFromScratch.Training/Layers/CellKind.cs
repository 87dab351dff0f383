namespace LlmFromScratch.Training.Layers;

/// <summary>The recurrent cells of <see cref="RecurrentLayer"/>.</summary>
public enum CellKind
{
    /// <summary><c>h' = tanh(W x + U h + b)</c> (Elman 1990).</summary>
    Rnn,

    /// <summary>Long short-term memory, gates i, f, g, o (Hochreiter and Schmidhuber 1997; Gers et al. 2000).</summary>
    Lstm,

    /// <summary>Gated recurrent unit, gates r, z, n (Cho et al. 2014).</summary>
    Gru,
}
