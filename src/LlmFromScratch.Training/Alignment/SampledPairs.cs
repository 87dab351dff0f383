using System.Runtime.InteropServices;
using System.Text.Json;
using LlmFromScratch.Inference;
using LlmFromScratch.Kernels.Cpu;
using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Data.Checking;
using LlmFromScratch.Training.Data.Dialogues;
using LlmFromScratch.Training.Data.TinyTales;
using LlmFromScratch.Training.Data.Worlds;
using LlmFromScratch.Training.Evaluation;

namespace LlmFromScratch.Training.Alignment;

/// <summary>
/// Preference pairs from a model's own answers: asked for a tale, it tells several, and one that the <see cref="WorldChecker"/> finds consistent is better
/// than one that contradicts itself about who is who and where ("consistent"; <see cref="AnswerRules.HeldBack"/> are kept to judge by), and one that begins with a word to
/// the listener better than one that does not ("near"; what comes later is kept to judge by); asked about a tale or a few facts, the right answer is better than its own wrong one ("right"), and so it is
/// when it is asked what the hero of a tale that it told is called ("called"). A model
/// learns more from the mistakes that it makes than from those that a grammar invents for it (Guo et al. 2024, "Direct language model alignment from online AI feedback").
/// </summary>
public sealed class SampledPairs : IDisposable
{
    private const int TalesPerRequest = 4, MaxTaleTokens = 260, MaxAnswerTokens = 48, MostPerRound = 32, MostRequestsPerPair = 100, MostRequestsForFew = 20;
    private const float Temperature = 1;

    private const WorldRules Rules = WorldRules.All & ~AnswerRules.HeldBack;

    private readonly string _model;
    private readonly ThreadLocal<(LanguageModel Model, ChatSpeaker Speaker)> _speakers;

    /// <summary>Opens the model once for every thread that samples.</summary>
    /// <param name="model">A GGUF file of a chat model made here.</param>
    public SampledPairs(string model)
    {
        _model = model;
        _speakers = new ThreadLocal<(LanguageModel, ChatSpeaker)>(() =>
        {
            LanguageModel loaded = LanguageModel.Load(_model, new CpuBackend(threads: 1));
            return (loaded, new ChatSpeaker(loaded));
        }, trackAllValues: true);
        _ = Speaker; // a file that cannot speak is refused here and not inside of the parallel work
    }

    /// <summary>
    /// Makes pairs in mixed order: a quarter of tales that hold together, a quarter of tales told to the listener, a quarter of answers, half of them about its own tales, a quarter by the rules of the
    /// <see cref="PreferenceGenerator"/>. The same model and seed give the same pairs, whatever the number of threads.
    /// </summary>
    /// <param name="seed">The seed of the requests and of the samples.</param>
    /// <param name="count">Pairs, at least 1.</param>
    /// <param name="progress">Told how many there are.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="InvalidOperationException">The model makes so few mistakes, or so many, that there are not enough pairs.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public IReadOnlyList<PreferenceExample> Make(ulong seed, int count, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        SeededRandom random = new(seed);
        DialogueGenerator requests = new(random.NextUInt64(), mix: new DialogueMix(Stories: 100, Readings: 0, Worlds: 0, IsFree: true)), questions = new(random.NextUInt64(), mix: DialogueMix.Questions);
        List<PreferenceExample> pairs = [];
        Collect(count / 4, requests, (dialogue, tales) => Tales(dialogue, tales, "consistent", IsConsistent));
        Collect(count / 2, requests, (dialogue, tales) => Tales(dialogue, tales, "near", ListenerRules.AtTheBeginning, IsConsistent));
        Collect(count * 5 / 8, requests, Called, mayBeFew: true); // who makes no such mistake learns from the others
        Collect(count * 3 / 4, questions, Answers);
        PreferenceGenerator rules = new(random.NextUInt64());
        while (pairs.Count < count) pairs.Add(Example(rules.Next()));
        random.Shuffle(CollectionsMarshal.AsSpan(pairs));
        return pairs;

