using LlmFromScratch.Course;
using LlmFromScratch.Course.Checking;
using LlmFromScratch.Sampling;

namespace LlmFromScratch.Tests.Course;

/// <summary>The verdicts of the check, on an exercise small enough to work out by hand: double every value.</summary>
public class CheckTests
{
    private static readonly CheckLimits Limits = CheckLimits.Default;

    [Fact]
    public void Check_RightAnswerWrittenAnotherWay_IsNeverAccused()
    {
        CheckResult result = Check(values => [.. values.Select(value => value + value)]);
        Assert.Equal("✓ 99.1  Double every value: all 4 cases pass.", result.ToString());
        Assert.Null(result.LikelyCause);
    }

    [Fact]
    public void Check_RoundingNoise_IsRight()
    {
        Assert.Equal(CheckOutcome.Passed, Check(values => [.. values.Select(value => value * 2.0001f)]).Outcome);
    }

    [Fact]
    public void Check_KnownMistake_NamesItWithPlaceAndCount()
    {
        Assert.Equal("✗ 99.1  Double every value: case “3 and 5”: y[0]: expected 6, got 9\n"
            + "  The case: (values: [3, 5])\n"
            + "  Likely cause: squared instead of doubled.\n"
            + "  2 of 4 cases pass; failing: “3 and 5”, “a negative value”.", Check(values => [.. values.Select(value => value * value)]).ToString());
    }

    [Fact]
    public void Check_UnknownMistake_IsCalledUnknown()
    {
        CheckResult result = Check(values => [.. values.Select(value => value * 3)]);
        Assert.Null(result.LikelyCause);
        Assert.Contains("No known mistake gives these numbers.", result.ToString());
    }

    [Fact]
    public void Check_MistakeInOneCaseOnly_IsNotTakenForTheKnownOne()
    {
        // Like squaring in the case of 3 and 5, but right for negative values: squaring does not explain all cases.
        CheckResult result = Check(values => [.. values.Select(value => value > 0 ? value * value : 2 * value)]);
        Assert.Equal(CheckOutcome.Failed, result.Outcome);
        Assert.Null(result.LikelyCause);
    }

    [Fact]
    public void Check_NotANumber_IsNamed() => Assert.Contains("NaN is not a number", Check(values => [.. values.Select(value => value / 0 * 0)]).ToString());

    [Fact]
    public void Check_Infinity_IsNamed() => Assert.Contains("The result is infinite", Check(values => [.. values.Select(value => 1f / 0)]).ToString());

    [Fact]
    public void Check_WrongLength_IsNamed()
    {
        CheckResult result = Check(values => [.. values.Select(value => 2 * value), 0]);
        Assert.Equal("case “2”: the length: expected 1 numbers, got 2 numbers", result.Finding);
    }

    [Fact]
    public void Check_NullResult_IsNamed() => Assert.Equal("case “2”: the result: expected 1 numbers, got null", Check(_ => null!).Finding);

    [Fact]
    public void Check_InputWrittenTo_IsNamed()
    {
        CheckResult result = Check(values =>
        {
            for (int i = 0; i < values.Length; i++) values[i] *= 2;
            return values;
        });
        Assert.Equal("case “2”: the answer is right, but the input was changed: index 0 held 2, now 4.", result.Finding);
    }

    [Fact]
    public void Check_Exception_IsAVerdictWithItsCase()
    {
        CheckResult result = Check(values => [2 * values[0], values[1] * 2]);
        Assert.Equal("case “2”: ended in IndexOutOfRangeException: Index was outside the bounds of the array.", result.Finding);
        Assert.Equal("(values: [2])", result.FailingCall);
    }

    [Fact]
    public void Check_NotImplemented_IsNotDoneYet() =>
        Assert.Equal("○ 99.1  Double every value: not done yet.", Check(_ => throw new NotImplementedException()).ToString());

    [Fact]
    public void Check_PartNotImplemented_IsNotDoneYet() =>
        Assert.Equal(CheckOutcome.NotDone, Check(values => values.Length == 1 ? [2 * values[0]] : throw new NotImplementedException()).Outcome);

    [Fact]
    public void Check_SlowButRight_PassesWithARemark()
    {
        CheckResult result = new DoubleExercise().Check((Func<float[], float[]>)(values =>
        {
            Thread.Sleep(20);
            return Array.ConvertAll(values, value => 2 * value);
        }), Limits with { Slow = TimeSpan.FromMilliseconds(10) });
        Assert.Equal(CheckOutcome.Passed, result.Outcome);
        Assert.StartsWith("Right, but slow", Assert.Single(result.Remarks));
    }

    [Fact]
    public void Check_OtherKindOfCandidate_IsNamed()
    {
        CheckResult result = new DoubleExercise().Check((Func<double[], int>)(_ => 0), Limits);
        Assert.Equal("expected a Func<float[], float[]>, got a Func<double[], int>. Does your method take and return what the stub does?", result.Finding);
    }

    [Fact]
    public void Check_WrongMethod_ShowsTheCallWithTheReadersOwnNames()
    {
        static float[] Twice(float[] numbers) => [.. numbers.Select(number => number + 1)];
        Assert.Equal("Twice(numbers: [2])", Check(Twice).FailingCall);
    }

    [Fact]
    public void Check_CandidateThatWritesIntoItsInput_IsShownTheInputAsItWas()
    {
        CheckResult result = Check(values =>
        {
            values[0] = 100;
            return values;
        });
        Assert.Equal("(values: [2])", result.FailingCall);
    }

    [Fact]
    public void Check_RightOrNotDone_ShowsNoCase()
    {
        Assert.Null(Check(values => [.. values.Select(value => 2 * value)]).FailingCall);
        Assert.Null(Check(_ => throw new NotImplementedException()).FailingCall);
    }

    [Fact]
    public void Run_UnknownExercise_ListsWhatThereIs()
    {
        var exception = Assert.Throws<ArgumentException>(() => LlmFromScratch.Course.Check.Run("1.99", new TopKSampler(1)));
        Assert.Contains("got \"1.99\". There are 0.1, 0.2, ", exception.Message);
    }

    [Fact]
    public void Run_MethodGroup_IsACandidate()
    {
        static float[] LogSoftmax(float[] logits) => Array.ConvertAll(logits, z => (float)(z - Lab.LogSumExp(logits)));
        Assert.Equal(CheckOutcome.Passed, LlmFromScratch.Course.Check.Run("1.1", LogSoftmax).Outcome);
    }

    private static CheckResult Check(Func<float[], float[]> candidate) => new DoubleExercise().Check(candidate, Limits);
}
