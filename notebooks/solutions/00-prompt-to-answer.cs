// Solutions of notebooks/00-prompt-to-answer.ipynb. Each region is the whole cell that takes the place of the exercise's cell.

#region 0.1
string Text(int[] ids, byte[][] pieces) => Encoding.UTF8.GetString(ids.SelectMany(id => pieces[id]).ToArray());  // bytes first: a character may be cut in two

Check.Run("0.1", Text)
#endregion

#region 0.2
int Greedy(float[] scores)
{
    int best = 0;
    for (int id = 1; id < scores.Length; id++)
        if (scores[id] > scores[best]) best = id;                        // >, not >=: the lower id wins a tie
    return best;
}

Check.Run("0.2", Greedy)
#endregion

#region 0.3
int[] Continue(int[] prompt, Func<int[], float[]> next, int count, int end)
{
    List<int> all = prompt.ToList();
    while (all.Count < prompt.Length + count)
    {
        int chosen = Greedy(next(all.ToArray()));                        // all of it, every time
        if (chosen == end) break;
        all.Add(chosen);
    }
    return all.Skip(prompt.Length).ToArray();
}

Check.Run("0.3", Continue)
#endregion

#region 0.4
(double First, double Last) Seconds(int promptTokens, int newTokens, double prefillSpeed, double decodeSpeed)
{
    double first = promptTokens / prefillSpeed;                          // prefill ends with the first token's scores
    return (first, first + (newTokens - 1) / decodeSpeed);
}

Check.Run("0.4", Seconds)
#endregion
