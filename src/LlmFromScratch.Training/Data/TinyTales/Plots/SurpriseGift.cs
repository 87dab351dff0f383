using LlmFromScratch.Training.Data.TinyTales.Narration;
using LlmFromScratch.Training.Data.TinyTales.World;

namespace LlmFromScratch.Training.Data.TinyTales.Plots;

/// <summary>A surprise gift: a birthday that everybody seems to forget, or a gift that the hero makes in secret.</summary>
internal sealed class SurpriseGift : Plot
{
    /// <inheritdoc/>
    public override string Moral => "The best gifts come from the heart.";

    /// <inheritdoc/>
    public override void Tell(Tale tale)
    {
        Thing thing = tale.Bind("thing", Things.Toy(tale.Random, "made"));
        if (tale.Chance(50)) Forgotten(tale, thing);
        else Secret(tale, thing);
    }

    private static void Forgotten(Tale tale, Thing thing)
    {
        TaleState state = tale.State;
        tale.Open(friend: true, "One morning", "One sunny morning", "One day", "One spring morning");
        state.Trouble(tale.Hero, "forgotten");
        tale.Say("{day}, {hero} woke up and smiled. It was {hero.his} birthday!",
            "{day}, {hero} jumped out of bed. “Today is my birthday!” {hero.he} said.");
        tale.Say("But {elder} only said, “Good morning,” and went out.", "{Hero.he} looked at the table, but there was no cake and no gift.");
        tale.Go(tale.Place, tale.Hero);
        bool busy = tale.Chance(60);
        if (busy) tale.Say("{Hero} met {hero.his} friend {friend.full} {place.at}, but {friend.he} said, “I have no time today,” and hurried off.",
            "{Hero} ran to {hero.his} friend {friend.full}. “I have no time to play today,” {friend.he} said, and closed the door.");
        else tale.Say("{Hero} went to {place}. Nobody was there. Nobody wanted to play.",
            "{Hero.he} walked to {place} alone and waited, but no one came.");
        tale.Say("“They have all forgotten me,” {hero.he} thought, and a tear fell on {hero.his} {hero.hand}.",
            "{Hero} sat down and felt very lonely.");
        tale.Paragraph();
        state.Advance(TimeOfDay.Evening);
        tale.Go(Tale.Home, tale.Hero, tale.Friend);
        tale.Say("In the evening, {hero} walked home slowly. It was dark in the house.",
            "When the sun went down, {hero} went home. There was no light in the window.");
        tale.Say("{Hero.he} opened the door. “Surprise!” shouted many voices.",
            "Then a light went on. “Surprise! Happy birthday!” called {elder} and all the friends.");
        tale.Say("There was a cake with candles, and there were flowers on the table.",
            "They had baked a big cake, and there were lights everywhere.");
        tale.Paragraph();
        state.Own(tale.Friend, thing);
        state.Give(tale.Friend, tale.Hero, thing);
        state.Solve(tale.Hero, "forgotten");
        if (busy) tale.Say("{Friend} gave {hero.him} {thing.a}. “I made it for you,” {friend.he} said. “That is why I had no time.”");
        else tale.Say("“This is for you,” said {hero.his} friend {friend.full}, and {friend.he} gave {hero} {thing.a}.",
            "And there was {hero.his} friend {friend.full} with {thing.a}. “I made it for you,” {friend.he} said.");
        tale.Say("{Hero} was so happy that {hero.he} could not say a word.",
            "“Thank you!” said {hero}. “I thought that you had forgotten me.” “Never!” said {friend}.");
        tale.Say("It was the best birthday of all.", "They sang and danced until the moon came up.",
            "They ate the cake and laughed until it was time for bed.");
        tale.About("a {hero.kind} who had a birthday");
        tale.Sum("{Hero} thought that everybody had forgotten {hero.his} birthday. In the evening there was a surprise, and {friend} gave {hero.him} {thing.a}.");
        tale.Ask("who", "Whose birthday was it?", "It was {hero}'s birthday.", "{hero}");
        tale.Ask("what", "What did {friend} give {hero}?", "{Friend} gave {hero} {thing.a}.", "{thing.noun}");
        tale.Ask("who", "Who gave {hero} the {thing.noun}?", "{Friend} gave {hero} the {thing.noun}.", "{friend}");
        tale.Ask("why", "Why was {hero} sad?", "{Hero} was sad because {hero.he} thought that they had all forgotten {hero.him}.", "forgotten");
        tale.AskFreely("how", "Had they forgotten {hero}?", "No, there was a surprise for {hero}.", "No");
        tale.AskFreely("what", "What did {hero} get?", "{Hero} got {thing.a}.", "{thing.noun}");
    }

