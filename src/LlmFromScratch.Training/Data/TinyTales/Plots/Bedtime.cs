using LlmFromScratch.Training.Data.TinyTales.Narration;
using LlmFromScratch.Training.Data.TinyTales.World;

namespace LlmFromScratch.Training.Data.TinyTales.Plots;

/// <summary>Bedtime: the hero cannot sleep, tries two things that do not help, and then one that does.</summary>
internal sealed class Bedtime : Plot
{
    /// <summary>Why sleep does not come, and what the elder says or does about it.</summary>
    private static readonly (string Reason, string Remedy)[] Reasons =
    [
        ("The moon was so bright",
            "“The moon only wants to say good night,” said {elder}. “Say good night to her, too.” “Good night, moon,” said {hero}"),
        ("The wind was so loud",
            "“The wind is singing,” said {elder}. “Listen, it is a song about the sea.” So {hero} listened to the song of the wind"),
        ("{Hero.his} head was full of thoughts",
            "“Give your thoughts to me,” said {elder}. “I will keep them until the morning.” So {hero} whispered them, one by one"),
        ("A branch went tap, tap, tap at the window",
            "{Elder} opened the window, and they looked out together. “The tree is dancing in its sleep,” said {elder}"),
        ("Tomorrow was a big day", "“The faster you sleep, the sooner it comes,” said {elder}, and held {hero.his} {hero.hand} for a while"),
        ("It was too quiet", "{Elder} sat down on the bed and sang an old, soft song about a little boat"),
        ("{Hero} was not tired at all",
            "{Elder} told a story about a bear who walked around the whole world to find a good bed, and who found it at home"),
    ];

    /// <inheritdoc/>
    public override string Moral => "A kind word is the best pillow.";

    /// <inheritdoc/>
    public override void Tell(Tale tale)
    {
        (string reason, string remedy) = tale.Pick<(string, string)>(Reasons);
        tale.Open(friend: false, "One night", "One summer night", "One cold night");
        tale.State.Advance(TimeOfDay.Night);
        tale.State.Trouble(tale.Hero, "awake");
        tale.Say("{day}, {hero} could not sleep. " + reason + ".", "{day}, {hero} lay in bed with open eyes. " + reason + ".");
        tale.Maybe(60, "{Hero.he} turned to the left. {Hero.he} turned to the right.", "{Hero.he} was too hot, and then {hero.he} was too cold.",
            "The bed felt as hard as a board.");
        tale.Paragraph();
        tale.Say("First {hero.he} counted sheep. But one of the sheep was funny, and {hero} had to laugh.",
            "{Hero.he} counted all the stars in the window: one, two, three, four, five. But {hero.he} was still awake.",
            "{Hero.he} drank some water. It did not help.");
        tale.Say("Then {hero.he} sang a song, but {hero.he} sang so loudly that {elder.of} woke up.",
            "Then {hero.he} jumped on the bed to get tired, and {elder.of} heard it.",
            "“I cannot sleep!” {hero.he} called. {Elder.of} came in with a candle.");
        tale.Paragraph();
        tale.Say("“What is wrong?” asked {elder}. “I have tried everything,” said {hero}.",
            "“Why are you still awake?” asked {elder}. “I do not know,” said {hero}.", "“My eyes will not close,” said {hero}.");
        tale.Say(remedy + ".");
        tale.Maybe(50, "Somewhere outside, a cricket was playing its little tune.", "The blanket was warm, and the room was still.",
            "A cool wind came in at the window and smelled of grass.");
        tale.State.Solve(tale.Hero, "awake");
        tale.Say("{Hero.his} eyes grew heavy, and soon {hero.he} was asleep.", "Soon {hero} had closed {hero.his} eyes.",
            "{Hero} smiled, and yawned, and slept.");
        tale.Say("“Good night, my little one,” said {elder} softly.", "{Hero.he} dreamed of {place} until the sun came up.",
            "And {elder} blew out the candle.", "Then all was still.");
        tale.About("a {hero.kind} who could not sleep");
        tale.Sum("{Hero} could not sleep and tried many things. Then {elder.of} came and helped, and {hero} slept.");
        tale.Ask("who", "Who came to {hero}?", "{Elder} came to {hero}.", "{elder}");
        tale.Ask("what", "What was wrong with {hero}?", "{Hero} could not sleep.", "sleep");
        tale.Ask("when", "When does the story take place?", "It takes place at night.", "night");
        tale.AskFreely("who", "Who helped {hero}?", "{Elder} helped {hero}.", "{elder}");
        tale.AskFreely("how", "Did {hero} fall asleep?", "Yes, in the end {hero} fell asleep.", "Yes");
    }
}
