namespace LlmFromScratch.Training.Data.Dialogues;

/// <summary>What one side says: the role is "user" or "assistant".</summary>
public readonly record struct Turn(string Role, string Content);
