using LlmFromScratch.Training.Data.TinyTales;

namespace LlmFromScratch.Training.Data.Dialogues;

/// <summary>Collects the turns of one dialogue.</summary>
internal sealed class DialogueBuilder
{
    private readonly List<Turn> _turns = [];
    private readonly List<TaleQuestion> _questions = [];

    /// <summary>How many words have been said so far.</summary>
    public int WordCount { get; private set; }

    /// <summary>One says something, the other answers.</summary>
    public void Exchange(string user, string assistant)
    {
        _turns.Add(new Turn("user", user));
        _turns.Add(new Turn("assistant", assistant));
        WordCount += user.Count(c => c == ' ') + assistant.Count(c => c == ' ') + 2;
    }

    /// <summary>An exchange with one right answer; <paramref name="before"/> is what the user says before the question.</summary>
    public void Ask(TaleQuestion question, string before = "")
    {
        Exchange(before + question.Question, question.Answer);
        _questions.Add(question);
    }

    /// <summary>The dialogue.</summary>
    public Dialogue Build(string kind, TaleWorld? world = null) => new(kind, _turns, _questions, world);
}
