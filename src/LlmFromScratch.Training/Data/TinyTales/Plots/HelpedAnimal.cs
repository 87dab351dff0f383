using LlmFromScratch.Training.Data.TinyTales.Narration;
using LlmFromScratch.Training.Data.TinyTales.World;

namespace LlmFromScratch.Training.Data.TinyTales.Plots;

/// <summary>Helping a small animal: it is in trouble, the hero helps in the way that this trouble needs, and it comes back to thank.</summary>
internal sealed class HelpedAnimal : Plot
{
    private static readonly Rescue[] Rescues =
    [
        new("bird", "One of its wings was hurt, and it could not fly", "{Hero} made a soft nest of grass and gave it water and seeds every day",
            "spread its wings and flew up into the sky", "sang {hero.his} favourite song at the window", Shore.Any, false),
        new("duckling", "It had lost its mother and was crying", "{Hero} carried it along the water until they heard a loud quack",
            "ran to its mother and hid under her wing", "swam by with all its brothers and sisters and quacked hello", Shore.Water, false),
        new("turtle", "It lay on its back and could not turn over", "{Hero} put both {hero.hand}s under its shell and turned it over, very gently",
            "stood on its feet again and blinked", "brought {hero.him} a smooth white stone", Shore.Any, false),
        new("butterfly", "It was caught in a spider's web", "{Hero} pulled the sticky threads away, one by one, and did not touch its wings",
            "shook its wings and danced in the air", "sat down on {hero.his} nose, and that tickled", Shore.Land, false),
        new("fish", "It was lying in a tiny puddle with hardly any water left",
            "{Hero} filled a cup with water, put it in, and carried it back to the deep water", "swam three happy rings around a stone",
            "jumped out of the water to say hello", Shore.Water, false),
        new("kitten", "It sat high up in a tree and was afraid to come down",
            "{Hero} climbed up slowly, put it under one arm, and climbed down again", "purred and rubbed its head on {hero.his} leg",
            "followed {hero.him} all the way home", Shore.Land, true),
        new("bee", "Its wings were wet, and it could not fly", "{Hero} put it on a warm leaf in the sun and gave it a drop of honey",
            "hummed and rose into the air", "showed {hero.him} a field full of flowers", Shore.Land, false),
        new("lamb", "Its leg was caught in the fence", "{Hero} talked softly to it and pulled the boards apart", "jumped out and kicked up its legs",
            "ran to {hero.him} and put its soft nose in {hero.his} {hero.hand}", Shore.Land, true),
    ];

    /// <inheritdoc/>
    public override string Moral => "Even a small animal does not forget a kind heart.";

    /// <inheritdoc/>
    public override void Tell(Tale tale)
    {
        Rescue rescue = tale.Pick<Rescue>([.. Rescues.Where(r => Fits(r, tale))]);
        Character animal = tale.Bind("animal", new Character($"the {rescue.Animal}", rescue.Animal, Pronoun.It, true));
        bool together = tale.Chance(45);
        tale.Open(friend: false);
        tale.Go(tale.Place, tale.Hero, animal, tale.Friend);
        tale.State.Trouble(animal, "in need");
        tale.Say(together
            ? "{day}, {hero} and {hero.his} friend {friend.full} were [walking|playing] {place.at}."
            : "{day}, {hero} was [walking|playing] alone {place.at}.");
        tale.Say(together ? "There they heard a small sound." : "There {hero.he} heard a small sound.",
            "Suddenly {hero} stopped. “What is that?” {hero.he} said.", "Something moved on the ground.");
        tale.Say("It was a little {animal.kind}. " + rescue.Plight + ".");
        tale.Paragraph();
        tale.Say("“Poor little {animal.kind},” said {hero}. “I will help you.”", "“Don't be afraid,” {hero} said softly. “I will not hurt you.”",
            "“Please help me,” said {animal} in a tiny voice.");
        if (together)
            tale.Say("“What can we do?” asked {friend}. “I have an idea,” said {hero}.", "“Be careful,” said {friend}.",
                "“It is so small!” said {friend}. “We must be gentle.”");
        tale.Say(rescue.Help + ".");
        tale.Maybe(35, "{Animal.he} was very quiet the whole time.", "{Hero} was very careful.",
            "It was not easy, but {hero} did not give up.");
        tale.State.Solve(animal, "in need");
        tale.Say("Then {animal} " + rescue.Well + ".", "At last {animal} " + rescue.Well + "!");
        tale.Say("“Thank you,” said {animal}. “You are very kind.”",
            "{Hero} [laughed and clapped|smiled and waved]. “Goodbye, little {animal.kind}!”", "“I am so glad!” said {hero}, and {hero.he} laughed.");
        tale.Paragraph();
        tale.State.NextDay();
        tale.Say("The next day, {animal} " + rescue.Thanks + ".", "A few days later, {animal} came again. {Animal.he} " + rescue.Thanks + ".");
        tale.Say("From that day on, they were friends.", "{Hero} had made a new friend.", "Even a small animal does not forget a kind heart.",
            "{Hero} told {elder.of} the whole story. “I am proud of you,” said {elder}.", "And {hero} learned that it feels good to help.");
        tale.About("a {hero.kind} who helped a little {animal.kind}");
        tale.Sum("{Hero} found a little {animal.kind} in trouble {place.at} and helped it. Later it came back to thank {hero.him}.");
        tale.Ask("who", "Who needed help?", "A little {animal.kind} needed help.", "{animal.kind}");
        tale.Ask("where", "Where was {hero}?", "{Hero} was {place.at}.", "{place}");
        tale.Ask("who", "Who helped the {animal.kind}?", "{Hero} helped the {animal.kind}.", "{hero}");
        tale.AskFreely("what", "What did {hero} find?", "{Hero} found a little {animal.kind}.", "{animal.kind}");
        tale.AskFreely("how", "Did the {animal.kind} come back?", "Yes, it came back to thank {hero}.", "Yes");
        tale.AskFreely("what", "What did {hero} do?", "{Hero} helped a little {animal.kind}.", "{animal.kind}");
    }
    private static bool Fits(Rescue rescue, Tale tale) =>
        rescue.Where != (tale.Place.IsWater ? Shore.Land : Shore.Water) && !(rescue.ForChildren && tale.Hero.IsAnimal);
    /// <summary>Who needs help, how it is found, how it is helped, what it does when it is well, and how it gives thanks.</summary>
    private sealed record Rescue(string Animal, string Plight, string Help, string Well, string Thanks, Shore Where, bool ForChildren);
}
