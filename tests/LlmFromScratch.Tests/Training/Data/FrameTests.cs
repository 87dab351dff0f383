using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Data.TinyTales.Narration;
using LlmFromScratch.Training.Data.TinyTales.World;

namespace LlmFromScratch.Tests.Training.Data;

public class FrameTests
{
    private static readonly Dictionary<string, Noun> Roles = new()
    {
        ["hero"] = new Character("Pip", "mouse", Pronoun.He, IsAnimal: true),
        ["friend"] = new Character("Mia", "girl", Pronoun.She, IsAnimal: false),
        ["thing"] = new Thing("umbrella", "old", "hold", "held", "in the rain"),
        ["place"] = new Place("pond", "by", "among the reeds"),
    };

    [Theory]
    [InlineData("{hero} gave {friend} {thing.a}.", "Pip gave Mia an old umbrella.")]
    [InlineData("{Hero.he} took {hero.his} {thing.own} {place.at}.", "He took his old umbrella by the pond.")]
    [InlineData("{hero.full} saw {friend.him}, and {friend.full} saw {hero.him}.", "Pip the mouse saw her, and Mia saw him.")]
    [InlineData("“{thing.noun}!” said {friend.he}.", "\"Umbrella!\" said she.")]
    [InlineData("he held it in one {hero.hand}, she in one {friend.hand}.", "He held it in one paw, she in one hand.")]
    public void Expand_Forms_GiveTheWords(string frame, string expected) => Assert.Equal(expected, Frame.Expand(frame, Roles, new SeededRandom(1)));

    [Fact]
    public void Expand_Choice_DrawsEveryChoice()
    {
        SeededRandom random = new(1);
        HashSet<string> seen = [.. Enumerable.Range(0, 100).Select(_ => Frame.Expand("he [ran|walked|].", Roles, random))];
        Assert.Equal(["He .", "He ran.", "He walked."], seen.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("{nobody} ran.", "role \"nobody\" is not bound")]
    [InlineData("{hero.use} ran.", "has no form \"use\"")]
    [InlineData("{hero ran.", "'}' is missing")]
    [InlineData("He [ran|walked.", "']' is missing")]
    public void Expand_BadFrame_ThrowsAndSaysWhy(string frame, string reason)
    {
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => Frame.Expand(frame, Roles, new SeededRandom(1)));
        Assert.Contains(reason, error.Message);
    }
}
