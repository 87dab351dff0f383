using LlmFromScratch.Training.Data.TinyTales.Narration;
using LlmFromScratch.Training.Data.TinyTales.World;

namespace LlmFromScratch.Training.Data.TinyTales.Plots;

/// <summary>Lending: the friend borrows a thing; it comes back safe, or it breaks, is told truthfully, and is mended.</summary>
internal sealed class LentThing : Plot
{
    /// <inheritdoc/>
    public override string Moral => "A true friend is worth more than any toy.";

    /// <inheritdoc/>
    public override void Tell(Tale tale)
    {
        TaleState state = tale.State;
        bool breaks = tale.Chance(60);
        Thing thing = tale.Bind("thing", Things.Toy(tale.Random, breaks ? "fragile" : ""));
        tale.Open(friend: true);
        state.Own(tale.Hero, thing);
        tale.Go(tale.Place, tale.Hero, tale.Friend);
        tale.Say("{day}, {hero} [went|walked] to {place} with {hero.his} new {thing.noun}.",
            "{day}, {hero} sat {place.at} and {thing.used} {hero.his} {thing.own}.",
            "{day}, {hero} came to {place}. In {hero.his} {hero.hand}s was {thing.a}.");
        tale.Say("{Hero.his} friend {friend.full} came [by|along]. “What a [pretty|lovely|nice] {thing.noun}!” {friend.he} said. " +
                "“May I {thing.use} it, please?”",
            "{Hero.his} friend {friend.full} looked at it with big eyes. “Could I borrow it for one day?” {friend.he} asked.");
        tale.Paragraph();
        tale.Maybe(60, "{Hero} held the {thing.noun} tight. It was {hero.his} best thing! But {friend} had asked so nicely.",
            "{Hero} did not know what to say. What if the {thing.noun} got lost?", "{Hero} thought about it for a while.");
        state.Hand(tale.Hero, tale.Friend, thing);
        state.Use(tale.Friend, thing);
        tale.Say("“Yes, you may,” said {hero}. “But please be careful.”", "“You may have it until tomorrow,” said {hero}. “Take good care of it.”");
        tale.Say("{Friend} was so happy that {friend.he} danced.", "{Friend} thanked {hero.him} and ran home with the {thing.noun}.",
            "“I will!” said {friend}, and off {friend.he} went.");
        tale.Paragraph();
        state.NextDay();
        tale.About("a {hero.kind} who lent {thing.one} to a friend");
        tale.Sum("{Hero} lent {friend} {hero.his} {thing.noun}.");
        tale.Ask("what", "What did {friend} borrow?", "{Friend} borrowed the {thing.noun}.", "{thing.noun}");
        tale.AskFreely("who", "Who borrowed the {thing.noun}?", "{Friend} borrowed the {thing.noun}.", "{friend}");
        tale.AskFreely("who", "Who lent {friend} the {thing.noun}?", "{Hero} lent {friend} the {thing.noun}.", "{hero}");
        tale.Ask("who", "Whose {thing.noun} was it?", "It was {hero}'s {thing.noun}.", "{hero}");
        tale.Ask("where", "Where was {hero}?", "{Hero} was {place.at}.", "{place}");
        tale.Ask("who", "Who has the {thing.noun} at the end?", "{Hero} has the {thing.noun}.", "{hero}");
        if (breaks) Broken(tale, thing);
        else Safe(tale, thing);
    }

    private static void Broken(Tale tale, Thing thing)
    {
        TaleState state = tale.State;
        state.Break(thing);
        state.Trouble(tale.Friend, "broke it");
        tale.Say("The next day, {friend} came back slowly. {Friend.he} was crying. The {thing.noun} was broken!",
            "But on the way home, {friend} fell, and the {thing.noun} broke. {Friend} felt terrible. The next day {friend.he} went to {hero}.");
        tale.Say("“I am so sorry,” {friend.he} said. “It was my fault.”", "“I fell, and it broke. I am very sorry,” {friend.he} said.");
        tale.Say("{Hero} was sad. But {hero.he} saw how sorry {friend} was.",
            "{Hero} looked at the {thing.noun} and swallowed. Then {hero.he} took {friend.his} {friend.hand}.");
        state.Hand(tale.Friend, tale.Hero, thing);
        state.Mend(tale.Hero, thing);
        state.Solve(tale.Friend, "broke it");
        tale.Say("“Thank you for telling me,” said {hero}. “Let us mend it together.” They worked all afternoon, and then it was as good as new.",
            "“It is only a {thing.noun},” said {hero}. “You are my friend.” Then they found some glue and string and mended it together.");
        tale.Say("Now {hero} loved the {thing.noun} even more.", "A true friend is worth more than any {thing.noun}.",
            "After that, they took care of it together.");
        tale.Sum("It broke, but {friend} said so, and they mended it together.");
        tale.Ask("what", "What happened to the {thing.noun}?", "The {thing.noun} broke, and they mended it.", "broke");
        tale.Ask("why", "Why did {friend} say sorry?", "{Friend} said sorry because the {thing.noun} was broken.", "{thing.noun}");
        tale.AskFreely("how", "Did the {thing.noun} break?", "Yes, the {thing.noun} broke, and they mended it.", "Yes");
        if (tale.Says("sad")) tale.AskFreely("why", "Why was {hero} sad?", "{Hero} was sad because the {thing.noun} was broken.", "broken");
    }

    private static void Safe(Tale tale, Thing thing)
    {
        tale.Go(Tale.Home, tale.Hero, tale.Friend);
        tale.State.Hand(tale.Friend, tale.Hero, thing);
        tale.Say("All night {hero} wondered if the {thing.noun} was safe. Then the sun came up.",
            "The next day {hero} waited and waited. Would {friend} come?");
        tale.Say("At last there was a knock at the door. It was {friend}, and {friend.he} had the {thing.noun}. It was as good as new.",
            "Then {friend} came running. “Here is your {thing.noun},” {friend.he} said. “I was very careful with it.”");
        tale.Say("“Thank you for lending it to me,” said {friend}. “Next time you may borrow something from me.”",
            "{Hero} was glad. “I knew that I could trust you,” {hero.he} said.");
        tale.Say("From then on, the two friends often lent each other their things.", "And {hero} was happy that {hero.he} had said yes.");
        tale.Sum("{Friend} was careful and brought it back.");
        tale.Ask("what", "What happened to the {thing.noun}?", "{Friend} brought the {thing.noun} back.", "back");
        tale.AskFreely("how", "Did {friend} bring the {thing.noun} back?", "Yes, {friend} brought it back.", "Yes");
    }
}
