using LlmFromScratch.Training.Data.TinyTales.Narration;
using LlmFromScratch.Training.Data.TinyTales.World;

namespace LlmFromScratch.Training.Data.TinyTales.Plots;

/// <summary>A quarrel and sorry (held out): both want the same thing, angry words, both alone and sad, one says sorry, they take turns.</summary>
internal sealed class Quarrel : Plot
{
    /// <inheritdoc/>
    public override bool IsHeldOut => true;

    /// <inheritdoc/>
    public override string Moral => "To say sorry is hard, but it makes the heart light.";

    /// <inheritdoc/>
    public override void Tell(Tale tale)
    {
        TaleState state = tale.State;
        bool breaks = tale.Chance(40);
        Thing thing = tale.Bind("thing", Things.Toy(tale.Random, breaks ? "made fragile" : "made"));
        tale.Open(friend: false);
        tale.Say("{Hero} and {friend.full} were best friends. They played together every day.",
            "{Hero.his} best friend was {friend.full}, and they almost never quarrelled.");
        tale.Go(tale.Place, tale.Hero, tale.Friend);
        state.Own(tale.Hero, thing);
        tale.Say("{day}, they found {thing.a} {place.at}. It did not belong to anyone.",
            "{day}, {elder.of} gave them {thing.a}. “It is for both of you,” said {elder}.",
            "{day}, they made {thing.a} together. It took them all morning.");
        tale.Paragraph();
        state.Trouble(tale.Hero, "quarrel");
        tale.Say("“It is mine!” said {hero}. “No, it is mine!” shouted {friend}.",
            "“I want to {thing.use} it!” said {friend}. “No, me first!” cried {hero}.");
        if (breaks)
        {
            state.Break(thing);
            tale.Say("{Hero} pulled, and {friend} pulled, and then, crack! The {thing.noun} broke.",
                "They both pulled until the {thing.noun} broke. Now nobody could {thing.use} it.");
        }
        else tale.Say("{Hero} pulled on one side, and {friend} pulled on the other.", "They shouted so loudly that the birds flew away.");
        tale.Say("“You are not my friend any more!” said {friend}, and {friend.he} ran home.",
            "They did not look at each other. Each of them went home alone.", "{Hero} was so angry that {hero.he} went away without a word.");
        tale.Go(Tale.Home, tale.Hero);
        tale.Paragraph();
        bool heroIsSorry = tale.Chance(60);
        tale.Bind("sorry", heroIsSorry ? tale.Hero : tale.Friend);
        tale.Bind("glad", heroIsSorry ? tale.Friend : tale.Hero);
        tale.Say("That evening, {sorry} could not eat. {Sorry.he} missed {sorry.his} friend.",
            "But {sorry} was not happy at home. Playing alone was no fun at all.",
            "That night, {sorry} lay in bed and thought, “A {thing.noun} is nice, but a friend is better.”");
        state.NextDay();
        tale.Go(tale.Place, tale.Hero, tale.Friend);
        tale.Say("The next morning, {sorry} went to {glad}. “I am sorry,” {sorry.he} said. “I was not kind.”",
            "In the morning, {sorry} ran to {place}. There sat {glad}. “I am sorry that I shouted,” said {sorry}.");
        tale.Say("“I am sorry, too,” said {glad}, and they hugged.", "{Glad} [smiled|was so glad]. “Let us be friends again,” {glad.he} said.");
        if (breaks)
        {
            state.Mend(tale.Hero, thing);
            tale.Say("Then they mended the {thing.noun} together. From now on it belonged to both of them.",
                "Together they mended the {thing.noun}, and it was almost like new.");
        }
        else tale.Say("After that, they took turns with the {thing.noun}. One day it was {hero}, and the next day it was {friend}.",
            "They took turns, and it was much more fun with two.");
        tale.About("a {hero.kind} who quarrelled with a friend");
        tale.Sum("{Hero} and {friend} quarrelled about {thing.one}. {Sorry} said sorry, and they were friends again.");
        tale.Ask("what", "What did they quarrel about?", "They quarrelled about the {thing.noun}.", "{thing.noun}");
        tale.Ask("who", "Who said sorry first?", "{Sorry} said sorry first.", "{sorry}");
        tale.Ask("what", "What happened to the {thing.noun}?", breaks ? "The {thing.noun} broke, and they mended it." : "They took turns with the {thing.noun}.", breaks ? "broke" : "turns");
        tale.AskFreely("how", "Are they friends again?", "Yes, they are friends again.", "Yes");
        state.Solve(tale.Hero, "quarrel");
        tale.Maybe(60, "And they did not quarrel about it again.", "To say sorry is hard, but it makes the heart light.",
            "They were best friends again.", "They both knew that a friend is better than any {thing.noun}.");
    }
}
