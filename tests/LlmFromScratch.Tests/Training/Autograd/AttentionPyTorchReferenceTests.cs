using System.Text.Json;
using System.Text.RegularExpressions;
using LlmFromScratch.Kernels;
using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Layers;

namespace LlmFromScratch.Tests.Training.Autograd;

/// <summary>Attention, its gradients, positions by rotation, by distance and by sinusoids against attention.json, in float32 and in double.</summary>
public class AttentionPyTorchReferenceTests
{
    private const string Sinusoids = "sinusoidal_"; // then TxC

    public static TheoryData<int, bool> AttentionCases() => ReferenceData.CasesOnBothPaths("attention", candidate => candidate.TryGetProperty("in", out _));

    public static TheoryData<int, bool> SinusoidCases() =>
        ReferenceData.CasesOnBothPaths("attention", candidate => candidate.EnumerateObject().Any(property => property.Name.StartsWith(Sinusoids)));

    [Theory, MemberData(nameof(AttentionCases))]
    public void Attention_ReferenceCase_MatchesValuesWeightsAndGradients(int index, bool exact)
    {
        using ReferencePath path = new(exact);
        Inputs given = new(path, index);
        Variable y = path.Tape.Attention(given.Q, given.K, given.V, given.Settings);
        path.AssertClose("y", given.Expected("y"), path.Values(y));
        path.Backward(y, given.OutputGradient);
        path.AssertClose("dq", given.Expected("dq"), path.Gradient(given.Q));
        path.AssertClose("dk", given.Expected("dk"), path.Gradient(given.K));
        path.AssertClose("dv", given.Expected("dv"), path.Gradient(given.V));
        path.AssertClose("weights", given.Expected("weights"), Weights(path, given));
    }

    [Theory, MemberData(nameof(AttentionCases))]
    public void Alibi_ReferenceCase_Matches(int index, bool exact)
    {
        using ReferencePath path = new(exact);
        Inputs given = new(path, index);
        Variable bias = PositionBias.Alibi(given.Heads, given.Queries, given.Keys);
        path.AssertClose("alibi_y", given.Expected("alibi_y"), path.Values(path.Tape.Attention(given.Q, given.K, given.V, given.Settings, bias)));
    }

    [Theory, MemberData(nameof(AttentionCases))]
    public void Rope_ReferenceCase_MatchesBothPairings(int index, bool exact)
    {
        using ReferencePath path = new(exact);
        Inputs given = new(path, index);
        string note = ReferenceData.Load("attention").GetProperty("note").GetString() ?? "";
        Match said = Regex.Match(note, @"rope: base (\d+), first position (\d+)");
        Assert.True(said.Success, $"the note says no base and first position: {note}");
        RopeSettings settings = new(given.Size, given.Queries, FirstPosition: int.Parse(said.Groups[2].Value), RopeBase: float.Parse(said.Groups[1].Value));
        path.AssertClose("interleaved", given.Expected("rope_interleaved_q"), path.Values(path.Tape.Rope(given.Q, settings)));
        path.AssertClose("half", given.Expected("rope_half_q"), path.Values(path.Tape.Rope(given.Q, settings with { Pairing = RopePairing.Half })));
    }

    [Theory, MemberData(nameof(SinusoidCases))]
    public void Sinusoids_ReferenceCase_Match(int index, bool exact)
    {
        using ReferencePath path = new(exact);
        foreach (JsonProperty property in ReferenceData.Case("attention", index).EnumerateObject().Where(property => property.Name.StartsWith(Sinusoids)))
        {
            int count = property.Value.Size(0), size = property.Value.Size(1);
            int[] ids = [.. Enumerable.Range(0, count)];
            path.AssertClose(property.Name, property.Value, path.Values(path.Tape.Embedding(SinusoidalPositions.Table(count, size), ids)));
        }
    }

    // The weights [H, T, S], read through values that are unit vectors: D keys at a time.
    private static double[] Weights(ReferencePath path, Inputs given)
    {
        double[] weights = new double[given.Heads * given.Queries * given.Keys];
        for (int first = 0; first < given.Keys; first += given.Size)
        {
            double[] units = new double[given.Keys * given.KvHeads * given.Size];
            int count = Math.Min(given.Size, given.Keys - first);
            for (int i = 0; i < count; i++)
            for (int head = 0; head < given.KvHeads; head++)
                units[((first + i) * given.KvHeads + head) * given.Size + i] = 1;
            Variable values = Variable.Constant("units", given.V.Shape, units);
            double[] y = path.Values(path.Tape.Attention(given.Q, given.K, values, given.Settings)); // [T, H, D]
            for (int t = 0; t < given.Queries; t++)
            for (int head = 0; head < given.Heads; head++)
            for (int i = 0; i < count; i++)
                weights[(head * given.Queries + t) * given.Keys + first + i] = y[(t * given.Heads + head) * given.Size + i];
        }
        return weights;
    }

    private sealed class Inputs
    {
        private readonly JsonElement _output;

        public Inputs(ReferencePath path, int index)
        {
            JsonElement data = ReferenceData.Case("attention", index), input = data.GetProperty("in");
            _output = data.GetProperty("out");
            (Queries, Heads, Size) = (input.GetProperty("q").Size(0), input.GetProperty("q").Size(1), input.GetProperty("q").Size(2));
            (Keys, KvHeads) = (input.GetProperty("k").Size(0), input.GetProperty("k").Size(1));
            Q = path.Leaf(input.GetProperty("q"), "q", Queries, Heads * Size);
            K = path.Leaf(input.GetProperty("k"), "k", Keys, KvHeads * Size);
            V = path.Leaf(input.GetProperty("v"), "v", Keys, KvHeads * Size);
            OutputGradient = input.GetProperty("dy");
            Settings = new AttentionSettings(1, Heads, KvHeads, input.GetProperty("causal").GetBoolean());
        }

        public int Queries { get; }

        public int Keys { get; }

        public int Heads { get; }

        public int KvHeads { get; }

        public int Size { get; }

        public Variable Q { get; }

        public Variable K { get; }

        public Variable V { get; }

        public JsonElement OutputGradient { get; }

        public AttentionSettings Settings { get; }

        public JsonElement Expected(string name) => _output.GetProperty(name);
    }
}
