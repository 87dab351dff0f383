namespace LlmFromScratch.Training.Data.Checking;

/// <summary>The form of a finished text: speech is closed, the last sentence ends, no long sentence comes twice.</summary>
internal static class FormRules
{
    private const int LongSentence = 45; // characters; shorter ones may be a refrain

    public static IEnumerable<string> Problems(TaleReading reading)
    {
        foreach (string paragraph in reading.Text.Split('\n'))
            if (paragraph.Count(letter => letter == '"') % 2 != 0) yield return $"speech stays open: {paragraph[..Math.Min(40, paragraph.Length)]}";
        if (reading.Text.TrimEnd('"') is not [.., '.' or '!' or '?']) yield return "the last sentence does not end";
        foreach (IGrouping<string, string> same in reading.Sentences.Where(sentence => sentence.Length >= LongSentence).GroupBy(sentence => sentence))
            if (same.Count() > 1) yield return $"said twice: {same.Key}";
    }
}
