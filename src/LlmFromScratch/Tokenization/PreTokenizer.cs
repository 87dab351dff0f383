namespace LlmFromScratch.Tokenization;

/// <summary>
/// Cuts a text into words before byte-pair encoding; merges never cross a cut. A pre-tokenizer is a row of stages, each cutting the pieces of the one
/// before it; a stage is the published pattern of a model family (<see cref="PreTokenizerCatalog"/> lists them all). Immutable and thread-safe.
/// </summary>
public sealed class PreTokenizer
{
    private readonly WordStage[] _stages;

    internal PreTokenizer(string name, params WordStage[] stages) => (Name, _stages) = (name, stages);

    /// <summary>GPT-2: <c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c> (Radford et al. 2019, encoder.py).</summary>
    public static PreTokenizer Gpt2 => PreTokenizerCatalog.Get("gpt-2");

    /// <summary>
    /// Llama 3: <c>(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+</c>.
    /// </summary>
    public static PreTokenizer Llama3 => PreTokenizerCatalog.Get("llama-bpe");

    /// <summary>Qwen 2: as Llama 3, but each digit is a word: <c>\p{N}</c>.</summary>
    public static PreTokenizer Qwen2 => PreTokenizerCatalog.Get("qwen2");

    /// <summary>The names of all kinds, for messages.</summary>
    public static string Names => string.Join(", ", PreTokenizerCatalog.Names);

    /// <summary>The name in a GGUF file's tokenizer.ggml.pre.</summary>
    public string Name { get; }

    /// <summary>Whether a word that is a token as a whole is not merged from its bytes but taken at once (Llama 3).</summary>
    public bool KeepsWholeTokens { get; internal init; }

    /// <summary>Whether models of this family start every text with a beginning token, where the file does not say.</summary>
    public bool AddsBegin { get; internal init; }

    /// <summary>The kind with a name or one of its other names, or null.</summary>
    public static PreTokenizer? Find(string name) => PreTokenizerCatalog.Find(name);

    /// <summary>Where each word of a text in UTF-8 ends, in bytes, in order; the last is the text's end. Empty for an empty text.</summary>
    public List<int> Split(ReadOnlySpan<byte> text)
    {
        List<int> ends = new(text.Length / 4 + 1);
        if (text.IsEmpty) return ends;
        if (_stages.Length == 0) ends.Add(text.Length);
        for (int i = 0; i < _stages.Length; i++)
        {
            if (i == 0)
            {
                _stages[0].Split(text, 0, ends);
                continue;
            }
            List<int> finer = new(2 * ends.Count);
            int start = 0;
            foreach (int end in ends)
            {
                _stages[i].Split(text[start..end], start, finer);
                start = end;
            }
            ends = finer;
        }
        return ends;
    }
}
