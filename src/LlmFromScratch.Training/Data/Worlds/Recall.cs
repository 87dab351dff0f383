using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Data.TinyTales;

namespace LlmFromScratch.Training.Data.Worlds;

/// <summary>
/// Key-value recall: <c>fox red, mole blue, hare white. mole blue</c>. The last word can only be copied from where its key stood before, which is what an induction
/// head does. One pair of key and value in eight is asked for only outside of training.
/// </summary>
/// <param name="seed">The same seed gives the same lines.</param>
/// <param name="split">Training, or any other for held-out pairs.</param>
public sealed class Recall(ulong seed, TaleSplit split)
{
    private static readonly string[] Keys =
        ["fox", "mole", "hare", "bear", "cat", "mouse", "owl", "frog", "duck", "goat", "deer", "wolf", "crow", "bee", "ant", "toad"];

    private static readonly string[] Values =
        ["red", "blue", "white", "green", "pink", "brown", "grey", "black", "gold", "one", "two", "three", "four", "five", "six", "ten"];

    private readonly SeededRandom _random = new(seed);

    /// <summary>The next line: three to eight pairs, then one of them again.</summary>
    public string Next()
    {
        while (true)
        {
            int[] keys = Order(Keys.Length), values = Order(Values.Length);
            int count = 3 + _random.NextInt(6), asked = _random.NextInt(count);
            bool heldOut = (keys[asked] * 3 + values[asked] * 5) % 8 == 0;
            if (heldOut != (split != TaleSplit.Training)) continue;
            string pairs = string.Join(", ", Enumerable.Range(0, count).Select(i => $"{Keys[keys[i]]} {Values[values[i]]}"));
            return $"{pairs}. {Keys[keys[asked]]} {Values[values[asked]]}";
        }
    }

    private int[] Order(int count)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        _random.Shuffle<int>(order);
        return order;
    }
}
