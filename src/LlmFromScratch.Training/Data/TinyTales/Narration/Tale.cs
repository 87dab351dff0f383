using System.Text;
using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Data.TinyTales.Plots;
using LlmFromScratch.Training.Data.TinyTales.World;

namespace LlmFromScratch.Training.Data.TinyTales.Narration;

/// <summary>
/// One tale while it is told: its cast, the state of its world, and the text so far. A plot changes <see cref="State"/> and says
/// what it did with <see cref="Say"/>; which of the given frames is spoken is drawn from the seeded generator.
/// </summary>
internal sealed class Tale
{
    private const int LongTale = 560; // characters; about 110 words

    private readonly Dictionary<string, Noun> _roles = [];
    private readonly StringBuilder _text = new();
    private readonly List<TaleQuestion> _questions = [], _freeQuestions = [];
    private readonly List<string> _things = [];
    private readonly Wording _wording;
    private readonly Queue<string> _asides = [];
    private string _topic = "", _summary = "";
    private bool _newParagraph;
    private string? _subject; // the role that did or said what the last frame told; null when it began otherwise

    /// <summary>A tale with a cast; the roles hero, friend, elder, wise, setting, trait, place and other (a second place) are bound.</summary>
    /// <param name="cast">Who plays in it.</param>
    /// <param name="random">The source of every choice.</param>
    /// <param name="split">Which frames it may use.</param>
    /// <param name="teller">Who tells it; without one, <see cref="Teller.Any"/>.</param>
    public Tale(Cast cast, SeededRandom random, TaleSplit split = TaleSplit.Training, Teller? teller = null)
    {
        _wording = new Wording(split);
        Teller = teller ?? Teller.Any;
        if (Teller.Asides > 0) _asides = new Queue<string>(Teller.ShuffledAsides(random));
        Cast = cast;
        Random = random;
        Bind("hero", cast.Hero);
        Bind("friend", cast.Friend);
        Bind("elder", cast.Elder);
        Bind("wise", cast.Wise);
        Bind("setting", cast.Setting);
        Bind("trait", new Phrase(cast.Trait));
        Place[] places = [cast.Setting.First, cast.Setting.Second, cast.Setting.Third];
        random.Shuffle<Place>(places);
        Place = Bind("place", places[0]);
        OtherPlace = Bind("other", places[1]);
        State.Go(Hero, Home);
        State.Go(Elder, Home);
        State.Go(Wise, places[0]);
    }

    /// <summary>Where hero and elder are when the tale begins.</summary>
    public static Place Home { get; } = new("house", "in", "under the bed|behind the door|in a box");

    /// <summary>Who tells it.</summary>
    public Teller Teller { get; }

    /// <summary>The one whose tale it is.</summary>
    public Character Hero => Cast.Hero;

    /// <summary>The hero's friend.</summary>
    public Character Friend => Cast.Friend;

    /// <summary>The grown-up at home.</summary>
    public Character Elder => Cast.Elder;

    /// <summary>A neighbour who knows much.</summary>
    public Character Wise => Cast.Wise;

    /// <summary>Where the tale plays, away from home.</summary>
    public Place Place { get; }

    /// <summary>A second place of the same setting.</summary>
    public Place OtherPlace { get; }

    private Cast Cast { get; }

    /// <summary>What is true now.</summary>
    public TaleState State { get; } = new();

    /// <summary>The source of every choice.</summary>
    public SeededRandom Random { get; }

    /// <summary>Gives a role of the frames its noun; the noun comes back.</summary>
    public T Bind<T>(string role, T noun) where T : Noun
    {
        _roles[role] = noun;
        if (noun is Thing thing) _things.Add(thing.Noun);
        return noun;
    }

    /// <summary>One of <paramref name="items"/>, all equally likely.</summary>
    public T Pick<T>(params ReadOnlySpan<T> items) => items[Random.NextInt(items.Length)];

    /// <summary>One of the spots of <paramref name="place"/> that is not <paramref name="other"/>, bound to <paramref name="role"/>.</summary>
    public Phrase BindSpot(string role, Place place, Phrase? other = null)
    {
        string[] spots = [.. place.Spots.Split('|').Where(s => s != other?.Words)];
        return Bind(role, new Phrase(Pick<string>(spots)));
    }

    /// <summary>Moves several characters to one place.</summary>
    public void Go(Place to, params ReadOnlySpan<Character> who)
    {
        foreach (Character character in who) State.Go(character, to);
    }

    /// <summary>True in <paramref name="percent"/> of 100 cases.</summary>
    public bool Chance(int percent) => Random.NextInt(100) < percent;

