using LlmFromScratch.Training.Data.TinyTales.Narration;
using LlmFromScratch.Training.Data.TinyTales.World;

namespace LlmFromScratch.Training.Data.TinyTales.Plots;

/// <summary>Rain and shelter: a walk, a storm, a search for a dry place, company while waiting, and sun at the end.</summary>
internal sealed class Rain : Plot
{
    private static readonly (string Shelter, string Inside)[] Shelters =
        [("an old hut", "inside"), ("a dry cave", "inside"), ("a hollow tree", "inside"),
            ("an empty shed", "inside"), ("a stone bridge", "under it")];

    private static readonly string[] Guests = ["bird", "lamb", "duckling", "kitten"];

    /// <inheritdoc/>
    public override string Moral => "Without the rain there is no rainbow.";

    /// <inheritdoc/>
    public override void Tell(Tale tale)
    {
        TaleState state = tale.State;
        (string shelter, string inside) = tale.Pick<(string, string)>(Shelters);
        tale.Bind("shelter", new Phrase(shelter));
        tale.Bind("inside", new Phrase(inside));
        tale.Bind("guest", new Phrase(tale.Pick<string>(Guests)));
        tale.Open(friend: true, "One warm day", "One morning", "One day", "One grey morning", "One afternoon");
        tale.Go(tale.Place, tale.Hero, tale.Friend);
        tale.Say("{day}, {hero} and {hero.his} friend {friend.full} went for a long walk.",
            "{day}, {hero} went to {place} with {hero.his} friend {friend.full}. They wanted to [pick flowers|look for berries].",
            "{day}, {hero.his} friend {friend.full} called at the door. “Come and play {place.at}!” {friend.he} said. So {hero} went along.");
        state.StartRain();
        state.Trouble(tale.Hero, "wet");
        tale.Say("But soon dark clouds came over the hills. A drop fell on {hero.his} nose. Then it began to rain.",
            "All at once the sky turned dark. Drip, drop, splash! The rain came down.", "Then the wind blew hard, and big drops began to fall.");
        tale.Paragraph();
        tale.Maybe(70, "“We are getting wet!” cried {hero}.", "“Oh dear! My feet are wet,” said {friend}.",
            "“Quick, we must find a dry place!” {friend} shouted.");
        tale.Maybe(50, "They ran to a bush, but the rain came through the leaves.",
            "First they stood under a small tree, but the water ran down their necks.", "They held {hero.hand}s and ran as fast as they could.");
        tale.Say("Then {hero} saw {shelter}. “Over here!” {hero.he} called.", "Then {friend} saw {shelter}. “Look over there!” {friend.he} said.");
        tale.Paragraph();
        if (tale.Chance(60)) Guest(tale);
        else Waiting(tale);
        state.StopRain();
        state.Solve(tale.Hero, "wet");
        tale.Say("At last the rain stopped and the sun came out.", "After a while, the clouds went away, and the sun shone again.");
        tale.Say("There was a rainbow over {place}! “How beautiful,” said {hero}.",
            "A big rainbow was in the sky. “Without the rain we would not see it,” said {friend}.",
            "Every leaf was shining. They jumped into all the puddles on the way home.");
        tale.Maybe(40, "“That was the best walk of all,” said {hero}.", "When they came home, {elder} gave them warm milk and dry socks.",
            "They went home side by side and sang all the way.", "It had been a good day after all.");
        bool under = inside != "inside";
        tale.About("a {hero.kind} who was caught in the rain");
        tale.Sum("{Hero} and {friend} went for a walk, and it began to rain.");
        tale.Sum(under ? "They waited under {shelter} until the sun came out." : "They waited in {shelter} until the sun came out.");
        tale.Ask("why", "Why did they look for a dry place?", "They looked for a dry place because it rained.", "rained");
        tale.Ask("where", "Where did they wait?", under ? "They waited under {shelter}." : "They waited in {shelter}.", "{shelter}");
        tale.Ask("who", "Who went with {hero}?", "{Friend} went with {hero}.", "{friend}");
        tale.AskFreely("why", "Why did they get wet?", "They got wet because it rained.", "rained");
        tale.AskFreely("how", "Did the rain stop?", "Yes, the rain stopped, and the sun came out.", "Yes");
    }

    private static void Guest(Tale tale)
    {
        tale.Say("It was warm and dry {inside}. But they were not alone! A little {guest} sat in the corner and [shook|looked at them].",
            "{Inside} sat a small wet {guest}. It was cold and afraid.");
        tale.Say("“Poor little {guest},” said {hero}. “Come and sit with us.”", "“Don't be afraid. There is room for all of us,” said {friend}.");
        tale.Say("The {guest} came closer, and they kept each other warm.", "So the three of them sat close together and listened to the rain.");
        tale.Maybe(50, "{Hero} sang a soft song, and the {guest} fell asleep.", "{Friend} told a funny story, and they forgot about the storm.");
    }

    private static void Waiting(Tale tale)
    {
        tale.Say("It was warm and dry {inside}. They sat down and listened to the rain.", "They crept {inside} and shook off the water.");
        tale.Say(
            "“What shall we do now?” asked {friend}. “Let us tell stories,” said {hero}. " +
                "{Hero} told one about a king, and {friend} told one about a whale.",
            "{Friend} was a little afraid of the storm, so {hero} told {friend.him} a story about a brave little star. " +
                "Soon they both forgot the rain.");
    }
}
