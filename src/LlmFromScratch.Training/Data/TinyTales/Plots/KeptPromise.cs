using LlmFromScratch.Training.Data.TinyTales.Narration;
using LlmFromScratch.Training.Data.TinyTales.World;

namespace LlmFromScratch.Training.Data.TinyTales.Plots;

/// <summary>A promise (held out): the hero has promised to come, something more exciting turns up, and the promise is kept.</summary>
internal sealed class KeptPromise : Plot
{
    private static readonly string[] Promises = ["to help with the apples", "to read a story aloud", "to mend the fence", "to look at the stars together", "to water the flowers"];

    private static readonly string[] Temptations = ["a circus", "a puppet theatre", "a boat ride", "a dance with music", "a big kite day"];

    /// <inheritdoc/>
    public override bool IsHeldOut => true;

    /// <inheritdoc/>
    public override string Moral => "A promise is a promise, also when nobody looks.";

    /// <inheritdoc/>
    public override void Tell(Tale tale)
    {
        tale.Bind("promise", new Phrase(tale.Pick<string>(Promises)));
        tale.Bind("temptation", new Phrase(tale.Pick<string>(Temptations)));
        tale.Open(friend: false, "One Friday", "One day", "One morning", "One summer morning");
        tale.State.Trouble(tale.Hero, "promise");
        tale.Say("{day}, {hero} met {hero.his} friend {friend.full}. “Can you come in the evening {promise}?” {friend.he} asked. “I promise,” said {hero}.",
            "{day}, {hero} promised {hero.his} friend {friend.full} {promise} in the evening.");
        tale.Go(tale.Place, tale.Hero, tale.Wise);
        tale.Say("In the afternoon {hero} came to {place}. “Have you heard?” said {wise}. “There is {temptation} tonight!”",
            "But in the afternoon {wise.of} called to {hero.him} {place.at}. “Tonight there is {temptation}. Will you come?”");
        tale.Paragraph();
        tale.Say("{Hero} jumped for joy. Then {hero.he} stood still. “I have promised something,” {hero.he} said.", "“Oh yes!” said {hero}. But then {hero.his} face grew long. “I cannot. I have promised something.”");
        tale.Say("“{Friend} will understand,” said a little voice in {hero.his} head. But {hero} did not listen to it.", "“You can help {friend} tomorrow,” said {wise}. {Hero} shook {hero.his} head.",
            "It was hard. {Hero} could hear the music from far away.");
        tale.State.Advance(TimeOfDay.Evening);
        tale.Go(Tale.Home, tale.Hero, tale.Friend);
        tale.Say("When the sun went down, {hero} knocked at {friend}'s door. “Here I am,” {hero.he} said.", "And in the evening {hero} stood at {friend}'s door, just as {hero.he} had said.");
        tale.Paragraph();
        tale.State.Solve(tale.Hero, "promise");
        tale.Say("“I heard about the {temptation.last},” said {friend}. “And still you have come!”", "{Friend} looked at {hero.him} for a long time. “I thought that you would be somewhere else,” {friend.he} said.");
        tale.Say("“A promise is a promise,” said {hero}.", "“I gave you my word,” said {hero}.");
        tale.Say("It was a quiet evening, and one of the best.", "They worked and sang, and when it was done, they danced to the music from far away.", "And the next day they went to see something together, just the two of them.");
        tale.About("a {hero.kind} who kept a promise");
        tale.Sum("{Hero} had promised {friend} {promise}. Then there was {temptation}, but {hero} kept the promise.");
        tale.Ask("what", "What did {hero} promise?", "{Hero} promised {promise}.", "{promise}");
        tale.Ask("who", "Who asked {hero} to come?", "{Friend} asked {hero} to come.", "{friend}");
        tale.Ask("what", "What was there that evening?", "There was {temptation} that evening.", "{temptation}");
        tale.Ask("why", "Why did {hero} not go there?", "{Hero} did not go because {hero.he} had made a promise.", "promise");
        tale.AskFreely("how", "Did {hero} keep the promise?", "Yes, {hero} kept the promise.", "Yes");
    }
}