    /// <summary>Speaks one of the frames: a sentence, or a few that belong together.</summary>
    public void Say(params ReadOnlySpan<string> frames)
    {
        string frame = WithPronoun(_wording.Pick(frames, Random));
        if (_text.Length > 0) _text.Append(_newParagraph ? '\n' : ' ');
        if (_newParagraph && _asides.Count > 0 && Chance(Teller.Asides)) _text.Append(_asides.Dequeue()).Append(' ');
        _newParagraph = false;
        _text.Append(Frame.Expand(frame, _roles, Random));
        if (frame.Contains("{friend.full}") || frame.Contains("{friend.kind}") || frame.Contains("{Friend.full}"))
            _roles["friend"] = Friend with { IsKnown = true };
    }

    /// <summary>
    /// A frame that begins with the name of the last frame's subject takes the pronoun: "Lily ran. She fell." Hero and friend have
    /// different pronouns, so it stays clear who is meant; who is only ever named ("Mum") keeps the name.
    /// </summary>
    private string WithPronoun(string frame)
    {
        int end = frame.IndexOf('}');
        bool named = frame.StartsWith('{') && char.IsUpper(frame[1]) && !frame[..end].Contains('.') && frame[end + 1] == ' ';
        string? subject = named ? char.ToLowerInvariant(frame[1]) + frame[2..end] : null;
        bool repeated = subject is not null && subject == _subject && !_newParagraph && _roles[subject] is Character { Pronoun: not Pronoun.It };
        _subject = repeated ? null : subject ?? SpeakerOf(frame);
        return repeated ? $"{{{frame[1..end]}.he}}{frame[(end + 1)..]}" : frame;
    }

    /// <summary>The role that a frame ends with, as in <c>“Yes,” said {hero}.</c>; null for a frame that ends otherwise.</summary>
    private static string? SpeakerOf(string frame)
    {
        string name = frame[(frame.LastIndexOf('{') + 1)..];
        return frame.StartsWith('“') && name.EndsWith("}.", StringComparison.Ordinal) && name.IndexOf('.') == name.Length - 1 ? name[..^2] : null;
    }

    /// <summary>In <paramref name="percent"/> of 100 cases speaks one of the frames; a tale that is already long does without it.</summary>
    public void Maybe(int percent, params ReadOnlySpan<string> frames)
    {
        if (Chance(percent) && _text.Length < LongTale) Say(frames);
    }

    /// <summary>The next sentence begins a new paragraph.</summary>
    public void Paragraph() => _newParagraph = true;

    /// <summary>What the tale is about, after "a story about": <c>a {hero.kind} who lost {thing.one}</c>.</summary>
    public void About(string frame) => _topic = Frame.Fill(frame, _roles, Random);

    /// <summary>One more sentence of the summary.</summary>
    public void Sum(string frame) => _summary += (_summary == "" ? "" : " ") + Frame.Expand(frame, _roles, Random);

    /// <summary>A question that the text answers, the answer as a sentence, and the words in it that matter.</summary>
    public void Ask(string kind, string question, string answer, string key) => _questions.Add(Expand(kind, question, answer, key));

    /// <summary>As <see cref="Ask"/>, a question that only listeners ask who speak as they like (see <see cref="Dialogues.DialogueMix.IsFree"/>).</summary>
    public void AskFreely(string kind, string question, string answer, string key) => _freeQuestions.Add(Expand(kind, question, answer, key));

    /// <summary>Whether a held-out frame was spoken.</summary>
    public bool SpokeHeldOutFrame => _wording.SpokeHeldOut;

    /// <summary>The things that play a part.</summary>
    public IReadOnlyList<string> Things => _things;

    /// <summary>The finished tale of a plot; throws when the ending leaves a problem open (<see cref="TaleState.End"/>).</summary>
    public TinyTale Finish(Plot plot)
    {
        string text = Finish();
        if (Says("{place.at}") && !Says("{other.at}")) AskFreely("where", "Where did it happen?", "It happened {place.at}.", "{place.at}");
        string moral = Frame.Expand(plot.Moral, _roles, Random);
        TaleWorld world = new(plot.Name, Hero.Name, Hero.Kind, Friend.Name, Friend.Kind, Place.Name, [.. _things.Distinct()]);
        return new TinyTale(plot.Name, text, _topic, _summary, moral, world, [.. CastQuestions.Of(Cast, text), .. _questions], _freeQuestions);
    }

    /// <summary>The whole text; throws when the ending leaves a problem open (<see cref="TaleState.End"/>).</summary>
    public string Finish()
    {
        State.End();
        return _text.ToString();
    }

    /// <summary>Whether these words of a frame have been told.</summary>
    public bool Says(string frame) => _text.ToString().Contains(Frame.Fill(frame, _roles, Random), StringComparison.OrdinalIgnoreCase);

    private TaleQuestion Expand(string kind, string question, string answer, string key) => new(
        kind, Frame.Expand(question, _roles, Random), Frame.Expand(answer, _roles, Random), Frame.Fill(key, _roles, Random));
}
