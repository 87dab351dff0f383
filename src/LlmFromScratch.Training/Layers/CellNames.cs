namespace LlmFromScratch.Training.Layers;

/// <summary>The names of recurrent cells: what recipes and files call the architecture of a model made of them.</summary>
internal static class CellNames
{
    /// <summary>"rnn", "lstm" or "gru".</summary>
    public static string Name(this CellKind kind) => kind switch
    {
        CellKind.Rnn => "rnn",
        CellKind.Lstm => "lstm",
        CellKind.Gru => "gru",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "CellNames: expected Rnn, Lstm or Gru."),
    };

    /// <summary>The cell of an architecture; null where it is no recurrent one.</summary>
    public static CellKind? Find(string architecture) => architecture switch
    {
        "rnn" => CellKind.Rnn,
        "lstm" => CellKind.Lstm,
        "gru" => CellKind.Gru,
        _ => null,
    };
}
