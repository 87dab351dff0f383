using LlmFromScratch.Kernels.Quantization;
using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Configuration;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Training;

/// <summary>How a run ends whose steps are all made: with a file, and with a line that says what storing the weights in its type has cost.</summary>
internal static class RunExport
{
    /// <summary>Before the first step: makes the folder of the file that the config asks for, and refuses a type that its matrices do not fit into.</summary>
    /// <exception cref="InvalidDataException">A row of a matrix is no whole number of the type's blocks.</exception>
    public static void Check(RunConfig config, IReadOnlyList<Variable> weights)
    {
        if (config.ExportFile is not string file) return;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!); // not null: a full path to a file has a folder
        BlockFit.Require($"{config.Name}: exportType", config.ExportDType, weights.Where(weight => GgufExport.StoredType(weight, config.ExportDType) == config.ExportDType));
    }

    /// <summary>Writes the file that the config asks for, if it does. Afterwards the weights in memory are those of the file.</summary>
    /// <param name="config">Names the file and its type.</param>
    /// <param name="trainer">Measures on held-out data.</param>
    /// <param name="weights">The weights of the file.</param>
    /// <param name="export">Writes it.</param>
    /// <param name="log">Gets the line.</param>
    public static void Write(RunConfig config, Trainer trainer, IReadOnlyList<Variable> weights, Action<string> export, TrainingLog log)
    {
        if (config.ExportFile is not string file) return;
        export(file);
        log.Line($"wrote {file}");
        if (config.ExportDType == DType.F32) return;
        Measurement exact = trainer.Evaluate()[0];
        foreach (Variable weight in weights) Store(weight, config.ExportDType);
        double stored = trainer.Evaluate()[0].Value;
        log.Line($"{TrainingLog.Words(exact.Name)} {exact.Value:f5} with weights in float, {stored:f5} as stored in {config.ExportType}");
    }

    private static void Store(Variable weight, DType type)
    {
        Tensor stored = GgufExport.ToTensor(weight, type);
        int size = weight.Shape.RowLength;
        for (int row = 0; row < weight.Shape.RowCount; row++)
            RowCodec.Decode(stored.DType, stored.Bytes.Slice((int)(row * stored.RowBytes), (int)stored.RowBytes), weight.Data.Slice(row * size, size));
    }
}
