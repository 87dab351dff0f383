using LlmFromScratch.Training.Data.TinyTales.Narration;
using LlmFromScratch.Training.Data.TinyTales.World;

namespace LlmFromScratch.Training.Data.TinyTales.Plots;

/// <summary>A sick friend: nobody comes to play, the hero finds out why, brings something good, and stays until the friend can laugh again.</summary>
internal sealed class SickFriend : Plot
{
    private static readonly (string Illness, string Sign)[] Illnesses =
    [
        ("a bad cold", "{Friend.his} nose was as red as a cherry"), ("a sore throat", "{Friend.he} could only whisper"),
        ("a tummy ache", "{Friend.he} lay in bed and held {friend.his} tummy"), ("a fever", "{Friend.his} face was hot"),
        ("a sore foot", "{Friend.his} foot lay on a big soft pillow"),
    ];

    /// <inheritdoc/>
    public override string Moral => "A friend at your bed is the best medicine.";

    /// <inheritdoc/>
    public override void Tell(Tale tale)
    {
        TaleState state = tale.State;
        (string illness, string sign) = tale.Pick<(string, string)>(Illnesses);
        tale.Bind("illness", new Phrase(illness));
        Thing food = tale.Bind("food", Things.Food(tale.Random));
        tale.Open(friend: true);
        state.Trouble(tale.Friend, illness);
        tale.Go(tale.Place, tale.Hero);
        tale.Say("{day}, {hero} waited {place.at} for {hero.his} friend {friend.full}. But {friend} did not come.",
            "{day}, {hero} went to {place} to play with {hero.his} friend {friend.full}. Where was {friend}?");
        tale.Maybe(50, "{Hero.he} waited and waited. One cloud went by, then two, then three.", "“Has {friend} forgotten me?” {hero.he} thought.");
        tale.Say("Then {hero} heard that {friend} was ill. {Friend.he} had {illness}.", "“{Friend} has {illness},” said {wise.of}. “No playing today.”");
        tale.Paragraph();
        tale.Go(Tale.Home, tale.Hero, tale.Friend);
        state.Own(tale.Elder, food);
        state.Give(tale.Elder, tale.Hero, food);
        tale.Say("{Hero} ran home and told {elder.of}. “Take this to {friend},” said {elder}, and gave {hero.him} {food.a}.",
            "“What can I do?” {hero} asked {elder.of}. {Elder} gave {hero.him} {food.a}. “Take it to {friend},” said {elder}.");
        tale.Say("Very softly {hero} opened {friend}'s door. " + sign + ".", "{Hero} knocked, knock, knock, and went in. " + sign + ".");
        state.Hand(tale.Hero, tale.Friend, food);
        tale.Say("“This is for you,” said {hero}, and {hero.he} gave {friend} the {food.noun}.", "{Hero} gave {friend.him} the {food.noun}. “Eat, and get well,” {hero.he} said.");
        state.Eat(tale.Friend, food);
        tale.Say("Then {hero.he} sat on the bed and told the funniest story {hero.he} knew.", "Then {hero.he} sang a song about a fish that wanted to fly.",
            "Then they played a game of guessing, and {friend} won every time.");
        tale.Paragraph();
        state.NextDay();
        state.Solve(tale.Friend, illness);
        tale.Say("{Friend} laughed so much that {friend.he} forgot to be ill.", "The next day {friend} felt better, and the day after that {friend.he} could run again.");
        tale.Say("“You have made me well,” said {friend}.", "“When you are ill, I will come to you,” said {friend}.", "“It was the {food.noun},” said {hero}. “No,” said {friend}, “it was you.”");
        tale.About("a {hero.kind} who visited a sick friend");
        tale.Sum("{Friend} had {illness} and could not come to play. {Hero} brought {food.a} and stayed until {friend} laughed again.");
        tale.Ask("why", "Why did {friend} not come?", "{Friend} did not come because {friend.he} had {illness}.", "{illness}");
        tale.Ask("what", "What did {hero} bring {friend}?", "{Hero} brought {friend} {food.a}.", "{food.noun}");
        tale.Ask("who", "Who gave {hero} the {food.noun}?", "{Elder} gave {hero} the {food.noun}.", "{elder}");
        tale.Ask("who", "Who was ill?", "{Friend} was ill.", "{friend}");
        tale.AskFreely("what", "What was wrong with {friend}?", "{Friend} had {illness}.", "{illness}");
        tale.AskFreely("how", "Did {friend} get well?", "Yes, {friend} got well again.", "Yes");
        tale.AskFreely("who", "Who helped {friend}?", "{Hero} helped {friend}.", "{hero}");
    }
}
