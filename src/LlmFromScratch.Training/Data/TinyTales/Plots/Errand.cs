using LlmFromScratch.Training.Data.TinyTales.Narration;
using LlmFromScratch.Training.Data.TinyTales.World;

namespace LlmFromScratch.Training.Data.TinyTales.Plots;

/// <summary>An errand: the elder sends the hero with a thing to the wise one; something pretty on the way would like to stop the hero.</summary>
internal sealed class Errand : Plot
{
    private static readonly (string Thing, string Says)[] Temptations =
    [
        ("a game of hide and seek", "“Come and hide with us!” called the others"), ("a bush full of berries", "“Eat us, eat us,” the red berries seemed to say"),
        ("a puppet show", "“Sit down, it begins now!” a voice called"), ("a jumping frog", "“Catch me, catch me!” the frog seemed to say"),
        ("a big swing", "“One ride, only one!” the swing seemed to creak"),
    ];

    /// <inheritdoc/>
    public override string Moral => "First the work, and then the play.";

    /// <inheritdoc/>
    public override void Tell(Tale tale)
    {
        TaleState state = tale.State;
        (string temptation, string says) = tale.Pick<(string, string)>(Temptations);
        tale.Bind("temptation", new Phrase(temptation));
        Thing thing = tale.Bind("thing", tale.Chance(50) ? Things.Food(tale.Random) : Things.Toy(tale.Random, "made"));
        tale.Open(friend: false);
        state.Own(tale.Elder, thing);
        state.Trouble(tale.Hero, "errand");
        state.Hand(tale.Elder, tale.Hero, thing);
        tale.Say("{day}, {elder.of} gave {hero.him} {thing.a}. “Take it to {wise.of},” said {elder}, “and do not stop on the way.”",
            "{day}, {elder.of} called. “Here is {thing.a} for {wise.of}. Will you carry it there for me?” And {elder} gave it to {hero}.");
        tale.Say("“I will!” said {hero}, and off {hero.he} went.", "{Hero} was proud. {Hero.he} held it with both {hero.hand}s and walked like a king.");
        tale.Paragraph();
        tale.Go(tale.Place, tale.Hero);
        tale.Say("But {place.at} {hero} saw {temptation}. " + says + ".", "Near {place} there was {temptation}. " + says + ".");
        bool stops = tale.Chance(45);
        if (stops)
        {
            tale.Say("“Only for a moment,” thought {hero}, and put the {thing.noun} on a stone.",
                "{Hero} stopped. “It will not take long,” {hero.he} said, and put the {thing.noun} down.");
            state.Lose(tale.Hero, thing, tale.Bind("stone", new Phrase("on the stone")));
            tale.Say("A moment grew into an hour. Then {hero} jumped up. “The {thing.noun}!” {hero.he} cried.", "Then the bell rang five. “Oh no!” cried {hero}. “I forgot the {thing.noun}!”");
            tale.Say("It was still there. {Hero} picked it up and ran as fast as {hero.he} could.", "Luckily nobody had taken it. {Hero} picked it up and ran, and ran, and ran.");
            state.Find(tale.Hero, thing, new Phrase("on the stone"));
        }
        else
        {
            tale.Say("{Hero} wanted to stop. {Hero.his} feet wanted to stop. But {hero.he} thought of what {elder} had said.",
                "“Later,” said {hero}. “First I must bring the {thing.noun}.”");
            tale.Say("One step, two steps, three steps, and {hero.he} was past it.", "{Hero.he} looked at the sky and whistled and walked on.");
        }
        tale.Paragraph();
        tale.Go(tale.OtherPlace, tale.Hero, tale.Wise);
        state.Hand(tale.Hero, tale.Wise, thing);
        state.Solve(tale.Hero, "errand");
        tale.Say("{Wise} sat {other.at}. {Hero} gave the {thing.noun} to {wise}.", "Soon {hero} came to {other}. There sat {wise.of}, and {hero} gave {wise} the {thing.noun}.");
        tale.Say(stops ? "“You are late,” said {wise}, “but you are here. Thank you.”" : "“How quick you are!” said {wise}. “Thank you.”",
            stops ? "“I am sorry that I am late,” said {hero}. “I stopped to play.” {Wise} smiled." : "“You did not stop once?” asked {wise}. “Not once,” said {hero}.");
        tale.Say("On the way back {hero} had time for {temptation}.", "Then {hero} went home, and {elder} said, “Well done.”", "Next time {elder} asked {hero} again, and that made {hero.him} proud.");
        tale.About("a {hero.kind} who had to carry {thing.one} to a neighbour");
        tale.Sum("{Elder} sent {hero} to {wise.of} with {thing.a}. On the way there was {temptation}, but {hero} brought the {thing.noun} there.");
        tale.Ask("who", "Who sent {hero} on the way?", "{Elder} sent {hero} on the way.", "{elder}");
        tale.Ask("what", "What did {hero} carry?", "{Hero} carried {thing.a}.", "{thing.noun}");
        tale.Ask("who", "Who got the {thing.noun}?", "{Wise} got the {thing.noun}.", "{wise}");
        tale.Ask("where", "Where was {wise}?", "{Wise} was {other.at}.", "{other.at}");
        tale.Ask("what", "What did {hero} see on the way?", "{Hero} saw {temptation}.", "{temptation}");
        string stopped = stops ? "Yes, {hero} stopped on the way." : "No, {hero} did not stop.";
        tale.AskFreely("how", "Did {hero} stop on the way?", stopped, stops ? "Yes" : "No");
        tale.AskFreely("who", "Who gave {hero} the {thing.noun}?", "{Elder} gave {hero} the {thing.noun}.", "{elder}");
        tale.AskFreely("who", "Who has the {thing.noun} at the end?", "{Wise} has the {thing.noun}.", "{wise}");
    }
}
