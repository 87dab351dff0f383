using LlmFromScratch.Course.Checking;
using LlmFromScratch.Training.Autograd;
using Backward = System.Func<double[], (char Op, int A, int B)[], double[]>; // leaves, steps: the gradient of the last number by every number

namespace LlmFromScratch.Course.Chapters.Ch02;

/// <summary>Exercise 2.3: backpropagation over a list of sums and products.</summary>
internal sealed class BackwardExercise : Exercise<Backward>
{
    /// <inheritdoc/>
    public override string Id => "2.3";

    /// <inheritdoc/>
    public override string Title => "Backpropagation over a list";

    /// <inheritdoc/>
    protected override Backward Solution => (leaves, steps) =>
    {
        List<Value> numbers = [.. leaves.Select(leaf => new Value(leaf))];
        foreach ((char op, int a, int b) in steps) numbers.Add(op == '+' ? numbers[a] + numbers[b] : numbers[a] * numbers[b]);
        numbers[^1].Backward();
        return [.. numbers.Select(number => number.Gradient)];
    };

    /// <inheritdoc/>
    protected override Backward Stub => (_, _) => throw new NotImplementedException("exercise 2.3");

    /// <inheritdoc/>
    protected override IEnumerable<ExerciseCase<Backward>> CreateCases() =>
    [
        Ask("a sum", [2, 3], ('+', 0, 1)),
        Ask("a product", [2, 5], ('*', 0, 1)),
        Ask("a product, then a sum", [2, 5, 4], ('*', 0, 1), ('+', 3, 2)),
        Ask("a product of a product", [2, 5, 4], ('*', 0, 1), ('*', 3, 2)),
        Ask("a number times itself", [3], ('*', 0, 0)),
        Ask("two paths: (a · c + d) · a", [0.5, -1.5, 3], ('*', 0, 1), ('+', 3, 2), ('*', 4, 0)),
        Ask("a step that is used twice: s · s + s", [2, -3], ('*', 0, 1), ('*', 2, 2), ('+', 3, 2)),
        Ask("a leaf and a step that nobody uses", [2, 5, 3], ('*', 0, 1), ('+', 0, 2)),
        Ask("a factor of zero", [0, 5], ('*', 0, 1)),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Mistake> Mistakes { get; } =
    [
        Wrong("overwritten", "a number that is used twice keeps only one of its shares. Slopes along several paths add up: += and not =.",
            (list, g) => list.Back((a, b, slopeA, slopeB, own) => { g[a] = slopeA * own; g[b] = slopeB * own; }, g)),
        Wrong("first input only, where both are one", "a number times itself, or plus itself, gets one share. It stands in both places and gets both.",
            (list, g) => list.Back((a, b, slopeA, slopeB, own) => { g[a] += slopeA * own; if (b != a) g[b] += slopeB * own; }, g)),
        Wrong("own factor", "a product passes each factor its own value. The slope of a · b by a is b, the other one.",
            (list, g) => list.Back((a, b, slopeA, slopeB, own) => { g[a] += (list.IsProduct ? slopeB : slopeA) * own; g[b] += (list.IsProduct ? slopeA : slopeB) * own; }, g)),
        Wrong("products as sums", "a product passes back 1, as a sum does. Its slope by one factor is the other factor.",
            (list, g) => list.Back((a, b, _, _, own) => { g[a] += own; g[b] += own; }, g)),
        Wrong("the chain left out", "each step passes its own slope only. The chain rule multiplies it by the gradient that has come back to the step's result.",
            (list, g) => list.Back((a, b, slopeA, slopeB, _) => { g[a] += slopeA; g[b] += slopeB; }, g)),
        Wrong("slopes added along a path", "slopes along one path are added. Along a path they multiply; it is the paths that add up.",
            (list, g) => list.Back((a, b, slopeA, slopeB, own) => { g[a] += slopeA + own; g[b] += slopeB + own; }, g)),
        Wrong("no beginning", "every gradient is 0: nothing starts the walk. The slope of the last number by itself is 1.",
            (list, g) => { g[^1] = 0; list.Back(Add(g), g); }),
        Wrong("begins with the result", "the walk begins with the value of the last number. The slope of a number by itself is 1.",
            (list, g) => { g[^1] = list.Numbers[^1]; list.Back(Add(g), g); }),
        Wrong("walked forwards", "the steps are walked in the order of computing. A step can pass on only what has come back to it: begin at the last.",
            (list, g) => list.Walk(Enumerable.Range(0, list.Steps.Length), Add(g), g)),
        Mistake("leaves only", "the gradients of the steps' results are missing: return one for every number, leaves first.", (leaves, steps) =>
        {
            (Computation list, double[] g) = Start(leaves, steps);
            list.Back(Add(g), g);
            return g[..leaves.Length];
        }),
    ];

    private static ExerciseCase<Backward> Ask(string name, double[] leaves, params (char Op, int A, int B)[] steps) =>
        Case(name, (gradients, inputs) => Answer.Of(gradients(inputs.Copy(leaves), inputs.Copy(steps)), i => $"the gradient of number {i}"));

    private static Mistake Wrong(string name, string diagnosis, Action<Computation, double[]> walk) => Mistake(name, diagnosis, (leaves, steps) =>
    {
        (Computation list, double[] gradients) = Start(leaves, steps);
        walk(list, gradients);
        return gradients;
    });

    private static (Computation List, double[] Gradients) Start(double[] leaves, (char Op, int A, int B)[] steps)
    {
        double[] numbers = [.. leaves, .. new double[steps.Length]], gradients = new double[numbers.Length];
        for (int s = 0; s < steps.Length; s++)
            numbers[leaves.Length + s] = steps[s].Op == '+' ? numbers[steps[s].A] + numbers[steps[s].B] : numbers[steps[s].A] * numbers[steps[s].B];
        gradients[^1] = 1;
        return (new Computation(numbers, steps), gradients);
    }

    private static Action<int, int, double, double, double> Add(double[] g) => (a, b, slopeA, slopeB, own) =>
    {
        g[a] += slopeA * own;
        g[b] += slopeB * own;
    };

    /// <summary>The list after computing forward: all numbers, leaves first, and the steps.</summary>
    private sealed class Computation(double[] numbers, (char Op, int A, int B)[] steps)
    {
        public double[] Numbers => numbers;

        public (char Op, int A, int B)[] Steps => steps;

        /// <summary>Whether the step that is being visited is a product.</summary>
        public bool IsProduct { get; private set; }

        /// <summary>From the last step to the first: hands <paramref name="pass"/> the inputs, the slopes by them, and the result's own gradient.</summary>
        public void Back(Action<int, int, double, double, double> pass, double[] gradients) => Walk(Enumerable.Range(0, steps.Length).Reverse(), pass, gradients);

        public void Walk(IEnumerable<int> order, Action<int, int, double, double, double> pass, double[] gradients)
        {
            foreach (int s in order)
            {
                (char op, int a, int b) = steps[s];
                IsProduct = op == '*';
                pass(a, b, IsProduct ? numbers[b] : 1, IsProduct ? numbers[a] : 1, gradients[numbers.Length - steps.Length + s]);
            }
        }
    }
}
