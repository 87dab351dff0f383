using LlmFromScratch.Training.Data.TinyTales.Narration;
using LlmFromScratch.Training.Data.TinyTales.World;

namespace LlmFromScratch.Training.Data.TinyTales.Plots;

/// <summary>A race: one boasts, the other falls behind or falls down, and to win turns out to be less than to help.</summary>
internal sealed class Race : Plot
{
    private static readonly string[] Prizes = ["a golden ribbon", "a basket of plums", "a crown of flowers", "a big honey cake", "a silver cup"];

    /// <inheritdoc/>
    public override string Moral => "It is better to arrive together than to be first alone.";

    /// <inheritdoc/>
    public override void Tell(Tale tale)
    {
        TaleState state = tale.State;
        tale.Bind("prize", new Phrase(tale.Pick<string>(Prizes)));
        tale.Open(friend: true, "One summer day", "One day", "One fine morning", "On the day of the great race");
        tale.Go(tale.Place, tale.Hero, tale.Friend, tale.Wise);
        tale.Say("{day}, everyone came to {place} for a race. The prize was {prize}.", "{day}, there was a race from {place} to {other}. The winner would get {prize}.");
        bool heroFalls = tale.Chance(50);
        tale.Bind("fast", heroFalls ? tale.Friend : tale.Hero);
        tale.Bind("fallen", heroFalls ? tale.Hero : tale.Friend);
        tale.Say("“I am the fastest of all,” said {hero.his} friend {friend.full}.", "{Hero.his} friend {friend.full} wanted to run, too. “I am going to win,” {friend.he} said.");
        tale.Say("“We will see,” said {hero}.", "{Hero} said nothing and tied {hero.his} scarf.");
        tale.Paragraph();
        tale.Say("“Ready, steady, go!” called {wise.of}. And off they ran, hop and skip and jump!", "{Wise} called, “One, two, three!” Feet went pitter-patter, and dust flew up.");
        state.Trouble(heroFalls ? tale.Hero : tale.Friend, "fell");
        tale.Say("{Fast} was far in front. Then {fallen} fell over a root and hurt {fallen.his} knee.", "Halfway there, {fallen} fell down. “Ow, my foot!” {fallen.he} cried.");
        tale.Say("{Fast} heard it and looked back. The end was so close! But {fallen} was crying.", "{Fast} could see the {prize.last} already. {Fast.he} took one more step, and stopped.");
        tale.Paragraph();
        state.Solve(heroFalls ? tale.Hero : tale.Friend, "fell");
        tale.Say("{Fast} turned around and ran back. “Hold on to me,” {fast.he} said.", "“A prize can wait,” said {fast}, and {fast.he} helped {fallen} up.");
        tale.Say("Side by side they walked to the end, slowly, step by step. They were the last of all.", "Arm in arm they came to the end, long after the others.");
        tale.Say("And what do you think? Everyone clapped for them the loudest.", "“You did not win the race,” said {wise}, “but you have won something better.”");
        tale.Say("{Wise} gave them {prize}, and they shared it.", "“I would rather have you than {prize},” said {fast}.");
        tale.About("a {hero.kind} who ran a race");
        tale.Sum("{Hero} and {friend} ran a race for {prize}. {Fallen} fell, and {fast} turned back to help.");
        tale.Ask("what", "What was the prize?", "The prize was {prize}.", "{prize}");
        tale.Ask("who", "Who fell?", "{Fallen} fell.", "{fallen}");
        tale.Ask("who", "Who turned back to help?", "{Fast} turned back to help.", "{fast}");
        tale.Ask("why", "Why did {fast} stop?", "{Fast} stopped because {fallen} had fallen.", "fallen");
        tale.AskFreely("who", "Who helped {fallen}?", "{Fast} helped {fallen}.", "{fast}");
        tale.AskFreely("how", "Did {hero} win the race?", "No, {hero} and {friend} came to the end long after the others.", "No");
    }
}