        void Collect(int enough, DialogueGenerator dialogues, Func<Dialogue, ulong, IEnumerable<PreferenceExample>> sample, bool mayBeFew = false)
        {
            int before = pairs.Count, perRound = Math.Min(MostPerRound, 4 * (enough - before));
            for (int requests = 0; pairs.Count < enough; requests += perRound)
            {
                if (mayBeFew && requests >= MostRequestsForFew * (enough - before)) return;
                if (requests >= MostRequestsPerPair * (enough - before)) throw new InvalidOperationException(
                    $"{_model}: {requests} requests gave {pairs.Count - before} pairs; expected {enough - before}. The model makes too few mistakes to learn from, or nothing right.");
                (Dialogue Dialogue, ulong Seed)[] asked = [.. Enumerable.Range(0, perRound).Select(_ => (dialogues.Next(), random.NextUInt64()))];
                PreferenceExample[] found = [.. asked.AsParallel().AsOrdered().WithCancellation(cancellation).SelectMany(item => sample(item.Dialogue, item.Seed))];
                pairs.AddRange(found.AsSpan(0, Math.Min(found.Length, enough - pairs.Count)));
                progress?.Report(pairs.Count);
            }
        }
    }

    /// <summary>Closes the models.</summary>
    public void Dispose()
    {
        foreach ((LanguageModel model, _) in _speakers.Values) model.Dispose();
        _speakers.Dispose();
    }

    // Of the tales that keep the rule, the one nearest in length to one that does not: nothing is to be learnt about length.
    private List<PreferenceExample> Tales(Dialogue dialogue, ulong seed, string rule, Func<string, bool> keeps, Func<string, bool>? isAllowed = null)
    {
        ChatMessage[] request = [Message(dialogue.Turns[0])];
        IEnumerable<string> told = Enumerable.Range(0, TalesPerRequest).Select(i => Speaker.Answer(request, MaxTaleTokens, Temperature, seed + (ulong)i).Text);
        ILookup<bool, string> judged = told.Where(tale => isAllowed?.Invoke(tale) ?? true).ToLookup(keeps);
        return judged[false].FirstOrDefault() is { Length: > 0 } rejected && judged[true].MinBy(tale => Math.Abs(tale.Length - rejected.Length)) is { } chosen
            ? [new PreferenceExample(request, chosen, rejected, rule)]
            : [];
    }

    private static bool IsConsistent(string tale) => WorldChecker.Check(tale, Rules).IsConsistent;

    private List<PreferenceExample> Answers(Dialogue dialogue, ulong seed)
    {
        ChatMessage[] messages = [.. dialogue.Turns.Select(Message)];
        List<PreferenceExample> pairs = [];
        foreach (TaleQuestion question in dialogue.Questions)
        {
            int turn = Array.FindIndex(messages, message => message.Role == "user" && message.Content.EndsWith(question.Question, StringComparison.Ordinal));
            if (Mistake(messages[..(turn + 1)], question, seed, "right") is { } pair) pairs.Add(pair);
        }
        return pairs;
    }

    // Of two animals in a tale of its own it has to know which is the one that was asked for.
    private IEnumerable<PreferenceExample> Called(Dialogue dialogue, ulong seed)
    {
        ChatMessage request = Message(dialogue.Turns[0]);
        string tale = Speaker.Answer([request], MaxTaleTokens, Temperature, seed).Text;
        if (!IsConsistent(tale)) yield break;
        foreach (TaleQuestion question in ToldTale.NameOfHero(tale))
            if (Mistake([request, new("assistant", tale), new("user", question.Question)], question, seed, "called") is { } pair) yield return pair;
    }

    // The right answer and the model's own wrong one; null where it is right.
    private PreferenceExample? Mistake(ChatMessage[] prompt, TaleQuestion question, ulong seed, string rule)
    {
        if (!Speaker.Fits(prompt, MaxAnswerTokens)) return null;
        string answer = Speaker.Answer(prompt, MaxAnswerTokens, Temperature, seed).Text;
        return answer.Length > 0 && !AnswerCheck.HasKey(question, answer) ? new PreferenceExample(prompt, question.Answer, answer, rule) : null;
    }

    private ChatSpeaker Speaker => _speakers.Value.Speaker;

    private static PreferenceExample Example(PreferencePair pair) => new([.. pair.Prompt.Select(Message)], pair.Chosen, pair.Rejected, pair.Rule);

    private static ChatMessage Message(Turn turn) => new(turn.Role, turn.Content);
}
