using LlmFromScratch.Training.Data.TinyTales.Narration;
using LlmFromScratch.Training.Data.TinyTales.World;

namespace LlmFromScratch.Training.Data.TinyTales.Plots;

/// <summary>Patience: a seed is planted, nothing happens, the hero waits and waters, and what has grown is shared.</summary>
internal sealed class GrownSeed : Plot
{
    /// <summary>The plant; what it bears; how it is shared at the end.</summary>
    private static readonly (string Plant, string Bears, string Shared)[] Plants =
    [
        ("sunflower", "a flower as big as a plate opened at the top", "In autumn {hero} gave the seeds to all the hungry birds"),
        ("pumpkin", "a round pumpkin lay under the leaves, bigger than a ball", "They made a big pot of soup and asked everyone to come"),
        ("strawberry plant", "ten red strawberries hung under the leaves", "{Hero} ate five of them and gave five to {elder}"),
        ("tomato plant", "round red tomatoes hung from every branch", "They picked the tomatoes and ate them in the sun"),
        ("rose", "a red rose opened and smelled of honey", "{Hero} gave the first rose to {elder}"),
    ];

    /// <inheritdoc/>
    public override string Moral => "Good things need time.";

    /// <inheritdoc/>
    public override void Tell(Tale tale)
    {
        (string plant, string bears, string shared) = tale.Pick<(string, string, string)>(Plants);
        tale.Bind("plant", new Phrase(plant));
        Thing seed = new("seed", "little", "plant", "planted", "in the ground");
        tale.Open(friend: false, "One spring day", "One spring morning", "One day in spring");
        tale.State.Own(tale.Elder, seed);
        tale.State.Give(tale.Elder, tale.Hero, seed);
        tale.State.Trouble(tale.Hero, "impatience");
        tale.Say("{day}, {elder.of} gave {hero.him} a little seed. “If you take care of it, it will grow into a {plant},” said {elder}.",
            "{day}, {hero} got a tiny seed from {elder.of}. “There is a {plant} sleeping in it,” said {elder}.");
        tale.Say("{Hero} made a hole in the ground, put the seed in, and gave it water.",
            "So {hero} planted it in the warm brown earth and sang it a song.");
        tale.State.Use(tale.Hero, seed);
        tale.Paragraph();
        bool friendLaughs = tale.Chance(28);
        tale.Say("The next day {hero} looked. Nothing! {Hero.he} looked again the day after. Still nothing.",
            "One day went by, then two, then three. The ground was still bare.");
        if (!friendLaughs) tale.Say("“It does not grow!” {hero.he} said. “I do not want to wait any more.”", "“Maybe it is dead,” {hero} said sadly.",
            "“Can I dig it up and look at it?” asked {hero}.");
        else tale.Say("{Hero.his} friend {friend.full} laughed. “You are watering a bare spot,” {friend.he} said.",
            "“You should plant a stone,” said {hero.his} friend {friend.full}. “It grows just as fast.”");
        tale.Say("“Good things need time,” said {elder}. “Wait a little longer.”",
            "“Be patient,” said {elder}. “It is working under the ground, where you cannot see it.”");
        tale.Say("So {hero} gave it water every morning and waited.", "So {hero} watered it every day, and pulled out the weeds, and waited.");
        tale.Paragraph();
        tale.State.NextDay();
        tale.State.Solve(tale.Hero, "impatience");
        tale.Say("Then one morning there was a small green leaf!", "And one day, after a warm rain, a green tip looked out of the ground.");
        tale.Maybe(50, "“It is growing!” {hero} shouted, and danced around it.",
            "{Hero} was so glad that {hero.he} called everyone to come and see.");
        tale.Say("It grew and grew. In summer " + bears + ".", "Week after week it grew taller, and at last " + bears + ".");
        if (friendLaughs) tale.Say("“I was wrong,” said {friend}. “It is wonderful.”",
            "Now {friend} did not laugh any more. “May I help you next year?” {friend.he} asked.");
        tale.Say(shared + ".");
        tale.Maybe(35, "{Hero} had learned to wait.", "“Now I know,” said {hero}. “Good things need time.”", "It had been worth the wait.");
        tale.About("a {hero.kind} who planted a seed");
        tale.Sum("{Hero} got a seed from {elder.of} and planted it. {Hero.he} waited and watered it, and it grew into a {plant}.");
        tale.Ask("who", "Who gave {hero} the seed?", "{Elder} gave {hero} the seed.", "{elder}");
        tale.Ask("what", "What was in the seed?", "A {plant} was in the seed.", "{plant}");
        tale.Ask("how", "What did {hero} do every day?", "{Hero} gave it water every day.", "water");
        tale.AskFreely("what", "What did {hero} plant?", "{Hero} planted a seed.", "seed");
        tale.AskFreely("what", "What did the seed grow into?", "It grew into a {plant}.", "{plant}");
        tale.AskFreely("how", "Did the seed grow?", "Yes, it grew into a {plant}.", "Yes");
        if (tale.Says("sad")) tale.AskFreely("why", "Why was {hero} sad?", "{Hero} was sad because the seed did not grow.", "seed");
    }
}
