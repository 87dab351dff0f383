namespace LlmFromScratch.Tensors;

/// <summary>Memory whose pages can be given back to the operating system, because a file holds what is in them.</summary>
internal interface IReleasable
{
    /// <summary>Gives back the pages that lie wholly within these bytes.</summary>
    void Release(long start, long length);
}
