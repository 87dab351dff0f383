using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using LlmFromScratch.Formats;
using LlmFromScratch.Tokenization;

namespace LlmFromScratch.Training.Data;

/// <summary>
/// Tokenizes a corpus once and keeps the ids in a binary file: 8 bytes of magic, the SHA-256 of corpus and vocabulary, the ids as little-endian
/// 32-bit integers. A file of another corpus or vocabulary is made anew.
/// </summary>
public static class TokenCache
{
    /// <summary>The line between documents.</summary>
    public const string Separator = "<|endoftext|>";

    private const int HeaderBytes = 8 + SHA256.HashSizeInBytes;

    /// <summary>The ids of all documents of a corpus, each followed by the end-of-text id.</summary>
    /// <param name="corpusPath">A UTF-8 file; documents are separated by a line <c>&lt;|endoftext|&gt;</c>.</param>
    /// <param name="tokenizer">Its end-of-sequence id joins the documents.</param>
    /// <param name="cachePath">Where the ids are kept; its folder exists.</param>
    /// <exception cref="ArgumentException">The tokenizer has no end-of-sequence id.</exception>
    public static int[] Load(string corpusPath, ITokenizer tokenizer, string cachePath)
    {
        byte[] corpus = File.ReadAllBytes(corpusPath);
        byte[] header = [.. "LLMFSIDS"u8, .. Fingerprint(corpus, tokenizer)];
        if (File.Exists(cachePath) && TryRead(cachePath, header) is int[] cached) return cached;
        int[] ids = Tokenize(Encoding.UTF8.GetString(corpus), tokenizer);
        AtomicFile.Write(cachePath, stream =>
        {
            stream.Write(header);
            stream.Write(MemoryMarshal.AsBytes<int>(ids));
        });
        return ids;
    }

    /// <summary>The ids of a text, each document followed by the end-of-text id; blank documents are left out.</summary>
    public static int[] Tokenize(string corpus, ITokenizer tokenizer)
    {
        int end = tokenizer.SpecialTokens.EndOfSequence ?? throw new ArgumentException(
            "TokenCache: the tokenizer has no end-of-sequence id; expected one to stand between documents.", nameof(tokenizer));
        List<int> ids = [];
        foreach (string document in Documents(corpus))
        {
            ids.AddRange(tokenizer.Encode(document));
            ids.Add(end);
        }
        return [.. ids];
    }

    /// <summary>The documents of a corpus, without the separator lines and the line ends beside them.</summary>
    public static IEnumerable<string> Documents(string corpus)
    {
        StringBuilder document = new();
        using StringReader lines = new(corpus);
        for (string? line = lines.ReadLine(); line is not null; line = lines.ReadLine())
        {
            if (line != Separator)
            {
                document.Append(line).Append('\n');
                continue;
            }
            if (Finish(document) is { Length: > 0 } finished) yield return finished;
        }
        if (Finish(document) is { Length: > 0 } last) yield return last;
    }

    private static string Finish(StringBuilder document)
    {
        string text = document.ToString().Trim('\n');
        document.Clear();
        return text;
    }

    private static byte[] Fingerprint(byte[] corpus, ITokenizer tokenizer)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(corpus);
        for (int id = 0; id < tokenizer.VocabSize; id++)
        {
            hash.AppendData(tokenizer.GetBytes(id));
            hash.AppendData([(byte)0xFF]); // in no UTF-8 text: keeps "a", "bc" apart from "ab", "c"
        }
        return hash.GetHashAndReset();
    }

    private static int[]? TryRead(string path, ReadOnlySpan<byte> header)
    {
        byte[] bytes = File.ReadAllBytes(path);
        bool matches = bytes.Length >= HeaderBytes && bytes.AsSpan(0, HeaderBytes).SequenceEqual(header)
            && (bytes.Length - HeaderBytes) % sizeof(int) == 0;
        return matches ? MemoryMarshal.Cast<byte, int>(bytes.AsSpan(HeaderBytes)).ToArray() : null;
    }
}
