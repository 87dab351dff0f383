using LlmFromScratch.Training.Data.TinyTales.World;

namespace LlmFromScratch.Training.Data.TinyTales.Narration;

/// <summary>The questions about the cast that every tale answers, as far as its text has said so.</summary>
internal static class CastQuestions
{
    /// <summary>Who the hero is, what kind, what like, where at home, and who the friend is.</summary>
    public static IEnumerable<TaleQuestion> Of(Cast cast, string text)
    {
        (Character hero, Character friend) = (cast.Hero, cast.Friend);
        yield return new("who", "Who is the story about?", $"The story is about {hero.Name}.", hero.Name);
        yield return new("what", $"What is {hero.Name}?", $"{hero.Name} is a {hero.Kind}.", hero.Kind);
        if (Says(cast.Setting.Home))
            yield return new("where", $"Where does {hero.Name} live?", $"{hero.Name} lives {cast.Setting.Home}.", cast.Setting.Home);
        if (Says(cast.Trait)) yield return new("what", $"What is {hero.Name} like?", $"{hero.Name} is {cast.Trait}.", cast.Trait);
        if (!Says(friend.Name)) yield break;
        yield return new("who", $"Who is {hero.Name}'s friend?", $"{friend.Name} is {hero.Name}'s friend.", friend.Name);
        if (Says($"{friend.Name} the {friend.Kind}")) yield return new("what", $"What is {friend.Name}?", $"{friend.Name} is a {friend.Kind}.", friend.Kind);

        bool Says(string words) => text.Contains(words, StringComparison.OrdinalIgnoreCase);
    }
}
