namespace LlmFromScratch.Training.Data.Checking;

/// <summary>Something that happened to a thing.</summary>
/// <param name="Action">give, lose, find, break or mend.</param>
/// <param name="Thing">The noun: "kite".</param>
/// <param name="Who">Who did it; null where the text does not say.</param>
/// <param name="Receiver">Who got it, for give.</param>
public sealed record ThingEvent(string Action, string Thing, string? Who = null, string? Receiver = null);
