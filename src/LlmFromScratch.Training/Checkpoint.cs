using System.Runtime.InteropServices;
using System.Text;
using LlmFromScratch.Formats;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Optimization;

namespace LlmFromScratch.Training;

/// <summary>
/// A training run on disk: the step, the state of the data's random generator (and with it the position in the data), what early stopping and the
/// objective remember, every weight and the optimizer's state. After loading, the next losses have the bits they would have had. Little-endian, version 2.
/// </summary>
internal static class Checkpoint
{
    private const string Magic = "LlmFromScratch checkpoint 2";

    /// <summary>Writes the file beside its place and renames it: a killed run leaves the old checkpoint or the new one, never a part.</summary>
    public static void Save(string path, TrainingState state, ITrainingObjective objective, Optimizer optimizer) =>
        AtomicFile.Write(path, stream => Write(stream, state, objective, optimizer));

    private static void Write(Stream stream, TrainingState state, ITrainingObjective objective, Optimizer optimizer)
    {
        using BinaryWriter writer = new(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(Magic);
        writer.Write(Identity(objective, optimizer));
        writer.Write(state.Step);
        (ulong s0, ulong s1, ulong s2, ulong s3) = state.Random.State;
        foreach (ulong word in (ReadOnlySpan<ulong>)[s0, s1, s2, s3]) writer.Write(word);
        writer.Write(state.Best);
        writer.Write(state.EvaluationsSinceBest);
        objective.Save(writer);
        writer.Write(optimizer.StepCount);
        for (int i = 0; i < optimizer.Parameters.Count; i++)
        {
            Variable parameter = optimizer.Parameters[i];
            writer.Write(parameter.Name);
            writer.Write(MemoryMarshal.AsBytes(parameter.Data));
            foreach (float[] array in optimizer.State(i)) writer.Write(MemoryMarshal.AsBytes<float>(array));
        }
        writer.Write(Magic); // the end: a file without it was cut off
    }

    /// <summary>Fills state, objective, weights and optimizer.</summary>
    /// <exception cref="InvalidDataException">Another format, another run's config, or a file that was cut off.</exception>
    public static void Load(string path, TrainingState state, ITrainingObjective objective, Optimizer optimizer)
    {
        using BinaryReader reader = new(File.OpenRead(path));
        try
        {
            Expect(path, "format", Magic, reader.ReadString());
            Expect(path, "config", Identity(objective, optimizer), reader.ReadString());
            state.Step = reader.ReadInt32();
            state.Random.State = (reader.ReadUInt64(), reader.ReadUInt64(), reader.ReadUInt64(), reader.ReadUInt64());
            state.Best = reader.ReadDouble();
            state.EvaluationsSinceBest = reader.ReadInt32();
            objective.Load(reader);
            optimizer.StepCount = reader.ReadInt32();
            for (int i = 0; i < optimizer.Parameters.Count; i++)
            {
                Variable parameter = optimizer.Parameters[i];
                Expect(path, "tensor", parameter.Name, reader.ReadString());
                reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(parameter.Data));
                foreach (float[] array in optimizer.State(i)) reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(array.AsSpan()));
            }
            Expect(path, "end", Magic, reader.ReadString());
        }
        catch (Exception error) when (error is EndOfStreamException or FormatException)
        {
            throw new InvalidDataException(
                $"{path}: the checkpoint ends at byte {reader.BaseStream.Length}, before all tensors were read; was it cut off?", error);
        }
    }

    private static string Identity(ITrainingObjective objective, Optimizer optimizer) => $"{objective.Identity}, {optimizer.GetType().Name}";

    private static void Expect(string path, string field, string expected, string got)
    {
        if (got != expected) throw new InvalidDataException(
            $"{path}: {field}: expected {expected}, got {got}. Was the checkpoint made with another config?");
    }
}
