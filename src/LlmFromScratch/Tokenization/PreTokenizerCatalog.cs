namespace LlmFromScratch.Tokenization;

/// <summary>
/// The pre-tokenizers that GGUF files name in tokenizer.ggml.pre: for each family its names and the patterns of its stages, in the words of its authors'
/// tokenizer files. Where llama.cpp, which gave the names, cuts otherwise than the authors (gpt-4o, tekken: letters outside ASCII count as small and as
/// capital, and marks as no letters), the names mean what llama.cpp does; a tokenizer.json or tiktoken file brings its own pattern.
/// </summary>
internal static class PreTokenizerCatalog
{
    private const string Contractions = "(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])";
    private const string SpacesLlama3 = @"\s*[\r\n]+|\s+(?!\S)|\s+";
    private const string Cjk3 = "[\u4E00-\u9FA5\u3040-\u309F\u30A0-\u30FF]+"; // what DeepSeek V3 cuts out: Han, Hiragana, Katakana
    private const string DeepSeekWords = @"[!""#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|" + SpacesLlama3;

    internal const string Gpt2Pattern = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    internal const string Llama3Pattern = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    internal const string Qwen2Pattern = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private static readonly WordScanner Gpt2 = new(isGpt2: true, int.MaxValue), Llama3 = new(isGpt2: false, 3), Qwen2 = new(isGpt2: false, 1);

