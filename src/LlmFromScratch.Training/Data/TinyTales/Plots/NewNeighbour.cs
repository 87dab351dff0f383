using LlmFromScratch.Training.Data.TinyTales.Narration;
using LlmFromScratch.Training.Data.TinyTales.World;

namespace LlmFromScratch.Training.Data.TinyTales.Plots;

/// <summary>Somebody new: the friend has just come and is too shy to speak; the hero makes the first step.</summary>
internal sealed class NewNeighbour : Plot
{
    private static readonly (string Gift, string Opens)[] Ways =
    [
        ("waved", "A small {friend.hand} waved back"), ("rolled a ball over", "The ball came rolling back"),
        ("sang the first half of a song", "A small voice sang the other half"), ("made a funny face", "There was a giggle behind the fence"),
        ("drew two happy faces on the ground", "Somebody came and drew a sun over them"),
    ];

    /// <inheritdoc/>
    public override string Moral => "One kind word can open a closed door.";

    /// <inheritdoc/>
    public override void Tell(Tale tale)
    {
        TaleState state = tale.State;
        (string way, string opens) = tale.Pick<(string, string)>(Ways);
        tale.Bind("way", new Phrase(way));
        tale.Open(friend: false);
        tale.Go(tale.Place, tale.Hero, tale.Friend);
        state.Trouble(tale.Friend, "alone");
        tale.Say("{day}, somebody new came to live near {place}. It was {friend.full}.", "{day}, there was somebody new {place.at}: {friend.full}.");
        tale.Say("{Friend} sat all alone and looked at {friend.his} feet.", "{Friend} did not play. {Friend.he} only watched the others from far away.");
        tale.Say("“{Friend.he} does not like us,” the others said.", "“{Friend.he} never says a word,” said the others.", "“{Friend.he} is strange,” somebody whispered.");
        tale.Say("But {hero} thought, “Maybe {friend.he} is only shy.”", "“When I was new, I was afraid, too,” thought {hero}.");
        tale.Paragraph();
        tale.Say("“Hello!” called {hero}. {Friend} went red and ran away.", "{Hero} went up to {friend.him}. “What is your name?” No answer came.");
        tale.Say("{Hero} did not give up. The next day {hero.he} {way}. " + opens + ".", "The next day {hero} had an idea. {Hero.he} {way}. " + opens + ".");
        state.NextDay();
        tale.Maybe(40, "The day after that, they did it again, and it was twice as funny.", "It was a very small beginning, but it was a beginning.");
        tale.Paragraph();
        state.Solve(tale.Friend, "alone");
        tale.Say("“I am {friend},” said a very small voice. “And I am {hero},” said {hero}. “Now we know each other.”",
            "“Will you play with me?” asked {hero}. “Oh yes,” said {friend}. “I have waited so long for that.”");
        tale.Say("{Friend} could whistle like a bird and knew a hundred games.", "And how {friend} could laugh! It sounded like little bells.",
            "It turned out that {friend} told the best stories of all.");
        tale.Say("Soon the others came, too, and nobody was new any more.", "From then on, there were always two of them {place.at}.", "“I was so afraid,” said {friend}. “I know,” said {hero}. “Not now.”");
        tale.About("a {hero.kind} who made a new friend");
        tale.Sum("{Friend} was new and very shy. {Hero} {way}, and they became friends.");
        tale.Ask("who", "Who was new?", "{Friend} was new.", "{friend}");
        tale.Ask("what", "What did {hero} do?", "{Hero} {way}.", "{way}");
        tale.Ask("where", "Where was {friend}?", "{Friend} was {place.at}.", "{place}");
        tale.Ask("why", "Why did {friend} sit alone?", "{Friend} sat alone because {friend.he} was shy.", "shy");
        tale.AskFreely("how", "Was {friend} shy?", "Yes, {friend} was shy.", "Yes");
        tale.AskFreely("who", "Who made friends with {friend}?", "{Hero} made friends with {friend}.", "{hero}");
    }
}