    private static void Secret(Tale tale, Thing thing)
    {
        TaleState state = tale.State;
        tale.Open(friend: true, "One autumn day", "One cold day", "One day", "One morning");
        state.Trouble(tale.Hero, "no gift");
        tale.Say("{day}, {hero} heard that {hero.his} friend {friend.full} had a birthday soon. But {hero.he} had no gift and no money.",
            "{day}, {hero} thought, “Soon my friend {friend} has a birthday, and I have nothing to give!”");
        tale.Say("{Hero.he} looked in all {hero.his} boxes, but there was nothing nice enough.",
            "“What can I do?” {hero.he} asked {elder}. “A gift that you make yourself is the best gift,” said {elder}.");
        tale.Paragraph();
        tale.Say("So {hero} made a plan. “I will make {thing.a}!” {hero.he} said.", "Then {hero} had an idea. {Hero.he} would make {thing.a}!");
        state.Own(tale.Hero, thing);
        tale.Say("{Hero.he} worked on it in secret, every evening, and told nobody.",
            "{Hero.he} cut and sewed and glued and painted all day. It was a lot of work.", "The first one fell apart. The second one was better.");
        tale.Say("When {friend} came to play, {hero} hid it under the bed.",
            "“What are you doing?” called {friend} at the door. “Nothing!” said {hero}, and hid it fast.");
        tale.Paragraph();
        state.NextDay();
        tale.Go(tale.Place, tale.Hero, tale.Friend);
        state.Give(tale.Hero, tale.Friend, thing);
        state.Solve(tale.Hero, "no gift");
        tale.Say("Then the day came. “Close your eyes and hold out your {friend.hand}s,” said {hero}.",
            "On the birthday, {hero} led {friend} to {place}. “Close your eyes,” {hero.he} said. “Now open them!”");
        tale.Say("{Friend} saw {thing} and jumped for joy. “Did you make it all by yourself?” {friend.he} asked.",
            "“Oh, {thing.a}!” cried {friend}. “It is just what I wanted!”");
        tale.Say("{Friend} loved it more than all the other gifts.", "{Friend} hugged {hero.him}. “I will keep it for ever,” {friend.he} said.",
            "{Hero} was even happier than {friend}. It is lovely to give.", "And {hero} knew that the best gifts come from the heart.");
        tale.About("a {hero.kind} who made {thing.one} for a friend");
        tale.Sum("{Friend} had a birthday, and {hero} had no gift. So {hero} made {thing.a} in secret and gave it to {friend}.");
        tale.Ask("who", "Whose birthday was it?", "It was {friend}'s birthday.", "{friend}");
        tale.Ask("what", "What did {hero} make?", "{Hero} made {thing.a}.", "{thing.noun}");
        tale.Ask("who", "Who made the {thing.noun}?", "{Hero} made the {thing.noun}.", "{hero}");
        tale.AskFreely("what", "What did {hero} give {friend}?", "{Hero} gave {friend} {thing.a}.", "{thing.noun}");
        tale.AskFreely("who", "Who gave {friend} the {thing.noun}?", "{Hero} gave {friend} the {thing.noun}.", "{hero}");
        tale.Ask("who", "Who has the {thing.noun} at the end?", "{Friend} has the {thing.noun}.", "{friend}");
    }
}
