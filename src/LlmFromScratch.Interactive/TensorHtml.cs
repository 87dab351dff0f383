using System.Net;
using LlmFromScratch.Tensors;
using LlmFromScratch.Visuals;

namespace LlmFromScratch.Interactive;

/// <summary>A tensor as a notebook shows it: a heat map where that can be read, otherwise its shape and type.</summary>
internal static class TensorHtml
{
    private const int MostCells = 64; // along one axis: more are too small to point at

    public static string Render(Tensor tensor)
    {
        Shape shape = tensor.Shape;
        bool isDrawn = tensor.DType == DType.F32 && tensor.Storage is HostStorage && shape.Rank <= 2
            && shape.Count > 0 && shape.RowCount <= MostCells && shape.RowLength <= MostCells;
        if (!isDrawn) return $"<code>{WebUtility.HtmlEncode(tensor.ToString())}</code>";
        return Figure.HeatMap(tensor.Floats.ToArray(), Numbers((int)shape.RowCount), Numbers(shape.RowLength)).WithTitle(tensor.ToString()).ToHtml();
    }

    private static string[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(i => $"{i}")];
}
