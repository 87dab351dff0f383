using LlmFromScratch.Course.Checking;

namespace LlmFromScratch.Course.Chapters.Ch05;

/// <summary>Exercise 5.2: backpropagation through time. From the states <c>h_0 .. h_T</c> [T + 1, C], U and dL/dh_T to dL/dU.</summary>
internal sealed class ThroughTimeExercise : Exercise<Func<float[], float[], float[], float[]>>
{
    /// <inheritdoc/>
    public override string Id => "5.2";

    /// <inheritdoc/>
    public override string Title => "Back through time";

    /// <inheritdoc/>
    protected override Func<float[], float[], float[], float[]> Solution => (states, u, last) => Back(states, u, last, new Rules());

    /// <inheritdoc/>
    protected override Func<float[], float[], float[], float[]> Stub => (_, _, _) => throw new NotImplementedException("exercise 5.2");

    /// <inheritdoc/>
    protected override IEnumerable<ExerciseCase<Func<float[], float[], float[], float[]>>> CreateCases() =>
    [
        Ask("one step, one number", [0.5f, 0.8f], [2], [1]),
        Ask("two steps, one number", [0.5f, 0.8f, -0.6f], [2], [1]),
        Ask("one step, two numbers", [0.5f, -0.25f, 0.6f, 0.1f], [1, 2, 3, 4], [1, -1]),
        Ask("three steps, two numbers", [0.5f, -0.25f, 0.6f, 0.1f, -0.3f, 0.9f, 0.2f, 0.4f], [0, 1, -1, 0.5f], [1, 2]),
        Ask("a state that is flat out", [0.5f, 1, -1, 0.5f], [3], [1]),
        Ask("four steps that begin at zero", [0, 0.3f, -0.5f, 0.7f, 0.2f], [0.9f], [1]),
        Ask("twenty steps, five numbers", [.. Lab.RandomNormal(21 * 5, 55).Select(v => MathF.Max(-0.95f, MathF.Min(0.95f, 0.4f * v)))], Lab.Scale(Lab.RandomNormal(25, 56), 0.5f), Lab.RandomNormal(5, 57)),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Mistake> Mistakes { get; } =
    [
        Wrong("last step only", "only the last step is counted. U is used in every step, and its gradient is the sum of all of them.", new Rules(Steps: 1)),
        Wrong("only the first step is left", "each step overwrites what the later ones gave. Add: the gradient is a sum over the steps.", new Rules(Overwrites: true)),
        Wrong("mean instead of sum", "the steps are averaged. Paths add up: it is their sum.", new Rules(Averages: true)),
        Wrong("slope of tanh left out", "tanh has a slope, 1 - h², and it is missing: a step must multiply by it before anything else.", new Rules(TanhSlope: (_, _) => 1)),
        Wrong("slope taken at the state before", "the slope of tanh is taken at the state that went in. It is 1 - h_t² with the state that came out.", new Rules(TanhSlope: (_, before) => 1 - before * before)),
        Wrong("slope left out on the way back", "the slope of tanh is used for dU and then forgotten: what goes on to the step before is Uᵀ times the gradient of the sum, slope included.", new Rules(BackThroughSlope: false)),
        Wrong("U not turned on the way back", "on the way back the gradient goes through U as on the way forward. It must go through Uᵀ: number j collects from everything that it went into.", new Rules(Transposes: false)),
        Wrong("the new state in the product", "dU is made with the state that came out of the step. U was multiplied by the one that went in, h_{t-1}.", new Rules(UsesNewState: true)),
        Wrong("rows and columns exchanged", "the gradient is turned: row i belongs to number i of the new state, column j to number j of the old one.", new Rules(TurnsResult: true)),
        Wrong("the last gradient at every step", "dL/dh_T is used at every step. It must be carried back through Uᵀ from one step to the one before.", new Rules(Carries: false)),
    ];

    private static Mistake Wrong(string name, string diagnosis, Rules rules) => Mistake(name, diagnosis, (states, u, last) => Back(states, u, last, rules));

    private static ExerciseCase<Func<float[], float[], float[], float[]>> Ask(string name, float[] states, float[] u, float[] last) =>
        Case(name, (back, inputs) => Answer.Of(back(inputs.Copy(states), inputs.Copy(u), inputs.Copy(last)), i => $"dU[{i / last.Length}, {i % last.Length}]"));

    private static float[] Back(float[] states, float[] u, float[] last, Rules rules)
    {
        int size = last.Length, steps = states.Length / size - 1;
        double[] gradient = [.. last.Select(v => (double)v)], sum = new double[size * size]; // dL/dh_t, dL/dU
        for (int t = steps; t >= Math.Max(1, steps - rules.Steps + 1); t--)
        {
            float[] after = states[(t * size)..((t + 1) * size)], before = states[((t - 1) * size)..(t * size)];
            double[] inner = [.. gradient.Select((g, i) => g * rules.Slope(after[i], before[i]))]; // dL/d(sum)
            if (rules.Overwrites) Array.Clear(sum);
            for (int i = 0; i < size; i++)
                for (int j = 0; j < size; j++) sum[rules.TurnsResult ? j * size + i : i * size + j] += inner[i] * (rules.UsesNewState ? after : before)[j];
            double[] carried = rules.BackThroughSlope ? inner : gradient;
            if (rules.Carries) gradient = [.. Enumerable.Range(0, size).Select(j => carried.Select((g, i) => g * (rules.Transposes ? u[i * size + j] : u[j * size + i])).Sum())];
        }
        return [.. sum.Select(v => (float)(rules.Averages ? v / steps : v))];
    }

    /// <summary>How a step is walked back; what is not said is right.</summary>
    private sealed record Rules(int Steps = int.MaxValue / 2, bool Overwrites = false, bool Averages = false, Func<double, double, double>? TanhSlope = null,
        bool BackThroughSlope = true, bool Transposes = true, bool UsesNewState = false, bool TurnsResult = false, bool Carries = true)
    {
        public Func<double, double, double> Slope { get; } = TanhSlope ?? ((after, _) => 1 - after * after);
    }
}
