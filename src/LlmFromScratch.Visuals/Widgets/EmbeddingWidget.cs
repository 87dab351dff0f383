using System.Globalization;
using System.Text.Json;
using LlmFromScratch.Visuals.Rendering;

namespace LlmFromScratch.Visuals.Widgets;

/// <summary>
/// Words as points in space, which the reader turns and zooms; two words at a time are compared by the cosine of their whole vectors:
/// <c>a · b / (|a| |b|)</c>. The points are a projection to three directions (principal components, as a rule). Chapter 04 teaches it.
/// </summary>
public sealed class EmbeddingWidget : Widget
{
    private readonly string[] _labels; // [N]
    private readonly float[][] _points, _vectors; // [N][3], [N][C]
    private readonly int[] _groups; // [N]

    /// <summary>Shows vectors and where a projection puts them.</summary>
    /// <param name="labels">[N] the words, at least two.</param>
    /// <param name="vectors">[N][C] their vectors, finite.</param>
    /// <param name="points">[N][3] their places; they are scaled together to fit the picture.</param>
    /// <param name="groups">[N] a colour for each word, or null for one colour.</param>
    /// <exception cref="ArgumentException">The sizes do not fit together, or a number is not finite.</exception>
    public EmbeddingWidget(string[] labels, float[][] vectors, float[][] points, int[]? groups = null)
    {
        int count = labels.Length;
        if (count < 2 || vectors.Length != count || points.Length != count || (groups is not null && groups.Length != count)) throw new ArgumentException(
            $"EmbeddingWidget: expected a vector, a point and a group for each of at least 2 words; got {count} words, {vectors.Length} vectors, {points.Length} points.", nameof(vectors));
        int wrong = Array.FindIndex(points, point => point.Length != 3);
        if (wrong >= 0) throw new ArgumentException($"EmbeddingWidget: point {wrong} has {points[wrong].Length} numbers; expected 3.", nameof(points));
        wrong = Array.FindIndex(vectors, vector => vector.Length != vectors[0].Length || vector.Length == 0);
        if (wrong >= 0) throw new ArgumentException($"EmbeddingWidget: vector {wrong} has {vectors[wrong].Length} numbers, the first has {vectors[0].Length}; expected the same, at least 1.", nameof(vectors));
        if (vectors.Concat(points).Any(row => row.Any(value => !float.IsFinite(value)))) throw new ArgumentException("EmbeddingWidget: a number is not finite.", nameof(vectors));
        float largest = points.Max(point => point.Max(Math.Abs));
        float scale = largest > 0 ? 1 / largest : 1;
        (_labels, _vectors, _groups) = ([.. labels], vectors, groups ?? new int[count]);
        _points = [.. points.Select(point => point.Select(value => value * scale).ToArray())];
    }

    private protected override string Name => "embedding";

    private protected override IReadOnlyList<string> Scripts => ["dom.js", "draw.js", "space.js", "embedding-widget.js"];

    /// <summary>The still picture: the points from one side.</summary>
    public override string ToSvg() => Figure.Scatter3D("words", Axis(0), Axis(1), Axis(2), [.. _labels.Select(label => TokenText.Visible(TokenText.Split(label)))])
        .WithTitle("Words in space").ToSvg();

    /// <inheritdoc/>
    public override string ToString() => $"Embeddings: {_labels.Length} words, vectors of {_vectors[0].Length} numbers";

    private protected override void WriteData(Utf8JsonWriter json)
    {
        json.WriteStartArray("labels");
        foreach (string label in _labels) TokenText.Write(json, TokenText.Split(label));
        json.WriteEndArray();
        Write(json, "points", _points);
        Write(json, "vectors", _vectors);
        json.WriteStartArray("groups");
        foreach (int group in _groups) json.WriteNumberValue(group);
        json.WriteEndArray();
    }

    private float[] Axis(int axis) => Array.ConvertAll(_points, point => point[axis]);

    private static void Write(Utf8JsonWriter json, string name, float[][] rows)
    {
        json.WriteStartArray(name);
        foreach (float[] row in rows)
        {
            json.WriteStartArray();
            foreach (float value in row) json.WriteRawValue(double.Parse(value.ToString("g5", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture)); // five digits: a cosine to four decimals
            json.WriteEndArray();
        }
        json.WriteEndArray();
    }
}
