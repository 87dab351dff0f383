using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Data.TinyTales;

namespace LlmFromScratch.Training.Data.Dialogues;

/// <summary>
/// Talks between a listener and a story teller: a tale is asked for and talked about, a tale is brought and asked about or continued, a few facts are given
/// and asked about, and small talk. The same seed and split give the same talks.
/// </summary>
public sealed class DialogueGenerator
{
    /// <summary>No dialogue has more words than this, so that each fits into 512 tokens.</summary>
    public const int MaxWords = 300;

    private const int PercentAgain = 40; // of free talks about a tale
    private const int PercentReflect = 50; // of free talks about a tale
    private const int PercentReflectFirst = 20; // of those: before anything else is asked
    private const int ShortTaleLength = 660; // characters; two of them and questions fit into MaxWords

    private static readonly string[] RetellRequests = ["Say it in other words.", "Say it again in your own words.", "Tell it in another way.", "What do you know now?"];

    private readonly SeededRandom _random;
    private readonly TinyTalesGenerator _tales;
    private readonly DialogueMix _mix;

    /// <summary>A generator of its own tales; every seed is allowed.</summary>
    /// <param name="seed">The seed of the talks and of their tales.</param>
    /// <param name="split">Which tales are told.</param>
    /// <param name="mix">How many talks of each kind; without it <see cref="DialogueMix.Broad"/>.</param>
    public DialogueGenerator(ulong seed, TaleSplit split = TaleSplit.Training, DialogueMix? mix = null)
    {
        _mix = mix ?? DialogueMix.Broad;
        _random = new SeededRandom(seed);
        _tales = new TinyTalesGenerator(_random.NextUInt64(), split, isFree: _mix.IsFree);
    }

    /// <summary>The next dialogue.</summary>
    public Dialogue Next()
    {
        while (true)
        {
            DialogueBuilder talk = new();
            int die = _random.NextInt(100);
            Dialogue dialogue = die < _mix.Stories ? Story(talk)
                : die < _mix.Stories + _mix.Readings ? Reading(talk)
                : die < _mix.Stories + _mix.Readings + _mix.Worlds ? World(talk)
                : Chat(talk);
            if (talk.WordCount <= MaxWords) return dialogue;
        }
    }

    private Dialogue Story(DialogueBuilder talk)
    {
        bool again = _mix.IsFree && Chance(PercentAgain);
        TinyTale tale = again ? ShortTale() : _tales.NextTale();
        if (Chance(12)) Add(talk, SmallTalk.Greet(_random));
        talk.Exchange(_mix.IsFree && Chance(50) ? FreeTalk.Request(tale, _random) : TaleTalk.Request(tale, _random), tale.Text);
        TalkAbout(talk, tale, 1 + _random.NextInt(4));
        if (!again) return talk.Build("story", tale.World);
        TinyTale second = ShortTale();
        talk.Exchange(FreeTalk.Another(second, _random), second.Text);
        TalkAbout(talk, second, _random.NextInt(4));
        return talk.Build("story", second.World);
    }

    private Dialogue Reading(DialogueBuilder talk)
    {
        TinyTale tale = _tales.NextTale();
        int cut = tale.Text.IndexOf('\n');
        if (Chance(18) && cut > 0)
        {
            talk.Exchange($"Go on with this story.\n{tale.Text[..cut]}", tale.Text[(cut + 1)..]);
            TalkAbout(talk, tale, _random.NextInt(3));
            return talk.Build("reading", tale.World);
        }
        TaleQuestion[] questions = [.. Questions(tale).Take(2 + _random.NextInt(_mix.IsFree ? 6 : 4))];
        talk.Ask(questions[0], $"{tale.Text}\n");
        foreach (TaleQuestion question in questions[1..]) talk.Ask(question);
        if (Chance(_mix.IsFree ? PercentReflect : 25)) Add(talk, Reflect(tale));
        return talk.Build("reading", tale.World);
    }

    private Dialogue World(DialogueBuilder talk)
    {
        MiniWorld world = new(_random, _mix.IsFree);
        HashSet<string> asked = [];
        for (int count = 3 + _random.NextInt(4); count > 0; count--)
        {
            TaleQuestion question = world.Question();
            if (!asked.Add(question.Question)) continue;
            talk.Ask(question, asked.Count == 1 ? $"{world.Text}\n" : "");
        }
        if (Chance(_mix.Retold)) talk.Exchange(RetellRequests[_random.NextInt(RetellRequests.Length)], world.Retell()); // last: no question is answered by it
        return talk.Build("world");
    }

    private Dialogue Chat(DialogueBuilder talk)
    {
        for (int count = 2 + _random.NextInt(4); count > 0; count--)
            Add(talk, _random.NextInt(5) switch
            {
                0 => SmallTalk.Greet(_random),
                1 => SmallTalk.Fact(_random),
                2 => _mix.IsFree && Chance(35) ? FreeTalk.Rhyme(_random) : SmallTalk.Rhyme(_random),
                3 => SmallTalk.List(_random),
                _ => SmallTalk.Refuse(_random, _tales.NextTale().World.Hero),
            });
        if (Chance(30)) Add(talk, SmallTalk.Thank(_random));
        return talk.Build("small talk");
    }

    private TinyTale ShortTale()
    {
        while (true)
            if (_tales.NextTale() is { Text.Length: <= ShortTaleLength } tale) return tale;
    }

    private void TalkAbout(DialogueBuilder talk, TinyTale tale, int count)
    {
        bool isFirst = _mix.IsFree && Chance(PercentReflectFirst);
        if (isFirst) Add(talk, Reflect(tale));
        foreach (TaleQuestion question in Questions(tale).Take(count)) talk.Ask(question);
        if (!isFirst && Chance(_mix.IsFree ? PercentReflect : 25)) Add(talk, Reflect(tale));
        if (_mix.IsFree && Chance(20)) Add(talk, FreeTalk.Comment(tale.World.Hero, _random));
        if (Chance(8)) Add(talk, SmallTalk.Refuse(_random, tale.World.Hero));
        if (Chance(12)) Add(talk, SmallTalk.Thank(_random));
    }

    private IEnumerable<TaleQuestion> Questions(TinyTale tale) => _mix.IsFree ? TaleTalk.FreeQuestions(tale, _random) : TaleTalk.Questions(tale, _random);

    private (string User, string Assistant) Reflect(TinyTale tale) => _mix.IsFree && Chance(60) ? FreeTalk.Reflect(tale, _random) : TaleTalk.Reflect(tale, _random);

    private static void Add(DialogueBuilder talk, (string User, string Assistant) exchange) => talk.Exchange(exchange.User, exchange.Assistant);

    private bool Chance(int percent) => _random.NextInt(100) < percent;
}
