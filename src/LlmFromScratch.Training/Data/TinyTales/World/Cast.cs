namespace LlmFromScratch.Training.Data.TinyTales.World;

/// <summary>
/// Who plays in a tale, and where. Hero and friend always take different pronouns, so that every "he" and "she" points at one of
/// them; the elder (of the hero's family) and the wise one (a neighbour) are always named. A trait is what the hero is like ("kind").
/// </summary>
internal sealed record Cast(Character Hero, Character Friend, Character Elder, Character Wise, Setting Setting, string Trait);
