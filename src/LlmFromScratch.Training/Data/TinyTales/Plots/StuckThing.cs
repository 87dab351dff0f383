using LlmFromScratch.Training.Data.TinyTales.Narration;
using LlmFromScratch.Training.Data.TinyTales.World;

namespace LlmFromScratch.Training.Data.TinyTales.Plots;

/// <summary>Out of reach: a thing hangs where nobody can get it, two ideas fail, the third one works because two work together.</summary>
internal sealed class StuckThing : Plot
{
    private static readonly (string Where, string There, bool Children)[] Heights =
    [
        ("in the highest tree", "up in the highest tree", false), ("on the roof of an old barn", "up on the roof", true), ("on top of a tall rock", "up on the rock", false),
        ("on a thin branch", "up on the thin branch", false), ("on top of a high wall", "up on the wall", true),
    ];

    private static readonly string[] FirstTries =
    [
        "{Hero} jumped and jumped, but {hero.he} was much too small", "{Hero} threw a stick at it. The stick stayed there, too",
        "{Hero} shouted, “Come down!” But {thing.noun}s do not listen", "{Hero} tried to climb up and slid down again",
    ];

    /// <inheritdoc/>
    public override string Moral => "Two small ones together are as tall as a big one.";

    /// <inheritdoc/>
    public override void Tell(Tale tale)
    {
        TaleState state = tale.State;
        (string where, string there, _) = tale.Pick<(string, string, bool)>(tale.Hero.IsAnimal ? [.. Heights.Where(h => !h.Children)] : Heights);
        Thing thing = tale.Bind("thing", Things.Toy(tale.Random, "light"));
        Phrase spot = tale.Bind("spot", new Phrase(where));
        tale.Bind("there", new Phrase(there));
        tale.Open(friend: true);
        state.Own(tale.Hero, thing);
        tale.Go(tale.Place, tale.Hero, tale.Friend);
        tale.Say("{day}, {hero} {thing.used} {hero.his} {thing.own} {place.at}.", "{day}, {hero} was {place.at} with {hero.his} {thing.own}.");
        state.Lose(tale.Hero, thing, spot);
        state.Trouble(tale.Hero, "out of reach");
        tale.Say("Whoosh! A strong wind took the {thing.noun} and carried it away. Now it was {there}.",
            "A cheeky crow took the {thing.noun}, flew off with it, and dropped it. Now it was {there}.", "Oh dear! {Hero} threw it too high, and it stayed {there}.");
        tale.Say("“My {thing.noun}!” cried {hero}. “How will I get it back?”", "{Hero} looked up and up and up. It was so high!");
        tale.Paragraph();
        tale.Say(tale.Pick<string>(FirstTries) + ".");
        tale.Say("{Hero.his} friend {friend.full} came running. {Friend.he} had a long stick, but it was not long enough.",
            "Then {hero.his} friend {friend.full} came along. {Friend} jumped, too, but it was no use.");
        tale.Maybe(45, "They sat down and thought so hard that their heads were hot.", "“What now?” asked {friend}. “I do not know,” said {hero}.",
            "“We could wait for winter,” said {friend}. “I cannot wait so long,” said {hero}.");
        tale.Paragraph();
        bool heroOnTop = tale.Chance(50);
        tale.Bind("top", heroOnTop ? tale.Hero : tale.Friend);
        tale.Bind("under", heroOnTop ? tale.Friend : tale.Hero);
        tale.Say("Then {under} had an idea. “Climb on my back!” {under.he} said.", "“I know!” said {under}. “You stand on my back, and then you are twice as tall.”");
        tale.Say("{Top} climbed up. It shook a little, then it shook a lot.", "{Top} stood on {under}'s back and stretched and stretched.");
        state.Find(heroOnTop ? tale.Hero : tale.Friend, thing, spot);
        if (!heroOnTop) state.Hand(tale.Friend, tale.Hero, thing);
        state.Solve(tale.Hero, "out of reach");
        tale.Say(heroOnTop ? "And then {hero} had the {thing.noun} in {hero.his} {hero.hand}!" : "“I have it!” called {friend}, and {friend.he} gave the {thing.noun} to {hero}.");
        tale.Say("They fell into the grass in a heap and laughed.", "“Alone I am small,” said {hero}, “but together we are tall.”", "“We are the tallest {hero.kind} in the world,” said {hero}.");
        tale.About("a {hero.kind} whose {thing.noun} was out of reach");
        tale.Sum("{Hero}'s {thing.noun} was {there}, and nobody could reach it. {Top} climbed on {under}'s back and got it.");
        tale.Ask("where", "Where was the {thing.noun}?", "The {thing.noun} was {there}.", "{there}");
        tale.Ask("who", "Who got the {thing.noun} down?", "{Top} got the {thing.noun} down.", "{top}");
        tale.Ask("who", "Who had the idea?", "{Under} had the idea.", "{under}");
        tale.AskFreely("how", "Did {hero} get the {thing.noun} back?", "Yes, {hero} got the {thing.noun} back.", "Yes");
        tale.AskFreely("how", "How did they get the {thing.noun} down?", "{Top} climbed on {under}'s back.", "{under}");
        tale.AskFreely("who", "Who helped {hero}?", "{Friend} helped {hero}.", "{friend}");
        tale.Ask("who", "Who has the {thing.noun} at the end?", "{Hero} has the {thing.noun}.", "{hero}");
    }
}