    // Built when asked for: compiling all of them would slow the start of every program.
    private static readonly (string[] Names, Func<string, PreTokenizer> Create)[] Families =
    [
        (["gpt-2", "phi-2", "mpt", "olmo", "jais", "jina-es", "jina-de", "jina-v2-es", "jina-v2-de", "jina-v1-en", "jina-v2-code", "roberta-bpe", "gigachat", "a.x-4.0",
            "mellum", "modern-bert", "exaone4", "trillion", "granite-docling"], name => new(name, Gpt2)),
        (["llama-bpe", "llama3", "llama-v3", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2", "jina-v5-nano"],
            name => new(name, Llama3) { KeepsWholeTokens = true, AddsBegin = true }),
        (["dbrx", "smaug-bpe", "chatglm-bpe", "glm4"], name => new(name, Llama3)),
        (["qwen2", "qwen2.5", "deepseek-r1-qwen", "stablelm2", "hunyuan", "megrez", "solar-open", "kormo", "f2llmv2", "grok-2"], name => new(name, Qwen2)),
        (["qwen35"], name => Of(name, Contractions + @"|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|" + SpacesLlama3)),
        (["minicpm5"], name => new(name, new PatternStage(@"\p{N}{1,3}"), Llama3) { KeepsWholeTokens = true }),
        (["default"], name => new(name, new PatternStage(@"[\p{P}\$\+<=>\^~\|]+"), Gpt2, new PatternStage(@"\p{N}+"), new PatternStage("[0-9][0-9][0-9]"))),
        (["falcon"], name => new(name, new PatternStage(@"[\p{P}\$\+<=>\^~\|`]+"), Gpt2, new PatternStage("[0-9][0-9][0-9]"))),
        (["starcoder", "refact", "command-r", "smollm", "codeshell", "exaone", "minerva-7b", "mellum2"], name => new(name, new PatternStage(@"\p{N}"), Gpt2)),
        (["deepseek-llm"], name => Of(name, @"[\r\n]", @"\s?" + DeepSeekLetters.Class + "+", @"\s?[!-/:-~\uFF01-\uFF0F\uFF1A-\uFF5E\u2018-\u201F\u3000-\u3002]+", @"\s+$",
            "[\u4E00-\u9FA5\u0800-\u4E00\uAC00-\uD7FF]+", @"\p{N}+")),
        (["deepseek-coder"], name => Of(name, @"[\r\n]", @"\s?\p{L}+", @"\s?\p{P}+", "[\u4E00-\u9FA5\u0800-\u4E00\uAC00-\uD7FF]+", @"\p{N}")),
        (["deepseek-v3", "hunyuan-dense", "joyai-llm", "hy_v4"], name => Of(name, @"\p{N}{1,3}", Cjk3, DeepSeekWords)),
        (["spark2_5"], name => Of(name, @"\p{N}{1,3}", Cjk3,
            DeepSeekWords.Replace(@"[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+", @"[\p{P}\p{S}]+|[\r\n]", StringComparison.Ordinal), @"\p{N}")),
        (["youtu"], name => new(name, new PatternStage("[\uAC00-\uD7A3\u3131-\u318E]+|[\uFF01\u2026\u201C\u201D\u2018\u2019\u2014\uFF1A\uFF1B\uFF0C\u3001-\u303F\uFE30-\uFE4F]+|[\u3105-\u312F]+|" + Cjk3),
            new PatternStage(CasedWords(@"[\p{L}\p{M}]", @"[\p{L}\p{M}]", Contractions + "?") + @"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|" + SpacesLlama3)) { KeepsWholeTokens = true }),
        (["gpt-4o", "llama4", "kanana2", "talkie", "minimax-m2"], name => Of(name, Gpt4o(@"[\p{L}&&[^a-z]]", @"[\p{L}&&[^A-Z]]"))),
        (["granite-embed-multi-97m"], name => new(name, new PatternStage(Gpt4o(@"[\p{L}\p{M}&&[^a-z]]", @"[\p{L}\p{M}&&[^A-Z]]"))) { KeepsWholeTokens = true }),
        (["tekken"], name => new(name, new PatternStage(CasedWords(@"[\p{L}&&[^a-z]]", @"[\p{L}&&[^A-Z]]", "") + @"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|" + SpacesLlama3))
            { KeepsWholeTokens = true, AddsBegin = true }),
        (["tiny_aya", "cohere2moe"], name => new(name, new DigitGroupStage(), new PatternStage(Gpt4o(@"[\p{L}\p{M}]", @"[\p{L}\p{M}]")))),
        (["superbpe"], name => new(name, new DigitGroupStage())),
        (["kimi-k2"], name => Of(name, @"\p{Han}+|" + CasedWords(@"[\p{L}&&[^\p{Han}]]", @"[\p{L}&&[^\p{Han}]]", Contractions + "?")
            + @"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|" + SpacesLlama3)),
        (["bloom", "poro-chat", "gpt3-finnish"], name => Of(name, Bloom)),
        (["viking"], name => Of(name, Bloom, @"\p{N}")),
        (["chameleon"], name => new(name, new PatternStage("<sentinel:[0-9]+>"), new PatternStage("(IMGIMG)((A|B|C|D|E|F|G|H|I){1,4})Z"),
            new PatternStage(@"([\t\n]|    |  )"), new PatternStage(@"\p{N}"), new PatternStage(@"[\p{P}!-/:-@\[-`{-~]"), Gpt2) { AddsBegin = true }),
        (["jais-2"], name => Of(name, Contractions + @"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s{512}(?!\S)|\s{256}(?!\S)|"
            + @"\s{128}(?!\S)|\s{64}(?!\S)|\s{32}(?!\S)|\s{16}(?!\S)|\s{8}(?!\S)|\s{4}(?!\S)|\s{1,2}(?!\S)|\s{1}")),
        (["bailingmoe", "bailingmoe2", "llada-moe"], name => Of(name,
            Contractions + @"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+")),
        (["seed-coder"], name => Of(name, Contractions + @"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1}| ?[^\s\p{L}\p{N}\r\n]+|" + SpacesLlama3)),
        (["ufakzeka"], name => Of(name, @"[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|" + SpacesLlama3)),
        (["exaone-moe"], name => Of(name,
            Contractions + @"|[^\r\n\p{L}\p{N}]?(?:\p{L}\p{M}*(?: \p{L}\p{M}*)*)+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]?|\s*[\r\n]|\s+(?!\S)|\s+")),
        (["afmoe"], name => new(name, new DigitGroupStage(), new PatternStage("[\u4E00-\u9FFF\u3400-\u4DBF\uF900-\uFAFF\u3040-\u309F\u30A0-\u30FF\uFF65-\uFF9F\u2F00-\u2FDF"
            + "\u0E40-\u0E7F\u0E80-\u0EFF\u1780-\u17FF\u1000-\u109F\uAA60-\uAA7F\uA9E0-\uA9FF\uAC00-\uD7AF\u1100-\u11FF]+"), new PatternStage(DeepSeekWords))),
        (["laguna"], name => new(name, new PatternStage(@"[^\n]+|[\n]+"), Qwen2)),
        (["gemma4", "sarvam-moe", "granite-embed-multi-311m"], name => Of(name, @"[^\n]+|[\n]+")),
    ];

    private const string Bloom = " ?[^(\\s|.,!?\u2026\u3002\uFF0C\u3001\u0964\u06D4\u060C)]+";
    private const string Capitals = @"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", Smalls = @"[\p{Ll}\p{Lm}\p{Lo}\p{M}]";

    private static readonly Dictionary<string, PreTokenizer> Made = [];

    /// <summary>All names, the families' first names first.</summary>
    public static IEnumerable<string> Names => Families.Select(f => f.Names[0]).Concat(Families.SelectMany(f => f.Names.Skip(1)));

    /// <summary>tiktoken's o200k, and the pattern of a tokenizer.json that calls itself so: a word ends where a capital follows a small letter.</summary>
    public static string O200k => Gpt4o(Capitals, Smalls);

    /// <summary>The kind with a name, or null.</summary>
    public static PreTokenizer? Find(string name)
    {
        foreach ((string[] names, Func<string, PreTokenizer> create) in Families)
        {
            if (!names.Contains(name)) continue;
            lock (Made) return Made.TryGetValue(name, out PreTokenizer? made) ? made : Made[name] = create(name);
        }
        return null;
    }

    /// <summary>The kind with a name that is in the list.</summary>
    public static PreTokenizer Get(string name) => Find(name) ?? throw new ArgumentException($"PreTokenizer: no kind '{name}'.");

    private static PreTokenizer Of(string name, params string[] patterns) => new(name, [.. patterns.Select(pattern => new PatternStage(pattern))]);

    private static string CasedWords(string capital, string small, string ending) =>
        $@"[^\r\n\p{{L}}\p{{N}}]?{capital}*{small}+{ending}|[^\r\n\p{{L}}\p{{N}}]?{capital}+{small}*{ending}";

    private static string Gpt4o(string capital, string small) =>
        CasedWords(capital, small, Contractions + "?") + @"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|" + SpacesLlama3;
}
