using LlmFromScratch.Course;
using LlmFromScratch.Course.Checking;

namespace LlmFromScratch.Tests.Course;

/// <summary>
/// What must hold for every exercise of the course. A new exercise is found by itself, and needs no test of its own here.
/// <c>dotnet test --filter "FullyQualifiedName~ExerciseTests"</c>
/// </summary>
public class ExerciseTests
{
    private const int LeastMistakes = 4, LeastCases = 4, MostCallCharacters = 1000;

    // A busy test machine must not turn a right answer into a slow one; an endless mutant still ends.
    private static readonly CheckLimits Patient = new(Slow: TimeSpan.FromMinutes(1), Stop: TimeSpan.FromMinutes(2));

    public static TheoryData<string> Ids => [.. ExerciseCatalogue.All.Select(exercise => exercise.Id)];

    public static TheoryData<string, string> Mistakes
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (Exercise exercise in ExerciseCatalogue.All)
                foreach (Mistake mistake in exercise.Mistakes) rows.Add(exercise.Id, mistake.Name);
            return rows;
        }
    }

    [Fact]
    public void Catalogue_Ids_AreUniqueAndMatchTheirChapter()
    {
        Assert.NotEmpty(ExerciseCatalogue.All);
        Assert.Equal(ExerciseCatalogue.All.Count, ExerciseCatalogue.All.Select(exercise => exercise.Id).Distinct().Count());
        Assert.All(ExerciseCatalogue.All, exercise =>
        {
            Version number = Version.Parse(exercise.Id);
            Assert.Equal($"LlmFromScratch.Course.Chapters.Ch{number.Major:00}", exercise.GetType().Namespace);
        });
    }

    [Theory, MemberData(nameof(Ids))]
    public void Solution_Checked_Passes(string id)
    {
        Exercise exercise = ExerciseCatalogue.Find(id);
        CheckResult result = exercise.Check(exercise.CreateSolution(), Patient);
        Assert.True(result.Outcome == CheckOutcome.Passed, result.ToString());
        Assert.Equal($"✓ {id}  {exercise.Title}: all {exercise.CaseCount} cases pass.", result.ToString());
    }

    [Theory, MemberData(nameof(Ids))]
    public void Stub_Checked_IsNotDoneYet(string id)
    {
        Exercise exercise = ExerciseCatalogue.Find(id);
        CheckResult result = exercise.Check(exercise.CreateStub(), Patient);
        Assert.Equal(CheckOutcome.NotDone, result.Outcome);
        Assert.StartsWith($"○ {id}  ", result.ToString());
    }

    [Theory, MemberData(nameof(Mistakes))]
    public void Mistake_Checked_IsDiagnosedAsItself(string id, string name)
    {
        Exercise exercise = ExerciseCatalogue.Find(id);
        Mistake mistake = exercise.Mistakes.Single(candidate => candidate.Name == name);
        CheckResult result = exercise.Check(mistake.Mutant, Patient);
        Assert.True(result.Outcome == CheckOutcome.Failed, result.ToString());
        Assert.True(result.MistakeName == name, $"expected the mistake \"{name}\", got \"{result.MistakeName}\".\n{result}");
        Assert.Equal(mistake.Diagnosis, result.LikelyCause);
        Assert.False(string.IsNullOrEmpty(result.FailingCall), $"the failing case is not shown.\n{result}");
        Assert.True(result.FailingCall.Length < MostCallCharacters, $"the failing case fills a screen.\n{result}");
    }

    [Fact]
    public void Catalogue_Mistakes_AreAtLeastAHundred() => Assert.InRange(ExerciseCatalogue.All.Sum(exercise => exercise.Mistakes.Count), 100, int.MaxValue);

    [Theory, MemberData(nameof(Ids))]
    public void Exercise_Catalogue_HasEnoughMistakesAndCases(string id)
    {
        Exercise exercise = ExerciseCatalogue.Find(id);
        Assert.True(exercise.Mistakes.Count >= LeastMistakes, $"{id} has {exercise.Mistakes.Count} mistakes; expected at least {LeastMistakes}.");
        Assert.True(exercise.CaseCount >= LeastCases, $"{id} has {exercise.CaseCount} cases; expected at least {LeastCases}.");
        Assert.Equal(exercise.Mistakes.Count, exercise.Mistakes.Select(mistake => mistake.Diagnosis).Distinct().Count());
    }

    [Theory, MemberData(nameof(Ids))]
    public void Verdict_CheckedTwice_HasTheSameWords(string id)
    {
        Exercise exercise = ExerciseCatalogue.Find(id);
        object mutant = exercise.Mistakes[0].Mutant;
        Assert.Equal(exercise.Check(mutant, Patient).ToString(), exercise.Check(mutant, Patient).ToString());
    }
}
