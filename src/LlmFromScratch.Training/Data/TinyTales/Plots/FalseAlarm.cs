using LlmFromScratch.Training.Data.TinyTales.Narration;
using LlmFromScratch.Training.Data.TinyTales.World;

namespace LlmFromScratch.Training.Data.TinyTales.Plots;

/// <summary>A false alarm: the hero calls for help as a joke, once and twice; the third time it is true, and it is nearly too late.</summary>
internal sealed class FalseAlarm : Plot
{
    private static readonly (string Cry, string True, string Rescue, Shore Where)[] Dangers =
    [
        ("“Help! A wolf!”", "a real wolf looked out of the bushes", "{Friend} banged on a pot so loudly that the wolf ran away", Shore.Land),
        ("“Help! I am sinking!”", "{hero} slipped and fell into the deep water", "{Friend} held out a long branch and pulled {hero.him} out", Shore.Water),
        ("“Help! Fire!”", "a real fire began to smoke in the dry grass", "{Friend} came with a bucket of water and put it out", Shore.Land),
        ("“Help! A bull!”", "a big bull came over the fence", "{Friend} waved a red cloth, and the bull ran after it, far away", Shore.Land),
        ("“Help! A snake!”", "a long snake lay in front of {hero.his} feet", "{Friend} lifted it with a stick and carried it into the bushes", Shore.Any),
    ];

    /// <inheritdoc/>
    public override string Moral => "Who jokes with a cry for help may cry alone.";

    /// <inheritdoc/>
    public override void Tell(Tale tale)
    {
        (string cry, string comesTrue, string rescue, _) = tale.Pick<(string, string, string, Shore)>([.. Dangers.Where(d => d.Where != (tale.Place.IsWater ? Shore.Land : Shore.Water))]);
        tale.Open(friend: false);
        tale.Go(tale.Place, tale.Hero, tale.Friend);
        tale.Say("{day}, it was very quiet {place.at}, and {hero} was bored.", "{day}, {hero} sat {place.at} and had nothing to do.");
        tale.Say(cry + " {hero.he} shouted. {Hero.his} friend {friend.full} came running. But there was nothing.");
        tale.Say("“It was only a joke!” laughed {hero}.", "{Hero} laughed and laughed. “You should see your face!” {hero.he} said.");
        tale.Say("The next day {hero} did it again. " + cry + " And {friend} came again, out of breath.", "A day later it was the same. " + cry + " Again {friend} came, and again there was nothing.");
        tale.State.NextDay();
        tale.Say("“That is not funny,” said {friend}, and {friend.he} went home.", "“I will not come a third time,” said {friend}.");
        tale.Paragraph();
        tale.State.Trouble(tale.Hero, "danger");
        tale.Say("But on the third day " + comesTrue + ".", "Then, one evening, " + comesTrue + ".");
        tale.Say(cry + " cried {hero}. This time {hero.he} did not laugh.", cry + " cried {hero}, and {hero.his} voice shook.");
        tale.Say("{Friend} heard it. “It is only a joke,” {friend.he} thought. But what if it was not?", "{Friend} put {friend.his} {friend.hand}s over {friend.his} ears. Then {friend.he} got up after all.");
        tale.Paragraph();
        tale.State.Solve(tale.Hero, "danger");
        tale.Say(rescue + ".");
        tale.Say("“You came!” said {hero}. “I nearly did not,” said {friend}.", "{Hero} was white as milk. “Thank you,” {hero.he} said. “I do not deserve such a friend.”");
        tale.Say("“I will never call for help again when I do not need it,” said {hero}, and {hero.he} kept {hero.his} word.", "From that day on, when {hero} called, it was true, and everybody knew it.");
        tale.About("a {hero.kind} who called for help as a joke");
        tale.Sum("{Hero} called for help as a joke, and {friend} came each time. On the third day the danger was real, and {friend} still came.");
        tale.Ask("why", "Why did {hero} shout at first?", "{Hero} shouted because it was a joke.", "joke");
        tale.Ask("who", "Who came to help?", "{Friend} came to help.", "{friend}");
        tale.Ask("where", "Where was {hero}?", "{Hero} was {place.at}.", "{place}");
        tale.Ask("how", "What did {friend} do?", rescue + ".", "{friend}");
        tale.AskFreely("who", "Who helped {hero}?", "{Friend} helped {hero}.", "{friend}");
        tale.AskFreely("how", "Was it a joke the third time?", "No, the third time it was true.", "No");
    }
}
