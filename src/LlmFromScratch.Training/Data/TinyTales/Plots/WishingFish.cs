using LlmFromScratch.Training.Data.TinyTales.Narration;
using LlmFromScratch.Training.Data.TinyTales.World;

namespace LlmFromScratch.Training.Data.TinyTales.Plots;

/// <summary>A wish: the hero frees an animal that can grant one wish, thinks of this and that, and wishes something for another.</summary>
internal sealed class WishingFish : Plot
{
    private static readonly (string Animal, string Trap, string Freed)[] Givers =
    [
        ("golden fish", "in an old net", "opened the net"), ("silver bird", "in a thorn bush", "pushed the thorns apart"),
        ("white deer", "between two trees", "bent the branches back"), ("tiny dragon", "under a heavy stone", "lifted the stone"),
        ("blue snail", "at the bottom of a deep jar", "turned the jar over"),
    ];

    private static readonly (string Need, string Wish, string Comes)[] Needs =
    [
        ("could not walk since the winter", "that {friend} can walk again", "There came {friend} over the hill, and {friend.he} did not walk, {friend.he} ran"),
        ("could not hear the birds any more", "that {friend} can hear again", "“Listen!” cried {friend}. “The birds! I can hear the birds!”"),
        ("had lost {friend.his} home in a storm", "for a home for {friend}", "There stood a little house with a red door, and {friend} looked out of the window"),
        ("was too sad to laugh", "that {friend} can laugh again", "From far away came a laugh, clear as a bell. It was {friend}"),
        ("was ill and lay in bed", "that {friend} is well again", "The door flew open, and there was {friend}, with red cheeks"),
    ];

    private static readonly string[] OwnWishes = ["a castle", "a mountain of cake", "a golden ship", "wings", "a hundred toys", "a white horse"];

    /// <inheritdoc/>
    public override string Moral => "The best wish is one that you make for somebody else.";

    /// <inheritdoc/>
    public override void Tell(Tale tale)
    {
        (string animal, string trap, string freed) = tale.Pick<(string, string, string)>(Givers);
        (string need, string wish, string comes) = tale.Pick<(string, string, string)>(Needs);
        tale.Bind("giver", new Phrase(animal));
        tale.Bind("first", new Phrase(OwnWishes[tale.Random.NextInt(3)]));
        tale.Bind("second", new Phrase(OwnWishes[3 + tale.Random.NextInt(3)]));
        tale.Open(friend: false);
        tale.Go(tale.Place, tale.Hero);
        tale.State.Trouble(tale.Friend, "need");
        tale.Say("{Hero.he} had a friend, {friend.full}, who " + need + ".", "{Hero.his} friend {friend.full} " + need + ", and that made {hero} sad.");
        tale.Say("{day}, {place.at}, {hero} heard a thin voice. “Help me!” A {giver} was caught " + trap + ".",
            "{day}, {hero} found a {giver} {place.at}. It was caught " + trap + ".");
        tale.Say("{Hero} " + freed + ", and the {giver} was free.", "At once {hero} " + freed + ". “Go,” {hero.he} said, “you are free.”");
        tale.Paragraph();
        tale.Say("“You have a good heart,” said the {giver}. “You may wish for one thing.”", "“Thank you,” said the {giver}. “Make a wish. But only one!”");
        tale.Say("{Hero} thought of {first}. {Hero.he} thought of {second}. What should it be?", "“I could have {first}!” thought {hero}. “Or {second}!”");
        tale.Say("Then {hero.he} thought of {friend}.", "But then {hero.he} shook {hero.his} head and thought of {friend}.");
        tale.Say("“I wish " + wish + ",” said {hero}.", "{Hero} took a deep breath. “I wish " + wish + ",” {hero.he} said.");
        tale.Paragraph();
        tale.State.Solve(tale.Friend, "need");
        tale.Say("The {giver} nodded and was gone. " + comes + ".", "There was a light, and a sound like small bells. " + comes + ".");
        tale.Say("{Hero} never told what {hero.he} had wished for. {Hero.he} only smiled.", "They danced around each other until they were dizzy.", "“How did that happen?” asked {friend}. “A friend helped me,” said {hero}.");
        tale.About("a {hero.kind} who met a {giver} and had one wish");
        tale.Sum("{Hero} freed a {giver} and had one wish. {Hero.he} wished for something good for {friend}.");
        tale.Ask("what", "What did {hero} free?", "{Hero} freed a {giver}.", "{giver}");
        tale.Ask("what", "What was the wish?", "{Hero} wished " + wish + ".", wish);
        tale.Ask("where", "Where was the {giver}?", "The {giver} was {place.at}.", "{place}");
        tale.Ask("who", "Who was the wish for?", "The wish was for {friend}.", "{friend}");
        if (tale.Says("made {hero} sad")) tale.AskFreely("why", "Why was {hero} sad?", "{Hero} was sad because {friend} " + need + ".", need);
        tale.AskFreely("who", "Who freed the {giver}?", "{Hero} freed the {giver}.", "{hero}");
        tale.AskFreely("who", "Who helped {friend}?", "{Hero} helped {friend}.", "{hero}");
    }
}
