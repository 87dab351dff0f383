using LlmFromScratch.Training.Data.TinyTales.Narration;
using LlmFromScratch.Training.Data.TinyTales.World;

namespace LlmFromScratch.Training.Data.TinyTales.Plots;

/// <summary>Lost and found: a dear thing is left behind, missed, looked for in a wrong spot, and found where it was lost.</summary>
internal sealed class LostThing : Plot
{
    /// <inheritdoc/>
    public override string Moral => "Look around before you go home.";

    /// <inheritdoc/>
    public override void Tell(Tale tale)
    {
        TaleState state = tale.State;
        Thing thing = tale.Bind("thing", Things.Toy(tale.Random));
        Phrase spot = tale.BindSpot("spot", tale.Place);
        tale.BindSpot("wrong", tale.Place, spot);

        tale.Open(friend: true);
        state.Own(tale.Hero, thing);
        tale.Say("{Hero} had {thing.a}. {Hero.he} loved to {thing.use} it {thing.tail}.", "The thing {hero} loved [best|most] was {thing.a}.",
            "{Elder.of} had given {hero.him} {thing.a}, and {hero.he} {thing.used} it {thing.tail}.", "{Hero} had {thing.a} and took it everywhere.");
        tale.Paragraph();
        state.Use(tale.Hero, thing);
        tale.Go(tale.Place, tale.Hero, tale.Friend);
        tale.Say("{day}, {hero} [took|carried] the {thing.noun} to {place} and met {hero.his} friend {friend.full}.",
            "{day}, {hero} went to {place} with {hero.his} friend {friend.full}. The {thing.noun} came along, too.",
            "{day}, {friend.full} and {hero} went to play {place.at}, and {hero} took the {thing.noun} along.");
        tale.Say("They ran and jumped and laughed until {hero} was [very |]tired.", "They played hide and seek all [morning|day].",
            "They had so much fun that {hero} forgot [all about |]the {thing.noun}.");
        state.Lose(tale.Hero, thing, spot);
        state.Trouble(tale.Hero, "lost");
        tale.Go(Tale.Home, tale.Hero);
        bool friendHelps = tale.Chance(60);
        if (friendHelps) SearchWithFriend(tale, thing, spot);
        else SearchAlone(tale, thing, spot);
        tale.About("a {hero.kind} who lost {thing.one}");
        tale.Sum("{Hero} lost {hero.his} {thing.noun} {place.at}.");
        tale.Sum(friendHelps ? "{Friend} found it {spot} and gave it back." : "{Hero.he} went back with {elder.of} and found it {spot}.");
        tale.Ask("what", "What did {hero} lose?", "{Hero} lost {hero.his} {thing.noun}.", "{thing.noun}");
        tale.Ask("where", "Where was the {thing.noun}?", "The {thing.noun} was {spot}.", "{spot}");
        tale.Ask("where", "Where did {hero} leave the {thing.noun}?", "{Hero} left it {place.at}.", "{place}");
        tale.Ask("why", "Why was {hero} sad?", "{Hero} was sad because the {thing.noun} was gone.", "{thing.noun}");
        tale.Ask("who", "Who has the {thing.noun} at the end?", "{Hero} has the {thing.noun}.", "{hero}");
        tale.AskFreely("how", "Did {hero} get the {thing.noun} back?", "Yes, {hero} got the {thing.noun} back.", "Yes");
        tale.AskFreely("where", "Where did they look first?", "First they looked {wrong}.", "{wrong}");
        tale.AskFreely("where", "Where did they find the {thing.noun}?", "They found it {spot}.", "{spot}");
        state.Solve(tale.Hero, "lost");
        tale.Maybe(50, "From that day on, {hero} always looked around before {hero.he} went home.", "{Hero} never forgot the {thing.noun} again.",
            "After that, {hero} took good care of the {thing.noun}.", "That night, {hero} fell asleep with the {thing.noun} beside {hero.him}.");
    }

    private static void SearchWithFriend(Tale tale, Thing thing, Phrase spot)
    {
        tale.Say("At home, {hero} wanted to show the {thing.noun} to {elder}. But it was gone!",
            "When {hero} came home, {hero.he} [saw|found] that the {thing.noun} was not there.");
        tale.Say("“Oh no! I have lost my {thing.noun}!” {hero.he} cried.",
            "“Where is my {thing.noun}?” {hero} cried, and a tear ran down {hero.his} face.");
        tale.Paragraph();
        tale.Go(tale.Place, tale.Hero, tale.Friend);
        tale.Say("{Hero.he} ran to {friend} and told {friend.him} what was wrong. “Do not cry,” said {friend}. “We will find it together.”",
            "{Friend} heard {hero.him} and came at once. “Don't be sad. Two can look better than one,” said {friend}.");
        tale.Say("They went back to {place} and looked {wrong}. There was nothing there.",
            "So they went back to {place}. {Hero} looked {wrong}, but the {thing.noun} was not there.");
        tale.State.Find(tale.Friend, thing, spot);
        tale.Say("Then {friend} looked {spot}. “I see it! Here it is!” {friend.he} [shouted|called].",
            "“Look!” {friend} called. The {thing.noun} was {spot}!");
        tale.State.Hand(tale.Friend, tale.Hero, thing);
        tale.Paragraph();
        tale.Say("{Friend} gave the {thing.noun} to {hero}, and {hero.he} jumped for joy. “Thank you! You are a true friend,” {hero.he} said.",
            "{Friend} put the {thing.noun} into {hero.his} arms. {Hero} hugged {friend.him}. “Thank you so much!” {hero.he} said.");
        tale.Ask("who", "Who found the {thing.noun}?", "{Friend} found the {thing.noun}.", "{friend}");
        tale.AskFreely("who", "Who helped {hero}?", "{Friend} helped {hero}.", "{friend}");
        tale.AskFreely("what", "What did {friend} do?", "{Friend} found the {thing.noun} and gave it back.", "{thing.noun}");
        tale.AskFreely("who", "Who gave {hero} the {thing.noun}?", "{Friend} gave {hero} the {thing.noun}.", "{friend}");
    }

    private static void SearchAlone(Tale tale, Thing thing, Phrase spot)
    {
        tale.Say("In the evening, {hero} looked for the {thing.noun}. It was not under the bed. It was not behind the door.",
            "When {hero} was home again, the {thing.noun} was gone. {Hero.he} sat down and [began to cry|felt very sad].");
        tale.Paragraph();
        tale.Say("“Where did you have it last?” asked {elder}.", "“Think,” said {elder}. “Where did you see it last?”");
        tale.Say("{Hero} thought and thought. “{Place.at}!” {hero.he} said.",
            "{Hero} closed {hero.his} eyes. “I had it {place.at},” {hero.he} said.");
        tale.Go(tale.Place, tale.Hero, tale.Elder);
        tale.Say("They walked back together. They looked {wrong}, but they found nothing.",
            "So they went back to {place}. First {hero} looked {wrong}. No, it was not there.");
        tale.State.Find(tale.Hero, thing, spot);
        tale.Say("Then {hero} looked {spot}, and there [was|lay] the {thing.noun}!",
            "“I see something!” said {elder}. And there, {spot}, was the {thing.noun}.");
        tale.Paragraph();
        tale.Say("{Hero} held it tight and smiled. “I am so happy,” {hero.he} said.", "{Hero} laughed and held the {thing.noun} close.");
        tale.Ask("who", "Who helped {hero} to look?", "{Elder} helped {hero} to look.", "{elder}");
        tale.AskFreely("who", "Who helped {hero}?", "{Elder} helped {hero}.", "{elder}");
    }
}
