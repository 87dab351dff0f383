using LlmFromScratch.Training.Data.TinyTales;

namespace LlmFromScratch.Training.Data;

/// <summary>What a generated set depends on.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Bytes">The size that is asked for.</param>
/// <param name="Split">Which tales are told.</param>
internal readonly record struct CorpusRequest(ulong Seed, long Bytes, TaleSplit Split);
