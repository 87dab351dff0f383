using LlmFromScratch.Training.Data.TinyTales.Narration;
using LlmFromScratch.Training.Data.TinyTales.World;

namespace LlmFromScratch.Training.Data.TinyTales.Plots;

/// <summary>A swap (held out): each likes the other's thing better, they swap, each misses the old one, and they find a way to have both.</summary>
internal sealed class Swap : Plot
{
    /// <inheritdoc/>
    public override bool IsHeldOut => true;

    /// <inheritdoc/>
    public override string Moral => "What you have looks best when it is gone.";

    /// <inheritdoc/>
    public override void Tell(Tale tale)
    {
        TaleState state = tale.State;
        Thing thing = tale.Bind("thing", Things.Toy(tale.Random));
        Thing swapped = Things.Toy(tale.Random);
        while (swapped.Noun == thing.Noun) swapped = Things.Toy(tale.Random);
        tale.Bind("swapped", swapped);
        tale.Open(friend: true);
        state.Own(tale.Hero, thing);
        state.Own(tale.Friend, swapped);
        state.Trouble(tale.Hero, "envy");
        tale.Go(tale.Place, tale.Hero, tale.Friend);
        tale.Say("{Hero} had {thing.a}, and {hero.his} friend {friend.full} had {swapped.a}.",
            "{Hero.his} friend {friend.full} had {swapped.a}. {Hero} had only {thing.a}.");
        tale.Say("{day}, they met {place.at}. “I like your {swapped.noun} better than my {thing.noun},” said {hero}.",
            "{day}, {hero} looked at the {swapped.noun} and sighed. “I wish it were mine,” {hero.he} said.");
        tale.Say("“And I like your {thing.noun} better,” said {friend}. “Shall we swap?”", "“Let us swap,” said {friend}. “I have always liked your {thing.noun}.”");
        state.Give(tale.Hero, tale.Friend, thing);
        state.Give(tale.Friend, tale.Hero, swapped);
        tale.Say("So {hero} gave {friend} the {thing.noun}, and {friend} gave {hero} the {swapped.noun}.",
            "{Hero} gave the {thing.noun} to {friend}, and {friend} gave the {swapped.noun} to {hero}.");
        tale.Paragraph();
        tale.Say("For one day both were happy. Then {hero} began to miss the {thing.noun}.",
            "That night {hero} lay awake. The {swapped.noun} was nice, but it was not the {thing.noun}.");
        state.NextDay();
        tale.Say("The next morning {hero} ran to {friend}. “I miss my {thing.noun},” {hero.he} said. “And I miss my {swapped.noun}!” said {friend}.",
            "In the morning {friend} stood at the door. “May I see my old {swapped.noun}?” {friend.he} asked. {Hero} laughed. “I miss mine, too!”");
        state.Give(tale.Hero, tale.Friend, swapped);
        state.Give(tale.Friend, tale.Hero, thing);
        state.Solve(tale.Hero, "envy");
        tale.Paragraph();
        tale.Say("So they swapped back, and both of them laughed until their bellies hurt.", "They swapped back at once. How good the old things looked now!");
        tale.Say("After that, each one could play with both, because they shared.", "“We can still share,” said {friend}, and so they did.");
        tale.About("a {hero.kind} who swapped {thing.one}");
        tale.Sum("{Hero} swapped {hero.his} {thing.noun} for {friend}'s {swapped.noun}. They missed their old things and swapped back.");
        tale.Ask("what", "What did {hero} have at first?", "{Hero} had {thing.a} at first.", "{thing.noun}");
        tale.Ask("what", "What did {friend} have at first?", "{Friend} had {swapped.a} at first.", "{swapped.noun}");
        tale.Ask("who", "Who has the {thing.noun} at the end?", "{Hero} has the {thing.noun}.", "{hero}");
        tale.Ask("why", "Why did they swap back?", "They swapped back because they missed their old things.", "missed");
        tale.AskFreely("how", "Did they swap back?", "Yes, they swapped back.", "Yes");
    }
}
