using LlmFromScratch.Training.Data.TinyTales.Narration;
using LlmFromScratch.Training.Data.TinyTales.World;

namespace LlmFromScratch.Training.Data.TinyTales.Plots;

/// <summary>Learning by trying again: the hero fails, wants to give up, gets one piece of advice, practises, and can do it.</summary>
internal sealed class LearnedSkill : Plot
{
    private static readonly Skill[] Skills =
    [
        new("swim", "swam", "{Hero.he} kicked and splashed, but {hero.he} only swallowed water", "Lie still first. The water will carry you",
            "the water carried {hero.him}, and {hero.he} swam like a little fish"),
        new("whistle", "whistled", "{Hero.he} blew and blew, but only air came out", "Make your mouth small and blow softly",
            "a clear, high sound came out"),
        new("jump rope", "jumped rope", "{Hero.he} jumped too late every time, and the rope caught {hero.his} feet", "Count with me: one, two, jump",
            "{hero.he} jumped ten times without a stop"),
        new("climb a tree", "climbed the tree", "{Hero.he} slipped down again and again", "Look for a strong branch before you move your foot",
            "{hero.he} sat high up in the green leaves"),
        new("bake bread", "baked bread", "The bread came out hard and flat as a stone", "Let the dough rest in a warm place",
            "the bread was round and soft and golden"),
        new("tie a bow", "tied a bow", "The bow came open each time", "Make two ears like a rabbit, and cross them", "the bow was tight and pretty"),
        new("dance", "danced", "{Hero.he} turned left when the others turned right, and fell down", "Listen to the drum and feel it in your feet",
            "{hero.he} turned and hopped in time with the music"),
        new("paint a tree", "painted a tree", "The tree looked like a green cloud with a leg", "Look at a real tree for a long time first",
            "the tree on the paper was so fine that a bird could have lived in it"),
        new("skate", "skated", "{Hero.he} took one step and sat down on the cold ice", "Bend your knees and look ahead",
            "{hero.he} flew over the ice like the wind"),
    ];

    /// <inheritdoc/>
    public override string Moral => "You only have to try one more time.";

    /// <inheritdoc/>
    public override void Tell(Tale tale)
    {
        Skill skill = tale.Pick<Skill>(Skills);
        tale.Bind("skill", new Phrase(skill.Name));
        tale.Bind("did", new Phrase(skill.Did));
        tale.Bind("advice", new Phrase(skill.Advice));
        bool friendTeaches = tale.Chance(45);
        Character teacher = tale.Bind("teacher", friendTeaches ? tale.Friend : tale.Pick(tale.Elder, tale.Wise));
        if (skill.Name == "skate") tale.Open(friend: false, "One cold day", "One winter morning", "One snowy day");
        else tale.Open(friend: false);
        tale.State.Learn(teacher, skill.Name);
        tale.State.Trouble(tale.Hero, skill.Name);
        tale.Say("More than anything, {hero} wanted to [learn to |]{skill}.", "{Hero} had one big wish. {Hero.he} wanted to {skill}.",
            "All of {hero.his} friends could {skill}, but {hero} could not.");
        tale.Paragraph();
        tale.Say("{day}, {hero.he} tried.", "{day}, {hero} tried it for the first time.", "{day}, {hero} said, “Today I will do it!”");
        tale.Say(skill.Fails + ".");
        tale.Say("“I will never learn it,” {hero.he} said sadly.", "“It is too hard for me!” {hero} cried.",
            "{Hero} was so [sad|angry] that {hero.he} wanted to give up.");
        tale.Maybe(30, "A bird in a tree seemed to laugh at {hero.him}.", "{Hero.his} face was hot and red.");
        tale.Paragraph();
        tale.Go(tale.Place, tale.Hero, teacher);
        tale.State.Tell(teacher, tale.Hero, skill.Name);
        tale.Say(friendTeaches ? "{Hero.his} friend {friend.full} had seen it all." : "{Teacher.of} saw it and came over.",
            friendTeaches ? "Just then {hero.his} friend {friend.full} came by." : "In the evening {hero} told {teacher.of} about it.");
        tale.Say("“Nobody can do it the first time,” said {teacher}. “{advice}.”", "“{advice},” said {teacher}, “and try again.”",
            "“Do you want to know a secret?” asked {teacher}. “{advice}.”");
        tale.Say("So {hero} tried again the next day, and the day after that.",
            "{Hero} tried once more. It was a little better. So {hero.he} tried again, and again.",
            "{Hero} practised every day. Some days went well, and some did not.");
        tale.State.NextDay();
        tale.State.Solve(tale.Hero, skill.Name);
        tale.Say("Then, one day, " + skill.Works + ".", "And at last " + skill.Works + "!");
        tale.Say("“I can do it!” {hero} shouted. “Look at me!”", "“You did it!” cried {teacher}.",
            "{Hero} could not believe it. “I did it!” {hero.he} said.");
        tale.Paragraph();
        tale.Say("Now {hero} knew that you only have to try one more time.", "{Hero} was proud. Trying again had been the secret.",
            "And the next time something was hard, {hero} did not give up.", "That night {hero} {did} again in {hero.his} dreams.");
        tale.About("a {hero.kind} who wanted to {skill}");
        tale.Sum("{Hero} wanted to {skill}, but it was too hard. {Teacher} gave {hero.him} advice, and after much practice {hero} could do it.");
        tale.Ask("what", "What did {hero} want to do?", "{Hero} wanted to {skill}.", "{skill}");
        tale.Ask("who", "Who gave {hero} advice?", "{Teacher} gave {hero} advice.", "{teacher}");
        tale.Ask("what", "What did {teacher} say?", "{Teacher} said, “{advice}.”", "{advice}");
        tale.AskFreely("who", "Who helped {hero}?", "{Teacher} helped {hero}.", "{teacher}");
        tale.AskFreely("how", "Did {hero} learn it?", "Yes, in the end {hero} could do it.", "Yes");
        if (tale.Says("sad")) tale.AskFreely("why", "Why was {hero} sad?", "{Hero} was sad because {hero.he} could not {skill}.", "{skill}");
    }
    /// <summary>What is learnt, how it fails, what helps, and what success looks like.</summary>
    private sealed record Skill(string Name, string Did, string Fails, string Advice, string Works);
}
