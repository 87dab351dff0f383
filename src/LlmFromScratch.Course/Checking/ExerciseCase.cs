namespace LlmFromScratch.Course.Checking;

/// <summary>One hard case: calls a candidate on inputs of its own. Every call builds its inputs anew, so that no candidate spoils the next.</summary>
/// <param name="Name">What is hard about it, as a reader would say it: "logits of 1000".</param>
/// <param name="Ask">Calls the candidate; arrays go through <see cref="Inputs.Copy"/>, so that writing into them is noticed.</param>
internal sealed record ExerciseCase<TCandidate>(string Name, Func<TCandidate, Inputs, Answer> Ask);
