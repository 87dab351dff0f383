using LlmFromScratch.Training.Data.TinyTales.World;

namespace LlmFromScratch.Training.Data.TinyTales.Narration;

/// <summary>How a tale begins: who the hero is and where the hero lives. About three in ten begin with "Once upon a time".</summary>
internal static class Openings
{
    private const int PercentOnce = 30;

    /// <summary>
    /// Speaks the opening and binds <c>{day}</c>, with which the first event begins ("One sunny morning", or "That day" after an
    /// opening that has named a morning already). <paramref name="days"/> are the plot's own choices for it; with
    /// <paramref name="friend"/> the opening may name the friend, who then has to appear.
    /// </summary>
    public static void Open(this Tale tale, bool friend, params string[] days)
    {
        tale.Bind("day", new Phrase(tale.Pick<string>(days.Length > 0 ? days : OrdinaryDays)));
        if (tale.Chance(PercentOnce)) tale.Say(friend && tale.Chance(15) ? OnceTwo : Once);
        else if (tale.Chance(tale.Teller.Listens)) tale.Say(tale.Teller == Teller.Near ? ListenNear : Listen);
        else if (days.Length > 0 || tale.Chance(60)) tale.Say(Plain);
        else
        {
            tale.Say(Morning);
            tale.Bind("day", new Phrase(tale.Pick("That morning", "After breakfast", "A little later", "Before long")));
        }
        tale.Maybe(24, friend && tale.Chance(40) ? HabitsWithFriend : Habits);
    }

    private static readonly string[] OrdinaryDays =
    [
        "One day", "One sunny morning", "One fine morning", "One morning", "One bright day", "One windy day", "One Sunday morning", "One warm afternoon",
        "One afternoon", "One market day",
    ];

    private static readonly string[] Once =
    [
        "Once upon a time, there was a [little|{trait}|{trait} little|young] {hero.kind} named {hero}. {Hero.he} lived {setting}.",
        "Once upon a time, there was a [little|{trait}|small] {hero.kind} named {hero} who lived {setting}.",
        "Once upon a time, a {trait} [little |]{hero.kind} named {hero} lived {setting}.",
        "Once upon a time, {setting}, there lived a [little|{trait}] {hero.kind} [named|called] {hero}.",
        "Once upon a time there was a {hero.kind} called {hero}. {Hero} was very {trait}, and {hero.he} lived {setting}.",
    ];

    private static readonly string[] OnceTwo =
    [
        "Once upon a time, {setting}, there lived two friends. They were called {hero} and {friend}. {Hero} was a {hero.kind}.",
        "Once upon a time, a {hero.kind} named {hero} and a {friend.kind} named {friend} lived {setting}.",
        "Once upon a time there were two friends, a {hero.kind} named {hero} and a {friend.kind} named {friend}, who lived {setting}.",
    ];

    private static readonly string[] Listen =
    [
        "Do you know {hero}? {Hero.he} was a [{trait} |]little {hero.kind} who lived {setting}.",
        "This is the story of {hero}, a [{trait} |little |]{hero.kind} who lived {setting}.",
        "Let me tell you about {hero}, a {trait} [little |]{hero.kind}. {Hero.he} lived {setting}.",
        "Come closer and listen. {Setting} there lived a {hero.kind} called {hero}.",
        "Have you ever met a {trait} {hero.kind}? {hero} was one, and {hero.he} lived {setting}.",
        "“Tell us about {hero}!” the little ones always say. Well, {hero} was a {trait} {hero.kind} who lived {setting}.",
        "People still talk about {hero}, the {trait} [little |]{hero.kind} who lived {setting}.",
        "If you had been {setting} in those days, you would have met a {trait} {hero.kind} named {hero}.",
    ];

    private static readonly string[] ListenNear =
    [
        .. Listen,
        "Shall I tell you about {hero}? {Hero.he} was a {trait} [little |]{hero.kind} who lived {setting}.",
        "Sit down and listen. {Setting} there lived a {trait} {hero.kind} named {hero}.",
        "Do you lie well? Then I can begin. {Setting} lived a {trait} {hero.kind} named {hero}.",
        "You ask me about {hero}? {Hero.he} was a {trait} little {hero.kind} who lived {setting}.",
        "My grandmother told me this story. {Setting} there lived a {trait} {hero.kind} named {hero}.",
        "Can you guess who lived {setting}? It was {hero}, a {trait} little {hero.kind}.",
    ];

    private static readonly string[] Plain =
    [
        "There was once a {trait} [little |]{hero.kind} named {hero} who lived {setting}.",
        "There was once a little {hero.kind} called {hero}. {Hero.he} lived {setting} and had many friends.",
        "{setting} lived a {trait} {hero.kind} named {hero}.",
        "{setting} there lived a little {hero.kind} called {hero}.",
        "{hero} was a {trait} little {hero.kind} who lived {setting}.",
        "Long ago, {setting}, there lived a {hero.kind} named {hero}.",
        "A {trait} [little |young ]{hero.kind} lived {setting}, and {hero.his} name was {hero}.",
        "Not so long ago, a {hero.kind} called {hero} lived {setting}. Oh, how {trait} {hero.he} was!",
    ];

    private static readonly string[] Morning =
    [
        "One sunny morning, a little {hero.kind} named {hero} woke up [early|with a smile]. {Hero.he} lived {setting}.",
        "One fine morning, a {trait} {hero.kind} called {hero} opened the door and looked at the blue sky.",
        "It was a bright morning. A little {hero.kind} named {hero} [jumped out of bed|was up early].",
        "“Good morning, sun!” said {hero}. {Hero.he} was a {trait} {hero.kind}, and {hero.he} lived {setting}.",
        "Cock-a-doodle-doo! The sun was up, and so was {hero}, a little {hero.kind} {setting}.",
        "“What a day!” said {hero}, the {trait} little {hero.kind}. The sky was blue, and the birds were singing.",
        "“Wake up, {hero}!” called {elder.of}. But {hero}, a {trait} little {hero.kind}, was up already.",
    ];

    private static readonly string[] Habits =
    [
        "{Hero.he} liked to sing [when the sun came up|on the way to {place}].",
        "Everyone [knew|liked] {hero.him}.",
        "{Hero.he} [liked|loved] to play outside.",
        "{Hero.he} knew every path and every tree.",
        "{Hero.he} had a song for every day. “La la la, the day is new, and so am I, and so are you!”",
        "“Every day is a new day,” {hero.he} always said.",
        "{Hero.he} could hop on one foot all the way to {place}.",
    ];

    private static readonly string[] HabitsWithFriend =
    [
        "{Hero.his} best friend was {friend.full}.",
        "{Hero.he} and {friend.full} were good friends.",
        "{Hero.he} often played with {hero.his} friend {friend.full}.",
    ];
}
