namespace LlmFromScratch.Training.Data.TinyTales;

/// <summary>A question that the text of a tale answers.</summary>
/// <param name="Kind">who, where, what, why, how or unknown; an unknown thing is one that the tale does not say.</param>
/// <param name="Question">The question.</param>
/// <param name="Answer">A whole sentence.</param>
/// <param name="Key">The words that make an answer right: a name, a thing, a spot. The answer contains them.</param>
public sealed record TaleQuestion(string Kind, string Question, string Answer, string Key);
