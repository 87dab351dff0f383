namespace LlmFromScratch.Training.Alignment;

/// <summary>Rollouts in a checkpoint: a run that is killed between two updates goes on with the answers that it had sampled.</summary>
internal static class RolloutStorage
{
    public static void Save(BinaryWriter writer, int updates, List<Rollout> rollouts)
    {
        writer.Write(updates);
        writer.Write(rollouts.Count);
        foreach (Rollout rollout in rollouts)
        {
            Write(writer, rollout.Prompt, writer.Write);
            Write(writer, rollout.Answer, writer.Write);
            writer.Write(rollout.Text);
            writer.Write(rollout.Expected);
            writer.Write(rollout.Score);
            foreach (double[] values in Arrays(rollout)) Write(writer, values, writer.Write);
        }
    }

    public static List<Rollout> Load(BinaryReader reader, out int updates)
    {
        updates = reader.ReadInt32();
        List<Rollout> rollouts = [];
        for (int left = reader.ReadInt32(); left > 0; left--)
        {
            Rollout rollout = new(Read(reader, reader.ReadInt32), Read(reader, reader.ReadInt32), reader.ReadString(), reader.ReadString()) { Score = reader.ReadDouble() };
            foreach (double[] values in Arrays(rollout)) Read(reader, reader.ReadDouble).CopyTo(values, 0);
            rollouts.Add(rollout);
        }
        return rollouts;
    }

    private static double[][] Arrays(Rollout rollout) =>
        [rollout.OldLogProbabilities, rollout.ReferenceLogProbabilities, rollout.Values, rollout.Advantages, rollout.Returns];

    private static void Write<T>(BinaryWriter writer, T[] values, Action<T> write)
    {
        writer.Write(values.Length);
        foreach (T value in values) write(value);
    }

    private static T[] Read<T>(BinaryReader reader, Func<T> read)
    {
        T[] values = new T[reader.ReadInt32()];
        for (int i = 0; i < values.Length; i++) values[i] = read();
        return values;
    }
}
