using LlmFromScratch.Training.Data.TinyTales.Narration;
using LlmFromScratch.Training.Data.TinyTales.World;

namespace LlmFromScratch.Training.Data.TinyTales.Plots;

/// <summary>Sharing: one has something good to eat, the other has nothing. They halve it; later the friend shares, too.</summary>
internal sealed class SharedFood : Plot
{
    /// <inheritdoc/>
    public override string Moral => "Food tastes best when you share it.";

    /// <inheritdoc/>
    public override void Tell(Tale tale)
    {
        TaleState state = tale.State;
        Thing food = tale.Bind("food", Things.Food(tale.Random));
        tale.Open(friend: true);
        state.Own(tale.Elder, food);
        state.Give(tale.Elder, tale.Hero, food);
        tale.Say("{day}, {elder.of} gave {hero.him} {food.a}. It smelled so good!",
            "{day}, {elder.of} made {food.a} just for {hero.him}. “Enjoy it,” said {elder}.", "{day}, {hero} got {food.a} from {elder.of}.");
        tale.Go(tale.Place, tale.Hero, tale.Friend);
        tale.Say("{Hero} [took|carried] it to {place} and sat down [in the sun|in the shade].",
            "{Hero} wanted to eat it {place.at}, so {hero.he} walked there and sang a little song.");
        tale.Paragraph();
        state.Trouble(tale.Friend, "hungry");
        tale.Say("There {hero.he} saw {hero.his} friend {friend.full}, who looked [very |]sad. “What is wrong?” asked {hero}.",
            "Then {hero.his} friend {friend.full} came along. {Friend.he} looked at the {food.noun} but said nothing. “What is it?” asked {hero}.");
        tale.Say("“I am so hungry,” said {friend}. “I [have not eaten all day|have nothing to eat today].”",
            "“I lost my lunch on the way,” said {friend}, “and now I am hungry.”");
        Doubt(tale);
        state.Hand(tale.Hero, tale.Friend, food);
        state.Eat(tale.Friend, food);
        state.Solve(tale.Friend, "hungry");
        tale.Say("{Hero} broke the {food.noun} in two and gave the [bigger|first] half to {friend}. “This is for you,” {hero.he} said.",
            "“Let us share it,” said {hero}, and {hero.he} gave {friend} half of the {food.noun}.",
            "“Half for you and half for me,” said {hero}, and {hero.he} broke the {food.noun} in two.");
        tale.Maybe(65, "They sat side by side and ate. It tasted [better|sweeter] than ever.",
            "They ate it together, and soon they were both laughing.",
            "{Friend} smiled from ear to ear. “Thank you! This is the best {food.noun} in the world,” {friend.he} said.");
        tale.Paragraph();
        tale.About("a {hero.kind} who shared {food.one} with a friend");
        tale.Sum("{Elder} gave {hero} {food.a}. {Hero} shared it with {friend}, who was hungry.");
        tale.Ask("who", "Who gave {hero} the {food.noun}?", "{Elder} gave {hero} the {food.noun}.", "{elder}");
        tale.Ask("what", "What did {hero} share?", "{Hero} shared the {food.noun}.", "{food.noun}");
        tale.Ask("who", "Who was hungry?", "{Friend} was hungry.", "{friend}");
        tale.AskFreely("what", "What did {hero} give {friend}?", "{Hero} gave {friend} half of the {food.noun}.", "{food.noun}");
        tale.AskFreely("who", "Who shared the {food.noun}?", "{Hero} shared the {food.noun}.", "{hero}");
        tale.Ask("why", "Why was {friend} sad?", "{Friend} was sad because {friend.he} was hungry.", "hungry");
        tale.Ask("where", "Where did they eat?", "They ate {place.at}.", "{place}");
        Return(tale, food);
    }

    private static void Doubt(Tale tale)
    {
        if (!tale.Chance(45)) return;
        tale.Say("{Hero} looked at the {food.noun}. It was not very big, and {hero.he} was hungry, too. But {friend.his} eyes were so sad.",
            "At first {hero} wanted to keep it all. Then {hero.he} thought, “How would I feel if I had nothing?”",
            "{Hero} thought for a moment. {Hero.he} loved {food.noun}s so much! But {hero.he} loved {hero.his} friend more.");
    }

    private static void Return(Tale tale, Thing food)
    {
        tale.State.NextDay();
        Thing gift = tale.Bind("gift", Things.Food(tale.Random));
        bool same = gift.Noun == food.Noun;
        if (same || tale.Chance(35))
        {
            tale.Say("When {hero} came home, {hero.he} told {elder} about it. “You have a kind heart,” said {elder}.",
                "“You made me happy today,” said {friend}. “I will never forget it.”");
            tale.Say("That day {hero} learned that food tastes best when you share it.", "And from then on, the two always shared what they had.");
            return;
        }
        tale.State.Own(tale.Friend, gift);
        tale.Say("The next day, {friend} came to {place} with {gift.a}. “Today I will share with you!” {friend.he} said.",
            "The next day it was {friend} who had something good: {gift.a}. “Half of it is yours,” {friend.he} said.");
        tale.Say("They were good friends, and they always shared.", "{Hero} was glad. Sharing had made them better friends.",
            "So {hero} learned that a kind deed often comes back.");
        tale.Ask("what", "What did {friend} bring the next day?", "{Friend} brought {gift.a}.", "{gift.noun}");
    }
}
