namespace LlmFromScratch.Training.Data.TinyTales.World;

/// <summary>Where an event can happen: only by the water, only away from it, or anywhere.</summary>
internal enum Shore { Any, Water, Land }
