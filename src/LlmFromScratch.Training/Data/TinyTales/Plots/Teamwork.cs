using LlmFromScratch.Training.Data.TinyTales.Narration;
using LlmFromScratch.Training.Data.TinyTales.World;

namespace LlmFromScratch.Training.Data.TinyTales.Plots;

/// <summary>Working together: something is too heavy for one and for two; when the smallest helps as well, it moves.</summary>
internal sealed class Teamwork : Plot
{
    private static readonly Load[] Loads =
    [
        new("a big stone", "the stone", "roll it off the path", "the stone rolled away with a loud bump",
            "Now the path was free, and everyone could walk on it", Shore.Any),
        new("a fallen tree", "the tree", "pull it out of the water", "the tree came out of the water with a splash",
            "They made a bench of the tree and sat on it in the evening sun", Shore.Water),
        new("a giant turnip", "the turnip", "pull it out of the ground", "the turnip flew out, and they all fell on their backs",
            "There was turnip soup for everyone that night", Shore.Land),
        new("a cart full of apples", "the cart", "push it out of the mud", "the wheels turned, and the cart came out of the mud",
            "They all got a red apple to eat", Shore.Land),
        new("an old boat", "the boat", "push it into the water", "the boat slid into the water and floated",
            "They all went for a ride until the sun went down", Shore.Water),
    ];

    /// <inheritdoc/>
    public override string Moral => "No one is too small to help.";

    /// <inheritdoc/>
    public override void Tell(Tale tale)
    {
        Load load = tale.Pick<Load>([.. Loads.Where(l => l.Where != (tale.Place.IsWater ? Shore.Land : Shore.Water))]);
        tale.Bind("heavy", new Phrase(load.Heavy));
        tale.Bind("load", new Phrase(load.Name));
        tale.Bind("task", new Phrase(load.Task));
        tale.Bind("small", new Phrase(tale.Pick<string>("ant", "beetle", "snail", "ladybird", "sparrow")));
        tale.Open(friend: true);
        tale.Bind("third", tale.Pick(tale.Elder, tale.Wise));
        tale.Go(tale.Place, tale.Hero, tale.Friend, tale.Elder);
        tale.State.Trouble(tale.Hero, load.Heavy);
        tale.Say("{day}, {hero} found {heavy} near {place}. {Hero.he} wanted to {task}.",
            "{day}, there was {heavy} near {place}, and somebody had to {task}.");
        tale.Say("{Hero} pushed and pulled, but {load} did not move.",
            "“I am strong,” said {hero}. “I can do it alone!” But {load} did not move at all.");
        tale.Paragraph();
        tale.Say("Then {hero.his} friend {friend.full} came by. “Let me help you,” {friend.he} said.",
            "So {hero} called {hero.his} friend {friend.full}. “Can you help me?” {hero.he} asked.");
        tale.Say("They pushed and pulled together. {Load} moved a tiny bit, but that was all.",
            "“One, two, three!” they called. But it was still too heavy for two.");
        tale.Maybe(25, "They asked {third.of} to help. But it was still too heavy.",
            "{Third.of} came, too. Now they were three, but it was not enough.");
        tale.Say("“May I help?” asked a tiny voice. It was a little {small}.",
            "A little {small} sat on a leaf and watched. “I will help, too!” it said.");
        bool laughs = tale.Chance(45);
        if (laughs)
        {
            tale.Say("“You?” {friend} laughed. “You are much too small!”",
                "{Friend} laughed out loud. “You are smaller than my nose,” {friend.he} said.");
            tale.Say("But {hero} said, “Every bit of help is good. Come here!”", "“Let it try,” said {hero}.");
        }
        tale.Paragraph();
        tale.State.Solve(tale.Hero, load.Heavy);
        tale.Say("They all worked at the same time. “One, two, three, now!” And " + load.Done + "!",
            "The {small} counted, “One, two, three!” They all gave their best, and " + load.Done + ".");
        if (laughs) tale.Say("{Friend} bowed to the {small}. “I am sorry that I laughed,” {friend.he} said.");
        else tale.Say("“Hooray!” they shouted. “We did it!”", "“We did it together!” said {hero}.");
        tale.Say(load.Good + ".");
        if (laughs) tale.Maybe(50, "Nobody ever laughed at the {small} again.", "No one is too small to help.");
        else tale.Maybe(45, "Together, hard work is easy.", "No one is too small to help.");
        tale.About("a {hero.kind} who could not move {heavy}");
        tale.Sum("{Hero} found {heavy}, but it was too heavy. {Friend} and a little {small} helped, and together they did it.");
        tale.Ask("what", "What was too heavy?", "{Load} was too heavy.", "{load}");
        tale.Ask("who", "Who was the smallest helper?", "The smallest helper was a little {small}.", "{small}");
        tale.Ask("where", "Where was {load}?", "{Load} was near {place}.", "{place}");
        tale.AskFreely("who", "Who helped {hero}?", "{Friend} and a little {small} helped {hero}.", "{small}");
    }
    /// <summary>What is heavy, what must happen with it, and what everybody has from it.</summary>
    private sealed record Load(string Heavy, string Name, string Task, string Done, string Good, Shore Where);
}
