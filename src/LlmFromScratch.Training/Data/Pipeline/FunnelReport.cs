using System.Globalization;
using System.Text;
using System.Text.Json;

namespace LlmFromScratch.Training.Data.Pipeline;

/// <summary>How many documents and bytes each stage let through: the funnel from what was read to what is written.</summary>
public sealed class FunnelReport
{
    private readonly List<FunnelRow> _rows = [];

    /// <summary>One row a stage, in their order.</summary>
    public IReadOnlyList<FunnelRow> Rows => _rows;

    internal FunnelRow AddRow(string name)
    {
        FunnelRow row = new(name);
        _rows.Add(row);
        return row;
    }

    /// <summary>The rows as JSON: <c>{"stages": [{"name", "documentsIn", "documentsOut", "bytesIn", "bytesOut", "notes": {...}}, ...]}</c>.</summary>
    public string ToJson() => JsonSerializer.Serialize(new { Stages = _rows }, PipelineJson.Indented);

    /// <summary>A Markdown table: stage, documents in and out, bytes in and out, the share of bytes kept, and what was noted.</summary>
    public override string ToString()
    {
        StringBuilder text = new("| stage | documents in | out | bytes in | out | kept | noted |\n|---|---:|---:|---:|---:|---:|---|\n");
        foreach (FunnelRow row in _rows)
        {
            string kept = row.BytesIn == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{100.0 * row.BytesOut / row.BytesIn:F1} %");
            string notes = string.Join(", ", row.Notes.Select(note => string.Create(CultureInfo.InvariantCulture, $"{note.Key} {note.Value:N0}")));
            text.Append(CultureInfo.InvariantCulture,
                $"| {row.Name} | {row.DocumentsIn:N0} | {row.DocumentsOut:N0} | {row.BytesIn:N0} | {row.BytesOut:N0} | {kept} | {notes} |\n");
        }
        return text.ToString();
    }
}
