using LlmFromScratch.Training.Data.TinyTales.World;

namespace LlmFromScratch.Tests.Training.Data;

public class TaleStateTests
{
    private static readonly Character Lily = new("Lily", "girl", Pronoun.She, IsAnimal: false);
    private static readonly Character Tom = new("Tom", "boy", Pronoun.He, IsAnimal: false);
    private static readonly Place Pond = new("pond", "by", "among the reeds");
    private static readonly Place Barn = new("barn", "in", "under the hay");
    private static readonly Phrase Reeds = new("among the reeds");
    private static readonly Phrase Bridge = new("under the bridge");
    private static readonly Thing Kite = new("kite", "red", "fly", "flew", "in the wind");

    private readonly TaleState _state = new();

    public TaleStateTests()
    {
        _state.Go(Lily, Pond);
        _state.Go(Tom, Pond);
        _state.Own(Lily, Kite);
    }

    [Fact]
    public void Give_ByTheHolder_ChangesHands()
    {
        _state.Give(Lily, Tom, Kite);
        Assert.Equal(Tom, _state.HolderOf(Kite));
    }

    [Fact]
    public void Give_BySomebodyWhoDoesNotHoldIt_ThrowsAndSaysWhoDoes()
    {
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => _state.Give(Tom, Lily, Kite));
        Assert.Contains("expected Tom to hold the kite; got Lily holds it", error.Message);
    }

    [Fact]
    public void Give_OfABorrowedThing_Throws()
    {
        _state.Hand(Lily, Tom, Kite);
        Assert.Throws<InvalidOperationException>(() => _state.Give(Tom, Lily, Kite));
    }

    [Fact]
    public void Hand_ToSomebodyElsewhere_Throws()
    {
        _state.Go(Tom, Barn);
        Assert.Throws<InvalidOperationException>(() => _state.Hand(Lily, Tom, Kite));
    }

    [Fact]
    public void Find_WhereItWasLost_PutsItIntoTheFindersHands()
    {
        _state.Lose(Lily, Kite, Reeds);
        Assert.Null(_state.HolderOf(Kite));
        _state.Find(Tom, Kite, Reeds);
        Assert.Equal(Tom, _state.HolderOf(Kite));
    }

    [Fact]
    public void Find_AtAnotherSpot_Throws()
    {
        _state.Lose(Lily, Kite, Reeds);
        Assert.Throws<InvalidOperationException>(() => _state.Find(Tom, Kite, Bridge));
    }

    [Fact]
    public void Find_AtAnotherPlace_Throws()
    {
        _state.Lose(Lily, Kite, Reeds);
        _state.Go(Tom, Barn);
        Assert.Throws<InvalidOperationException>(() => _state.Find(Tom, Kite, Reeds));
    }

    [Fact]
    public void Find_OfAThingThatIsNotLost_Throws() => Assert.Throws<InvalidOperationException>(() => _state.Find(Tom, Kite, Reeds));

    [Fact]
    public void Use_OfABrokenThing_ThrowsUntilItIsMended()
    {
        _state.Break(Kite);
        Assert.Throws<InvalidOperationException>(() => _state.Use(Lily, Kite));
        Assert.Throws<InvalidOperationException>(() => _state.Mend(Tom, Kite)); // Lily has it
        _state.Mend(Lily, Kite);
        _state.Use(Lily, Kite);
    }

    [Fact]
    public void Eat_Twice_Throws()
    {
        _state.Eat(Lily, Kite);
        Assert.Throws<InvalidOperationException>(() => _state.Eat(Lily, Kite));
    }

    [Fact]
    public void Tell_OfWhatOneDoesNotKnow_Throws()
    {
        Assert.Throws<InvalidOperationException>(() => _state.Tell(Lily, Tom, "how to swim"));
        _state.Learn(Lily, "how to swim");
        _state.Tell(Lily, Tom, "how to swim");
        _state.Tell(Tom, Lily, "how to swim"); // now he knows, too
    }

    [Fact]
    public void Advance_BackToMorning_ThrowsOnTheSameDay()
    {
        _state.Advance(TimeOfDay.Evening);
        Assert.Throws<InvalidOperationException>(() => _state.Advance(TimeOfDay.Morning));
        _state.NextDay();
        Assert.Equal(TimeOfDay.Morning, _state.Time);
    }

    [Fact]
    public void End_WithAnOpenProblem_Throws()
    {
        _state.Trouble(Lily, "lost");
        Assert.Throws<InvalidOperationException>(_state.End);
        Assert.Throws<InvalidOperationException>(() => _state.Solve(Tom, "lost")); // it is Lily's problem
        _state.Solve(Lily, "lost");
        _state.End();
    }

    [Fact]
    public void End_WithAThingStillLost_Throws()
    {
        _state.Lose(Lily, Kite, Reeds);
        Assert.Throws<InvalidOperationException>(_state.End);
    }

    [Fact]
    public void End_InTheRain_Throws()
    {
        _state.StartRain();
        Assert.Throws<InvalidOperationException>(_state.StartRain);
        Assert.Throws<InvalidOperationException>(_state.End);
        _state.StopRain();
        _state.End();
        Assert.Throws<InvalidOperationException>(_state.StopRain);
    }
}
