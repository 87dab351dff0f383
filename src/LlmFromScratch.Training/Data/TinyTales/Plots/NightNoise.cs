using LlmFromScratch.Training.Data.TinyTales.Narration;
using LlmFromScratch.Training.Data.TinyTales.World;

namespace LlmFromScratch.Training.Data.TinyTales.Plots;

/// <summary>A noise in the night: something makes a strange sound, the hero goes to see, and it is nothing to be afraid of.</summary>
internal sealed class NightNoise : Plot
{
    private static readonly (string Sound, string Maker, string Found)[] Noises =
    [
        ("Rrrr-pshh, rrrr-pshh", "{elder.of}", "{Elder} was asleep in the big chair and snored"), ("Plip, plop, plip", "a drop of water", "A drop of water fell into a bowl, and then another"),
        ("Scritch, scratch, scritch", "a little kitten", "A little kitten sat in front of the door and wanted to come in"),
        ("Hoo, hoo, hoo", "a young owl", "A young owl sat on the roof and sang to the moon"), ("Clack, clack, clack", "the shutter", "The wind was playing with the shutter"),
        ("Crunch, munch, crunch", "a hungry hedgehog", "A hungry hedgehog was eating a fallen pear"),
    ];

    private static readonly string[] Guesses = ["a giant", "a ghost", "a dragon", "a robber", "a wolf with big teeth"];

    /// <inheritdoc/>
    public override string Moral => "What you have looked at closely is only half as big.";

    /// <inheritdoc/>
    public override void Tell(Tale tale)
    {
        (string sound, string maker, string found) = tale.Pick<(string, string, string)>(Noises);
        tale.Bind("sound", new Phrase(sound));
        string guess = tale.Pick<string>(Guesses);
        tale.Bind("guess", new Phrase(guess));
        tale.Open(friend: false, "One night", "One dark night", "One winter night", "In the middle of the night");
        tale.State.Advance(TimeOfDay.Night);
        tale.State.Trouble(tale.Hero, "noise");
        tale.Say("{day}, {hero} woke up. {sound}! What was that?", "{day}, there was a noise. {sound}! {Hero} opened {hero.his} eyes.");
        tale.Say("“It is {guess},” {hero.he} thought, and pulled the blanket over {hero.his} head.", "{Hero.his} heart went bump, bump. “I think it is {guess},” {hero.he} whispered.");
        bool together = tale.Chance(40);
        if (together) tale.Say("{Hero.his} friend {friend.full} was there for the night and heard it, too. “Are you asleep?” {friend.he} whispered. “No,” said {hero}.");
        tale.Say("It was still for a while. Then it came again: {sound}.", "{sound}! There it was again, and louder.");
        tale.Paragraph();
        tale.Say("“{guess} would not be so slow,” thought {hero}.", "“If I do not look, I will be awake all night,” {hero.he} said.", "“I am small, but I am not a coward,” said {hero}.");
        tale.Say("On the tips of {hero.his} toes {hero.he} went, past the table, past the clock, and up to the door.", "{Hero.he} took a candle and went, step by step by step.",
            "{Hero.he} put on two hats, to look taller, and went to see.");
        if (together) tale.Maybe(70, "{Friend} went close behind.", "“I will come with you,” said {friend}, and held on to {hero.his} arm.");
        tale.Paragraph();
        tale.State.Learn(tale.Hero, "noise");
        tale.State.Solve(tale.Hero, "noise");
        tale.Say("And what did {hero.he} see? " + found + ".", "{Hero.he} held {hero.his} breath and looked. " + found + ".");
        tale.Say("{Hero} had to laugh. “And I thought you were {guess}!”", "“So that is all,” said {hero}, and all the fear was gone.");
        tale.Say("Then {hero.he} went back to bed. {sound}, it went, and {hero} fell asleep to it.", "Back in bed, it was almost a song: {sound}.",
            "In the morning {hero.he} told {elder.of} everything, and they both laughed.");
        tale.About("a {hero.kind} who heard a noise in the night");
        tale.Sum("In the night {hero} heard a noise and thought it was {guess}. {Hero.he} went to see, and it was only " + maker + ".");
        tale.Ask("what", "What did {hero} think it was?", "{Hero} thought it was {guess}.", "{guess}");
        tale.Ask("who", "What made the noise?", maker + " made the noise.", maker);
        tale.Ask("when", "When did {hero} hear the noise?", "{Hero} heard it in the night.", "night");
        tale.AskFreely("how", "Was it {guess}?", "No, it was only " + maker + ".", "No");
        tale.AskFreely("what", "What did {hero} hear?", "{Hero} heard a noise in the night.", "noise");
    }
}
