using LlmFromScratch.Training.Data.TinyTales.Narration;
using LlmFromScratch.Training.Data.TinyTales.World;

namespace LlmFromScratch.Training.Data.TinyTales.Plots;

/// <summary>A riddle: somebody guards the way and asks one; the hero guesses wrong, looks again at the world, and knows it.</summary>
internal sealed class Riddle : Plot
{
    private static readonly (string Question, string Wrong, string Hint, string Answer)[] Riddles =
    [
        ("What has teeth but never bites?", "A wolf without food", "{Hero} put {hero.his} {hero.hand} into {hero.his} pocket, and there was something with many teeth", "A comb"),
        ("What runs all day but has no legs?", "A snake", "{Hero} listened. Far away the water was running, and running, and running", "A river"),
        ("What goes up when the rain comes down?", "A bird", "A drop fell on {hero.his} nose. {Hero} thought of what {elder.of} took along on such days", "An umbrella"),
        ("What has a neck but no head?", "A very sad goose", "{Hero} was thirsty and took a drink, and looked at what {hero.he} was holding", "A bottle"),
        ("What gets wet while it dries you?", "A dog", "{Hero} thought of bath day at home", "A towel"),
        ("What has a face and two hands but no feet?", "A very small man", "Somewhere a bell rang four times", "A clock"),
        ("I follow you all day, and in the dark I am gone. Who am I?", "My little brother", "{Hero} looked down. Something dark lay at {hero.his} feet and moved when {hero.he} moved", "My shadow"),
        ("What is full of holes but still holds water?", "A bad boat", "{Hero} thought of how {elder.of} washed the floor", "A sponge"),
    ];

    private static readonly string[] Guards = ["an old toad", "a grey goose", "a fat spider", "a very old crow", "a stone man with a beard of moss"];

    /// <inheritdoc/>
    public override string Moral => "Who looks around finds the answer.";

    /// <inheritdoc/>
    public override void Tell(Tale tale)
    {
        (string question, string wrong, string hint, string answer) = tale.Pick<(string, string, string, string)>(Riddles);
        string guard = tale.Pick<string>(Guards);
        tale.Bind("guard", new Phrase(guard));
        tale.Bind("guardian", new Phrase("the " + guard[(guard.IndexOf(' ') + 1)..]));
        tale.Bind("wrong", new Phrase(wrong));
        tale.Bind("answer", new Phrase(answer));
        bool together = tale.Chance(50);
        tale.Open(friend: together);
        tale.State.Trouble(tale.Hero, "riddle");
        tale.Say(together ? "{day}, {hero} and {hero.his} friend {friend.full} wanted to go to {place}." : "{day}, {hero} wanted to go to {place}.");
        tale.Say("But in the middle of the path sat {guard}.", "But on the little bridge sat {guard} and did not move.");
        tale.Say("“Nobody comes by here who does not know my riddle,” said {guardian}. “" + question + "”", "“Stop!” said {guardian}. “First a riddle. " + question + "”");
        tale.Paragraph();
        tale.Say("“{wrong}!” said {hero}. “Wrong,” said {guardian}.", "{Hero} scratched {hero.his} head. “{wrong}?” {hero.he} asked. “No, no, no,” said {guardian}.");
        if (together) tale.Say("“Let us go home,” said {friend}. “It is too hard.” “Wait,” said {hero}.", "“Say it again, please,” said {friend}, and {guardian} said it again, slowly.");
        else tale.Say("“You have two more tries,” said {guardian}, and yawned.", "{Hero} sat down to think. One minute went by, then ten.");
        tale.Say(hint + ".");
        tale.Say("“I know it!” cried {hero}. “{answer}!”", "{Hero} jumped up. “{answer}!” {hero.he} called.");
        tale.Paragraph();
        tale.State.Learn(tale.Hero, "riddle");
        tale.State.Solve(tale.Hero, "riddle");
        tale.Go(tale.Place, tale.Hero, tale.Friend);
        tale.Say("{Guardian} laughed until the leaves shook. “Right! You may go.”", "“Well, well,” said {guardian}. “You have used your eyes.” And the way was free.");
        tale.Say("All the way to {place} {hero} made up new riddles.", "In the evening {hero} asked {elder.of} the riddle. {Elder} did not know it.", "{Hero} went on to {place} and felt very clever.");
        tale.About("a {hero.kind} who had to guess a riddle");
        tale.Sum("{guard} asked {hero} a riddle. {Hero} guessed wrong at first, and then {hero.he} knew the answer.");
        tale.Ask("who", "Who asked the riddle?", "{Guardian} asked the riddle.", "{guardian}");
        tale.Ask("what", "What was the answer to the riddle?", "The answer was: {answer}.", "{answer}");
        tale.Ask("where", "Where did {hero} want to go?", "{Hero} wanted to go to {place}.", "{place}");
        tale.Ask("what", "What did {hero} guess first?", "{Hero} guessed first: {wrong}.", "{wrong}");
        tale.AskFreely("how", "Did {hero} know the answer?", "Yes, in the end {hero} knew it.", "Yes");
    }
}
