using LlmFromScratch.Training.Data.TinyTales.Narration;
using LlmFromScratch.Training.Data.TinyTales.World;

namespace LlmFromScratch.Training.Data.TinyTales.Plots;

/// <summary>The honest finder: the hero finds a thing, would like to keep it, asks who has lost it, and gives it back.</summary>
internal sealed class Returned : Plot
{
    /// <inheritdoc/>
    public override string Moral => "What you find is not yours until you know that nobody misses it.";

    /// <inheritdoc/>
    public override void Tell(Tale tale)
    {
        TaleState state = tale.State;
        Thing thing = tale.Bind("thing", Things.Toy(tale.Random));
        Phrase spot = tale.BindSpot("spot", tale.Place);
        state.Own(tale.Wise, thing);
        state.Lose(tale.Wise, thing, spot);
        state.Trouble(tale.Wise, "lost");
        tale.Open(friend: false);
        tale.Go(tale.Place, tale.Hero);
        state.Find(tale.Hero, thing, spot);
        tale.Say("{day}, {hero} was walking {place.at}. There, {spot}, lay {thing.a}.",
            "{day}, {hero} came to {place}. What was that? {Spot} lay {thing.a}!",
            "{day}, {hero} saw something {spot}, close to {place}. It was {thing.a}!");
        tale.Say("{Hero} picked it up and {thing.used} it. It was lovely.", "Nobody was there. “Now it is mine,” {hero.he} thought.",
            "“I have always wanted {thing.one},” said {hero}.");
        bool friendThere = tale.Chance(45);
        if (friendThere)
            tale.Say("“Keep it!” said {hero.his} friend {friend.full}. “Nobody has seen you.” {Hero} thought about that.",
                "{Hero.his} friend {friend.full} came by. “Whose {thing.noun} is that?” {friend.he} asked. {Hero} did not know what to say.");
        tale.Paragraph();
        tale.Say("But somebody must be sad without it. {Hero.he} could not stop thinking of that.",
            "“If I had lost it, I would want it back,” {hero.he} thought.", "In the night {hero} could not sleep. “Somebody is looking for it,” {hero.he} thought.");
        tale.Say("So {hero} went from door to door. “Is this your {thing.noun}?” {hero.he} asked. No, it was not.",
            "So {hero} asked everyone {hero.he} met. Nobody had lost {thing.one}.");
        tale.Go(tale.OtherPlace, tale.Hero, tale.Wise);
        tale.Say("At last {hero.he} met {wise.of} {other.at}. “I have lost my {thing.noun},” said {wise}, “and I am too old to look for it.”",
            "Then {hero.he} saw {wise.of} {other.at}, bent down to the ground. “What are you looking for?” asked {hero}. “For my {thing.noun},” said {wise}.");
        tale.Paragraph();
        state.Hand(tale.Hero, tale.Wise, thing);
        state.Solve(tale.Wise, "lost");
        tale.Say("{Hero} gave the {thing.noun} to {wise}. “Here it is,” {hero.he} said. “I found it {place.at}.”",
            "“Then this is for you,” said {hero}, and {hero.he} gave the {thing.noun} to {wise}.");
        tale.Say("{Wise} laughed for joy. “What an honest little {hero.kind} you are!”", "“There is nobody as honest as you,” said {wise}.");
        bool reward = tale.Chance(60);
        if (reward)
        {
            Thing food = tale.Bind("food", Things.Food(tale.Random));
            state.Own(tale.Wise, food);
            state.Give(tale.Wise, tale.Hero, food);
            tale.Say("And {wise} gave {hero.him} {food.a}.", "“Wait,” said {wise}, and gave {hero.him} {food.a} to take home.");
            tale.Ask("what", "What did {wise} give {hero}?", "{Wise} gave {hero} {food.a}.", "{food.noun}");
        }
        else tale.Say("{Hero} went home with empty {hero.hand}s and a full heart.", "{Hero} skipped all the way home. {Hero.he} had never felt so light.");
        if (friendThere) tale.Maybe(60, "“You were right,” said {friend}. “It was not ours.”");
        tale.About("a {hero.kind} who found {thing.one}");
        tale.Sum("{Hero} found {thing.a} {spot}. {Hero.he} asked whose it was and gave it back to {wise.of}.");
        tale.Ask("what", "What did {hero} find?", "{Hero} found {thing.a}.", "{thing.noun}");
        tale.Ask("where", "Where was the {thing.noun}?", "The {thing.noun} was {spot}.", "{spot}");
        tale.AskFreely("where", "Where did {hero} find the {thing.noun}?", "{Hero} found it {spot}.", "{spot}");
        tale.AskFreely("who", "Who found the {thing.noun}?", "{Hero} found the {thing.noun}.", "{hero}");
        tale.AskFreely("how", "Did {hero} keep the {thing.noun}?", "No, {hero} gave it back to {wise}.", "No");
        tale.Ask("who", "Who had lost the {thing.noun}?", "{Wise} had lost the {thing.noun}.", "{wise}");
        tale.Ask("who", "Who has the {thing.noun} at the end?", "{Wise} has the {thing.noun}.", "{wise}");
    }
}
