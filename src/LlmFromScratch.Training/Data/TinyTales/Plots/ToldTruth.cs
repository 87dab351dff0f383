using LlmFromScratch.Training.Data.TinyTales.Narration;
using LlmFromScratch.Training.Data.TinyTales.World;

namespace LlmFromScratch.Training.Data.TinyTales.Plots;

/// <summary>Honesty: the hero breaks something of the elder's, wants to hide it, tells the truth, and makes it good.</summary>
internal sealed class ToldTruth : Plot
{
    private static readonly (string Noun, string Adjective)[] Treasures =
        [("cup", "blue"), ("vase", "green"), ("jug", "old"), ("plate", "painted"), ("bowl", "yellow"), ("pot", "brown"), ("lamp", "little")];

    /// <inheritdoc/>
    public override string Moral => "The truth makes the heart light.";

    /// <inheritdoc/>
    public override void Tell(Tale tale)
    {
        TaleState state = tale.State;
        (string noun, string adjective) = tale.Pick<(string, string)>(Treasures);
        Thing thing = tale.Bind("thing", new Thing(noun, adjective, "use", "used", "every day"));
        state.Own(tale.Elder, thing);
        tale.Open(friend: false);
        tale.Say("On the shelf stood {thing.a}. It belonged to {elder.of}.", "{Elder.of} had {thing.a} and loved it very much.");
        bool ball = tale.Chance(40);
        if (ball) tale.Say("{day}, {hero} played with a ball in the house. Crash! The ball hit the {thing.noun}, and it fell and broke.");
        else tale.Say("{day}, {hero} was dancing in the house. {Hero.he} bumped into the shelf, and the {thing.noun} fell down and broke.",
            "{day}, {hero} wanted to look at the {thing.noun}. But it slipped out of {hero.his} {hero.hand}s and broke.");
        state.Break(thing);
        state.Learn(tale.Hero, "who broke it");
        state.Trouble(tale.Hero, "guilt");
        tale.Paragraph();
        bool friendThere = tale.Chance(50);
        tale.Say("“Oh no!” {hero} whispered. “What shall I do?”",
            friendThere ? "{Hero} stood very still." : "{Hero} stood very still. Nobody had seen it.", "{Hero.his} face grew hot.");
        if (friendThere)
            tale.Say("“Put it under the bed,” said {hero.his} friend {friend.full}. “Nobody will know.” But {hero} would know.",
                "{Hero.his} friend {friend.full} had seen it. “You can say that the wind did it,” {friend.he} said. {Hero} shook {hero.his} head.");
        else
            tale.Say("First {hero.he} hid the pieces in a box. But {hero.he} could not play, and {hero.he} could not eat.",
                "“I could say that the wind did it,” {hero.he} thought. But that was not true.");
        tale.Paragraph();
        state.Tell(tale.Hero, tale.Elder, "who broke it");
        tale.Say("When {elder} came in, {hero} took a deep breath. “I broke your {thing.noun},” {hero.he} said. “I am sorry.”",
            "So {hero.he} went to {elder} and told the truth. “I broke the {thing.noun}. I did not mean to,” {hero.he} said, and cried.");
        tale.Say("{Elder} was quiet for a moment. “I am sad about the {thing.noun},” said {elder}, “but I am happy that you told me the truth.”",
            "{Elder} was not angry. “It takes courage to say that,” said {elder}. “Thank you for telling me.”");
        state.Mend(tale.Elder, thing);
        state.Solve(tale.Hero, "guilt");
        tale.Say("Together they glued the pieces. You could still see the cracks, but it stood in its place again.",
            "They sat down at the table and put the {thing.noun} together again, piece by piece.");
        tale.About("a {hero.kind} who broke {thing.one}");
        tale.Sum("{Hero} broke {elder}'s {thing.noun}. {Hero.he} told the truth, and they put it together again.");
        tale.Ask("what", "What did {hero} break?", "{Hero} broke the {thing.noun}.", "{thing.noun}");
        tale.Ask("who", "Whose {thing.noun} was it?", "It was {elder}'s {thing.noun}.", "{elder}");
        tale.Ask("who", "Who told the truth?", "{Hero} told the truth.", "{hero}");
        tale.AskFreely("who", "Who broke the {thing.noun}?", "{Hero} broke the {thing.noun}.", "{hero}");
        tale.AskFreely("how", "Did {hero} tell the truth?", "Yes, {hero} told the truth.", "Yes");
        tale.AskFreely("how", "Was {elder} angry?", "No, {elder} was not angry.", "No");
        if (ball) tale.Say("After that, {hero} only played ball outside.",
            "“From now on I will play outside,” said {hero}. Then {hero.he} gave {elder} a big hug.");
        else tale.Say("{Hero} felt as light as a feather.", "And that night {hero} slept well.",
            "From then on, {hero} always told the truth, even when it was hard.");
    }
}
