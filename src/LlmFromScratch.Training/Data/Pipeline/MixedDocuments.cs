namespace LlmFromScratch.Training.Data.Pipeline;

/// <summary>Draws documents from a store as a mixture says: a source by weight, and of it the document whose turn it is.</summary>
internal static class MixedDocuments
{
    /// <exception cref="ArgumentException">A weight names no source, or a source has none.</exception>
    public static IEnumerable<Document> Draw(DocumentStore store, MixingSettings settings, FunnelRow row)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Epochs, 1);
        DomainMixture mixture = new(Weights(store, settings), settings.Temperature, settings.Seed);
        foreach ((_, int length, _) in store.Sources.Values.SelectMany(places => places)) row.Enter(length);
        return Draw(store, mixture, settings.Epochs, row);
    }

    private static IEnumerable<Document> Draw(DocumentStore store, DomainMixture mixture, int epochs, FunnelRow row)
    {
        Dictionary<string, long> taken = store.Sources.Keys.ToDictionary(name => name, _ => 0L);
        while (true)
        {
            string name = mixture.Draw();
            int count = store.Sources[name].Count;
            if (taken[name] == (long)count * epochs) yield break;
            Document document = store.Read(name, (int)(taken[name]++ % count));
            row.Leave(document.ByteCount);
            row.Note($"from {name}");
            yield return document;
        }
    }

    private static IReadOnlyDictionary<string, double> Weights(DocumentStore store, MixingSettings settings)
    {
        if (settings.Weights.Count == 0) return store.Sources.ToDictionary(source => source.Key, source => (double)source.Value.Count);
        string sources = string.Join(", ", store.Sources.Keys);
        if (settings.Weights.Keys.FirstOrDefault(name => !store.Sources.ContainsKey(name)) is string unknown)
            throw new ArgumentException($"weight of {unknown}: no document of that source is left; the sources are {sources}.");
        if (store.Sources.Keys.FirstOrDefault(name => !settings.Weights.ContainsKey(name)) is string missing)
            throw new ArgumentException($"weights: none for the source {missing}; expected one for each of {sources} (0 leaves a source out).");
        return settings.Weights;
    }
}
