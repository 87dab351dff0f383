using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Data.TinyTales.Narration;
using LlmFromScratch.Training.Data.TinyTales.World;

namespace LlmFromScratch.Tests.Training.Data;

public class TaleTests
{
    private static readonly Place Pond = new("pond", "by", "among the reeds|under the bridge");

    private readonly Tale _tale = new(
        new Cast(
            new Character("Lily", "girl", Pronoun.She, IsAnimal: false), new Character("Pip", "mouse", Pronoun.He, IsAnimal: true),
            new Character("Mum", "mum", Pronoun.It, IsAnimal: false, Relation: "her mum"),
            new Character("Old Owl", "neighbour", Pronoun.It, IsAnimal: true, Relation: "Old Owl"),
            new Setting("by the sea", Pond, Pond, Pond), "kind"),
        new SeededRandom(1));

    [Fact]
    public void Say_SameSubjectTwice_TakesThePronounOnce()
    {
        _tale.Say("{Hero} ran.");
        _tale.Say("{Hero} fell.");
        _tale.Say("{Hero} cried.");
        Assert.Equal("Lily ran. She fell. Lily cried.", _tale.Finish());
    }

    [Fact]
    public void Say_SubjectAfterHisOwnSpeech_TakesThePronoun()
    {
        _tale.Say("“Look!” said {friend}.");
        _tale.Say("{Friend} ran.");
        _tale.Say("{Hero} ran, too.");
        Assert.Equal("\"Look!\" said Pip. He ran. Lily ran, too.", _tale.Finish());
    }

    [Fact]
    public void Say_ElderTwice_KeepsTheName()
    {
        _tale.Say("{Elder} ran.");
        _tale.Say("{Elder} fell.");
        Assert.Equal("Mum ran. Mum fell.", _tale.Finish());
    }

    [Fact]
    public void Say_NewParagraph_KeepsTheNameAndStartsALine()
    {
        _tale.Say("{Hero} ran.");
        _tale.Paragraph();
        _tale.Paragraph();
        _tale.Say("{Hero} fell.");
        Assert.Equal("Lily ran.\nLily fell.", _tale.Finish());
    }

    [Fact]
    public void Say_FriendInFullTwice_NamesTheKindOnce()
    {
        _tale.Say("{friend.full} came.");
        _tale.Say("Then {friend.full} left.");
        Assert.Equal("Pip the mouse came. Then Pip left.", _tale.Finish());
    }

    [Fact]
    public void Maybe_LongTale_IsSilent()
    {
        _tale.Maybe(100, "short.");
        _tale.Say(new string('a', 600));
        _tale.Maybe(100, "too late.");
        Assert.Equal("Short. A" + new string('a', 599), _tale.Finish());
    }

    [Fact]
    public void BindSpot_OtherSpot_IsNeverTheSame()
    {
        Phrase spot = _tale.BindSpot("spot", Pond);
        for (int i = 0; i < 20; i++) Assert.NotEqual(spot, _tale.BindSpot("wrong", Pond, spot));
    }

    [Fact]
    public void Finish_OpenProblem_Throws()
    {
        _tale.State.Trouble(_tale.Hero, "lost");
        Assert.Throws<InvalidOperationException>(_tale.Finish);
    }
}
