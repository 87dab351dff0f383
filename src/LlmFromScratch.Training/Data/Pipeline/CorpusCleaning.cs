using System.Text;
using LlmFromScratch.Formats;
using LlmFromScratch.Numerics;

namespace LlmFromScratch.Training.Data.Pipeline;

/// <summary>Runs a request: reads, cleans, mixes or shuffles, and writes a corpus with its manifest. Same files, same request, same bytes.</summary>
public static class CorpusCleaning
{
    /// <summary>Cleans. Corpus, manifest and report appear under their names only when they are complete.</summary>
    /// <param name="request">What and how.</param>
    /// <param name="progress">Told the documents read so far, every thousand; null for nobody.</param>
    /// <param name="cancellationToken">Stops between two documents; nothing is left behind then.</param>
    /// <returns>The funnel.</returns>
    /// <exception cref="ArgumentException">A setting is out of range, an output is no .txt or .jsonl file, or a file is to be written that is read or written already.</exception>
    /// <exception cref="FileNotFoundException">An input is missing.</exception>
    /// <exception cref="InvalidDataException">An input is no such file, or no document is left.</exception>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    public static FunnelReport Run(CleaningRequest request, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        DocumentWriter writer = new(request.Output);
        CleaningPipeline pipeline = new(request.Stages());
        CheckFiles(request);
        DocumentReader reader = new() { Licence = request.Licence, JoinCharacters = request.JoinCharacters };
        IEnumerable<Document> cleaned = pipeline.Run(Counted(request.Inputs.SelectMany(reader.Read), progress, cancellationToken));
        using DocumentStore? store = request.Mixing is null && request.ShuffleSeed is null ? null : new DocumentStore($"{request.Output}.{Environment.ProcessId}.documents");
        Dictionary<(string Source, string? Licence), (long Documents, long Bytes)> parts = [];
        AtomicFile.Write(request.Output, stream =>
        {
            foreach (Document document in store is null ? cleaned : Reordered(cleaned, store, request, pipeline.Funnel))
            {
                cancellationToken.ThrowIfCancellationRequested();
                stream.Write(writer.Bytes(document));
                (long documents, long bytes) = parts.GetValueOrDefault((document.Source, document.Licence));
                parts[(document.Source, document.Licence)] = (documents + 1, bytes + document.ByteCount);
            }
            if (parts.Count == 0) throw new InvalidDataException(NothingLeft(pipeline.Funnel));
        });
        ManifestFile output = LicenceManifest.Describe(request.Output);
        ManifestPart[] ordered = [.. parts.OrderBy(part => part.Key.Source, StringComparer.Ordinal).ThenBy(part => part.Key.Licence, StringComparer.Ordinal)
            .Select(part => new ManifestPart(part.Key.Source, part.Key.Licence, part.Value.Documents, part.Value.Bytes))];
        LicenceManifest manifest = new(output.File, output.Bytes, output.Sha256, [.. request.Inputs.Select(LicenceManifest.Describe)], ordered);
        WriteText(request.Manifest, manifest.ToJson());
        if (request.Report is string report) WriteText(report, pipeline.Funnel.ToJson());
        return pipeline.Funnel;
    }

    private static void WriteText(string path, string text) => AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text + "\n")));

    private static IEnumerable<Document> Counted(IEnumerable<Document> documents, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        int count = 0;
        foreach (Document document in documents)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (++count % 1000 == 0) progress?.Report(count);
            yield return document;
        }
        progress?.Report(count);
    }

    private static IEnumerable<Document> Reordered(IEnumerable<Document> cleaned, DocumentStore store, CleaningRequest request, FunnelReport funnel)
    {
        foreach (Document document in cleaned) store.Add(document);
        if (store.Sources.Count == 0) return [];
        if (request.Mixing is null) return store.ReadShuffled(new SeededRandom(request.ShuffleSeed!.Value)); // not null: there is a store
        if (request.ShuffleSeed is ulong seed) store.Shuffle(new SeededRandom(seed));
        return MixedDocuments.Draw(store, request.Mixing, funnel.AddRow("mixture"));
    }

    private static void CheckFiles(CleaningRequest request)
    {
        if (request.Inputs.Count == 0) throw new ArgumentException("expected at least one file to clean, got none.");
        if (request.Inputs.FirstOrDefault(input => !File.Exists(input)) is string missing) throw new FileNotFoundException($"{missing}: no such file.", missing);
        HashSet<string> taken = [.. request.Inputs.Select(Path.GetFullPath)];
        foreach (string? written in (string?[])[request.Output, request.Manifest, request.Report])
            if (written is not null && !taken.Add(Path.GetFullPath(written)))
                throw new ArgumentException($"{written}: expected another file to write than those to read, and another one for each of corpus, manifest and report.");
    }

    private static string NothingLeft(FunnelReport funnel)
    {
        FunnelRow? last = funnel.Rows.FirstOrDefault(row => row.DocumentsIn > 0 && row.DocumentsOut == 0);
        if (last is null) return "no document is left: the files have none.";
        string notes = string.Join(", ", last.Notes.Select(note => $"{note.Key} {note.Value}"));
        string hint = last.Notes.ContainsKey(LicenceFilter.None) ? "; state the licence of these texts, or allow unknown ones" : "";
        return $"no document is left: stage \"{last.Name}\" dropped the last of them ({notes}){hint}.";
    }
}
