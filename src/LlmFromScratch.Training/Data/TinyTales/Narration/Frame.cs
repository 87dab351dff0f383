using System.Text;
using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Data.TinyTales.World;

namespace LlmFromScratch.Training.Data.TinyTales.Narration;

/// <summary>
/// Turns a sentence frame into a sentence. <c>[walked|ran]</c> is a choice (no nesting; an empty choice is allowed), <c>{hero}</c>
/// and <c>{hero.his}</c> are forms of the noun bound to that role, and <c>{Hero.he}</c> begins with a capital. Frames quote
/// speech with “ and ”, which need no escape in C#; the sentence has plain quotation marks, one byte each.
/// </summary>
internal static class Frame
{
    /// <summary>The sentence; its first letter is a capital. Choices are drawn from <paramref name="random"/>, left to right.</summary>
    /// <exception cref="InvalidOperationException">The frame names an unbound role or an unknown form, or a bracket stays open.</exception>
    public static string Expand(string frame, IReadOnlyDictionary<string, Noun> roles, SeededRandom random) => Capitalise(Fill(frame, roles, random));

    /// <summary>The same words without the capital: for a part of a sentence.</summary>
    /// <exception cref="InvalidOperationException">As <see cref="Expand"/>.</exception>
    public static string Fill(string frame, IReadOnlyDictionary<string, Noun> roles, SeededRandom random)
    {
        StringBuilder chosen = new();
        for (int i = 0; i < frame.Length; i++)
        {
            if (frame[i] != '[')
            {
                chosen.Append(frame[i]);
                continue;
            }
            int end = Close(frame, i, ']');
            string[] choices = frame[(i + 1)..end].Split('|');
            chosen.Append(choices[random.NextInt(choices.Length)]);
            i = end;
        }
        return Name(chosen.ToString(), roles).Replace('“', '"').Replace('”', '"');
    }

    private static string Name(string frame, IReadOnlyDictionary<string, Noun> roles)
    {
        StringBuilder sentence = new();
        for (int i = 0; i < frame.Length; i++)
        {
            if (frame[i] != '{')
            {
                sentence.Append(frame[i]);
                continue;
            }
            int end = Close(frame, i, '}');
            string[] parts = frame[(i + 1)..end].Split('.');
            string role = char.ToLowerInvariant(parts[0][0]) + parts[0][1..];
            if (!roles.TryGetValue(role, out Noun? noun))
                throw new InvalidOperationException($"Frame: role \"{role}\" is not bound in \"{frame}\"; bound: {string.Join(", ", roles.Keys)}.");
            string words = noun.Form(parts.Length > 1 ? parts[1] : "");
            sentence.Append(char.IsUpper(parts[0][0]) ? Capitalise(words) : words);
            i = end;
        }
        return sentence.ToString();
    }

    private static int Close(string frame, int open, char bracket)
    {
        int end = frame.IndexOf(bracket, open);
        return end > open ? end : throw new InvalidOperationException($"Frame: '{bracket}' is missing after column {open} of \"{frame}\".");
    }

    private static string Capitalise(string words)
    {
        int first = words[0] is '“' or '"' ? 1 : 0;
        return words[..first] + char.ToUpperInvariant(words[first]) + words[(first + 1)..];
    }
}
