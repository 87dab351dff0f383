using LlmFromScratch.Training.Data.TinyTales.Narration;
using LlmFromScratch.Training.Data.TinyTales.World;

namespace LlmFromScratch.Training.Data.TinyTales.Plots;

/// <summary>Fear overcome: the hero fears something, has to meet it, finds a way, and is not afraid any more.</summary>
internal sealed class OvercomeFear : Plot
{
    private static readonly Fear[] Fears =
    [
        // The first is for children only: no dog lives next door to a fox.
        new("the big dog next door", "When it barked, {hero.he} ran away as fast as {hero.he} could", "Stand still and let it smell your hand",
            "The next day the dog ran up to {hero.him}", "{Hero.he} stood still and held out one {hero.hand}. The dog smelled it and licked it",
            "The big dog only wanted to play"),
        new("the dark", "When the lights were out, {hero.he} saw [strange|big] shapes on the wall", "Look at each shape and give it a name",
            "That night the shapes were there again", "{Hero.he} looked at the biggest shape. “You are only my coat!” {hero.he} said",
            "The dark was quiet and soft like a blanket"),
        new("thunder", "When the sky went boom, {hero.he} hid under the bed", "Count from the flash to the boom. Then you know how far away it is",
            "That evening the sky was black again", "When the next flash came, {hero.he} counted: one, two, three, four, five, boom",
            "The storm went farther and farther away, and soon it was still"),
        new("the high bridge", "It moved and creaked, and the water was far below", "Look at the other side, and take one step at a time",
            "Soon they came to the bridge", "{Hero.he} held the rope and took one step, then another, and another",
            "From the middle of the bridge {hero.he} could see the whole valley"),
        new("deep water", "{Hero.he} never went in farther than {hero.his} knees", "Hold on to me. We will go in slowly",
            "So they went down to the water", "{Hero.he} took a deep breath and went in, little by little",
            "The water was warm, and it carried {hero.him}"),
        new("the old empty house", "At night a strange sound came from it: hoo, hoo", "Let us go and see what it is. We will go together",
            "That night the sound came again", "They crept up to the door and held up a lamp. Two round eyes looked down at them",
            "It was only a baby owl that was calling for its mother"),
        new("singing in front of others", "When everyone looked, {hero.his} voice was gone", "Look only at me and sing as if we were alone",
            "Then it was {hero.his} turn to sing", "{Hero.he} looked at one friendly face and began to sing, softly at first, then louder",
            "When the song was over, everyone clapped"),
    ];

    /// <inheritdoc/>
    public override string Moral => "Everybody is afraid of something, and nobody has to be afraid alone.";

    /// <inheritdoc/>
    public override void Tell(Tale tale)
    {
        Fear fear = tale.Pick<Fear>(tale.Hero.IsAnimal ? Fears[1..] : Fears);
        tale.Bind("fear", new Phrase(fear.Name));
        tale.Bind("advice", new Phrase(fear.Advice));
        Character helper = tale.Bind("helper", tale.Pick(tale.Friend, tale.Friend, tale.Elder, tale.Wise));
        bool friendHelps = helper == tale.Friend;
        tale.Open(friend: false, "One day", "One morning", "One afternoon");
        tale.State.Trouble(tale.Hero, fear.Name);
        tale.Say("{Hero} was not afraid of [spiders|snow|wolves] or of [the wind|ghosts|giants]. But {hero.he} was afraid of {fear}.",
            "There was only one thing that {hero} was afraid of: {fear}.", "But {hero} had a secret. {Hero.he} was afraid of {fear}.");
        tale.Say(fear.Shows + ".");
        tale.Maybe(45, "“What if something bad happens?” {hero.he} thought.", "{Hero.his} knees shook, and {hero.his} heart went bump, bump, bump.",
            "{Hero.he} did not want anyone to know.");
        tale.Paragraph();
        tale.Go(tale.Place, tale.Hero, helper);
        tale.State.Learn(helper, fear.Name);
        if (friendHelps) tale.Say("{day}, {hero} told {hero.his} friend {friend.full} about it.",
            "{day}, {hero.his} friend {friend.full} saw that {hero} was shaking. “What is it?” {friend.he} asked, and {hero} told {friend.him}.");
        else tale.Say("{day}, {hero} told {helper.of} about it.",
            "{day}, {helper.of} found {hero.him} shaking. “What is it?” asked {helper}, and {hero} told the whole story.");
        tale.State.Tell(helper, tale.Hero, fear.Name);
        tale.Say("{Helper} did not laugh. “Everybody is afraid of something. {advice}.”",
            "“I was afraid of that once, too,” said {helper}. “{advice}.”",
            "“To be brave does not mean that you have no fear,” said {helper}. “{advice}.”");
        tale.Paragraph();
        tale.Say(fear.When + ".");
        tale.Say("{Hero} wanted to run away. But this time {hero.he} stayed.", "“I will try,” said {hero} in a small voice.",
            "{Hero} was still afraid, but {hero.he} nodded.");
        tale.Say(fear.Does + ".");
        tale.Say(fear.Truth + ".");
        tale.State.Solve(tale.Hero, fear.Name);
        tale.Say("“It is not so bad!” said {hero}, and {hero.he} laughed.", "“I did it!” said {hero}. “I was brave!”",
            "{Hero} smiled. The fear was gone.");
        tale.Maybe(75, "From then on, {hero} was not afraid of {fear} any more.", "“You are the bravest {hero.kind} I know,” said {helper}.",
            "That night {hero} slept well and dreamed of [stars|flying|the sea].",
            "And when {hero} met someone who was afraid, {hero.he} knew what to say.");
        tale.About("a {hero.kind} who was afraid of {fear}");
        tale.Sum("{Hero} was afraid of {fear}. {Helper} gave {hero.him} good advice, and {hero} was brave.");
        tale.Ask("what", "What was {hero} afraid of?", "{Hero} was afraid of {fear}.", "{fear}");
        tale.Ask("who", "Who gave {hero} advice?", "{Helper} gave {hero} advice.", "{helper}");
        tale.Ask("what", "What did {helper} say?", "{Helper} said, “{advice}.”", "{advice}");
        tale.AskFreely("who", "Who helped {hero}?", "{Helper} helped {hero}.", "{helper}");
        tale.AskFreely("how", "Was {hero} still afraid in the end?", "No, {hero} was brave.", "No");
        tale.AskFreely("how", "Was {hero} brave?", "Yes, in the end {hero} was brave.", "Yes");
    }
    /// <summary>The fear, how it shows, what somebody advises, when it comes again, what the hero does, and what turns out to be true.</summary>
    private sealed record Fear(string Name, string Shows, string Advice, string When, string Does, string Truth);
}
