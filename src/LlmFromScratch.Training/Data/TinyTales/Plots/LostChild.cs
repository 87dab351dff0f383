using LlmFromScratch.Training.Data.TinyTales.Narration;
using LlmFromScratch.Training.Data.TinyTales.World;

namespace LlmFromScratch.Training.Data.TinyTales.Plots;

/// <summary>The way home: the hero follows something pretty too far, is lost, keeps a clear head, and is found or finds the way.</summary>
internal sealed class LostChild : Plot
{
    private static readonly string[] Lures =
        ["a blue butterfly", "a shiny beetle", "a white feather in the wind", "a singing bird", "a jumping frog"];

    /// <inheritdoc/>
    public override string Moral => "If you are lost, keep a clear head.";

    /// <inheritdoc/>
    public override void Tell(Tale tale)
    {
        TaleState state = tale.State;
        tale.Bind("lure", new Phrase(tale.Pick<string>(Lures)));
        tale.Open(friend: false, "One day", "One afternoon", "One warm day", "One summer day");
        tale.Say("{day}, {hero} was playing {place.at} when {hero.he} saw {lure}.",
            "{day}, near {place}, {hero} saw {lure}. “Wait for me!” {hero.he} called.");
        state.Go(tale.Hero, tale.Place);
        tale.Say("{Hero.he} followed it, farther and farther, and did not look back.",
            "{Hero.he} ran after it, over the hill and through the bushes.");
        tale.Say("When {hero.he} stopped, everything looked strange. There was no path and no house.",
            "Then it was gone. {Hero} looked around. Where was {hero.he}?");
        Place wild = new("wood", "in", "under a tree");
        state.Go(tale.Hero, wild);
        state.Trouble(tale.Hero, "lost");
        tale.Paragraph();
        state.Advance(TimeOfDay.Evening);
        tale.Say("The sun was going down. “Hello? Is anybody there?” {hero} called. Nobody answered.",
            "“I am lost,” {hero} said, and {hero.his} voice shook. It was getting dark.");
        if (tale.Chance(50)) FoundByFriend(tale, wild);
        else FindsTheWay(tale);
        tale.About("a {hero.kind} who got lost");
        tale.Sum("{Hero} followed {lure} too far and got lost. {Hero.he} kept a clear head and came home again.");
        tale.Ask("what", "What did {hero} follow?", "{Hero} followed {lure}.", "{lure}");
        tale.Ask("why", "Why did {hero} get lost?", "{Hero} got lost because {hero.he} followed {lure}.", "{lure}");
        tale.Ask("where", "Where did {hero} see {lure}?", "{Hero} saw it near {place}.", "{place}");
        tale.AskFreely("how", "Did {hero} come home again?", "Yes, {hero} came home again.", "Yes");
        if (tale.Says("sad")) tale.AskFreely("why", "Why was {hero} sad?", "{Hero} was sad because {hero.he} was lost.", "lost");
        state.Solve(tale.Hero, "lost");
        state.Advance(TimeOfDay.Night);
        tale.Say("At home there was hot soup and a warm bed.", "{Elder} stood at the door and held {hero.him} for a long, long time.",
            "“I am so glad that you are home,” said {elder}.");
        tale.Maybe(60, "“I will never run so far away again,” said {hero}.", "“Next time I will tell you where I go,” {hero} promised.",
            "{Hero} looked at the stars and was happy to be home.");
    }

    private static void FoundByFriend(Tale tale, Place wild)
    {
        tale.Say("{Hero} wanted to cry and run. But then {hero.he} thought of what {elder.of} always said: “If you are lost, stay where you are.”",
            "{Hero.he} sat down under a tree and did not move. “They will look for me,” {hero.he} thought.");
        tale.Say("So {hero.he} sang the loudest song {hero.he} knew.", "{Hero.he} called as loudly as {hero.he} could, again and again.");
        tale.Paragraph();
        tale.Go(wild, tale.Friend);
        tale.Say("Far away, {hero.his} friend {friend.full} heard it. “That is {hero}!” {friend.he} said, and ran with a lantern.",
            "Then there was a light between the trees. It was {hero.his} friend {friend.full} with a lantern!");
        tale.Say("“Here you are!” said {friend}. “We have looked for you everywhere.”",
            "“I heard you,” said {friend}. “Come, take my {friend.hand}.”");
        tale.Go(Tale.Home, tale.Hero, tale.Friend);
        tale.Say("Together they walked home through the dark.", "{Hero} held {friend.his} {friend.hand} all the way home.");
        tale.Ask("who", "Who found {hero}?", "{Friend} found {hero}.", "{friend}");
        tale.AskFreely("who", "Who helped {hero}?", "{Friend} helped {hero}.", "{friend}");
    }

    private static void FindsTheWay(Tale tale)
    {
        tale.Say("But {hero} did not run. {Hero.he} sat down on a log and began to think.",
            "{Hero} dried {hero.his} tears. “I have to think,” {hero.he} said.");
        tale.Bind("guide", new Phrase(tale.Pick<string>("An owl", "A deer", "An old toad", "A firefly")));
        tale.Say("{guide} came along. “Where do you live?” it asked. “{Setting},” said {hero}.",
            "{guide} looked at {hero.him}. “Why are you so sad?” it asked. “I want to go home,” said {hero}.");
        tale.Paragraph();
        if (tale.Place.IsWater && tale.Chance(60))
            tale.Say("“Listen,” it said. “Can you hear the water? Walk to it, and you will come to {place}.”");
        else tale.Say("“Follow the bright star,” it said. “It stands over {place}.”");
        tale.Say("{Hero} thanked it and went the way it had said.", "“Thank you!” said {hero}, and {hero.he} walked on, step by step.");
        tale.Go(tale.Place, tale.Hero);
        tale.AskFreely("who", "Who showed {hero} the way?", "{guide} showed {hero} the way.", "{guide}");
        tale.AskFreely("who", "Who helped {hero}?", "{guide} helped {hero}.", "{guide}");
        tale.Say("Soon {hero.he} saw {place}, and from there {hero.he} knew the way.",
            "And there it was: {place}! Now {hero.he} knew the way and ran.");
        tale.Go(Tale.Home, tale.Hero);
    }
}
