using System.Runtime.InteropServices;
using System.Text;
using LlmFromScratch.Formats;
using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Data;
using LlmFromScratch.Training.Models;
using LlmFromScratch.Training.Optimization;

namespace LlmFromScratch.Training;

/// <summary>
/// A training run on disk: the step, the state of the data's random generator (and with it the position in the data), every weight and both means
/// of the optimizer. After loading, the next losses have the bits they would have had. Little-endian, version 1.
/// </summary>
internal static class Checkpoint
{
    private const string Magic = "LlmFromScratch checkpoint 1";

    public static void Save(string path, string identity, int step, SeededRandom random, LlamaTrainingModel model, AdamW optimizer) =>
        AtomicFile.Write(path, stream => Write(stream, identity, step, random, model, optimizer));

    private static void Write(Stream stream, string identity, int step, SeededRandom random, LlamaTrainingModel model, AdamW optimizer)
    {
        using BinaryWriter writer = new(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(Magic);
        writer.Write(identity);
        writer.Write(step);
        (ulong s0, ulong s1, ulong s2, ulong s3) = random.State;
        foreach (ulong word in (ReadOnlySpan<ulong>)[s0, s1, s2, s3]) writer.Write(word);
        writer.Write(optimizer.StepCount);
        for (int i = 0; i < model.Parameters.Count; i++)
        {
            Variable parameter = model.Parameters[i];
            (float[] mean, float[] square) = optimizer.State(i);
            writer.Write(parameter.Name);
            writer.Write(MemoryMarshal.AsBytes(parameter.Data));
            writer.Write(MemoryMarshal.AsBytes<float>(mean));
            writer.Write(MemoryMarshal.AsBytes<float>(square));
        }
        writer.Write(Magic); // the end: a file without it was cut off
    }

    /// <summary>Fills model, optimizer and generator; returns the number of steps that were made.</summary>
    /// <exception cref="InvalidDataException">Another format, another run's config, or a file that was cut off.</exception>
    public static int Load(string path, string identity, SeededRandom random, LlamaTrainingModel model, AdamW optimizer)
    {
        using BinaryReader reader = new(File.OpenRead(path));
        try
        {
            Expect(path, "format", Magic, reader.ReadString());
            Expect(path, "config", identity, reader.ReadString());
            int step = reader.ReadInt32();
            random.State = (reader.ReadUInt64(), reader.ReadUInt64(), reader.ReadUInt64(), reader.ReadUInt64());
            optimizer.StepCount = reader.ReadInt32();
            for (int i = 0; i < model.Parameters.Count; i++)
            {
                Variable parameter = model.Parameters[i];
                (float[] mean, float[] square) = optimizer.State(i);
                Expect(path, "tensor", parameter.Name, reader.ReadString());
                reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(parameter.Data));
                reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(mean.AsSpan()));
                reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(square.AsSpan()));
            }
            Expect(path, "end", Magic, reader.ReadString());
            return step;
        }
        catch (Exception error) when (error is EndOfStreamException or FormatException)
        {
            throw new InvalidDataException(
                $"{path}: the checkpoint ends at byte {reader.BaseStream.Length}, before all tensors were read; was it cut off?", error);
        }
    }

    private static void Expect(string path, string field, string expected, string got)
    {
        if (got != expected) throw new InvalidDataException(
            $"{path}: {field}: expected {expected}, got {got}. Was the checkpoint made with another config?");
    }
}
