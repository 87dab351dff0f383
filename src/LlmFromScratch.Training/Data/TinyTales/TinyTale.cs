namespace LlmFromScratch.Training.Data.TinyTales;

/// <summary>A told tale and what is known about its world.</summary>
/// <param name="Plot">The plot's name.</param>
/// <param name="Text">The tale: paragraphs separated by '\n'.</param>
/// <param name="Topic">What it is about, as a request would say it: "a fox who lost a kite".</param>
/// <param name="Summary">The tale in two or three sentences.</param>
/// <param name="Moral">What one can learn from it, a sentence.</param>
/// <param name="World">Who plays in it, and where.</param>
/// <param name="Questions">What one can ask about it; the text has the answers.</param>
/// <param name="FreeQuestions">More of them, which only listeners ask who speak as they like.</param>
public sealed record TinyTale(
    string Plot, string Text, string Topic, string Summary, string Moral, TaleWorld World, IReadOnlyList<TaleQuestion> Questions, IReadOnlyList<TaleQuestion> FreeQuestions);
