namespace LlmFromScratch.Training.Data.TinyTales;

/// <summary>The cast and the places of a tale, as far as the one who checks an answer about it needs them.</summary>
/// <param name="Plot">The plot's name.</param>
/// <param name="Hero">The hero's name.</param>
/// <param name="HeroKind">girl, boy, fox ...</param>
/// <param name="Friend">The friend's name, whether or not the tale mentions it.</param>
/// <param name="FriendKind">girl, boy, fox ...</param>
/// <param name="Place">Where it plays, without the article: "pond".</param>
/// <param name="Things">The things of the tale: "kite".</param>
public sealed record TaleWorld(string Plot, string Hero, string HeroKind, string Friend, string FriendKind, string Place, IReadOnlyList<string> Things);
