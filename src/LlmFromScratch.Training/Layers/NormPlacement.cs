namespace LlmFromScratch.Training.Layers;

/// <summary>Where a block's norms stand.</summary>
public enum NormPlacement
{
    /// <summary><c>x + f(norm(x))</c>: the residual stream runs through untouched; most models since GPT-2 (Xiong et al. 2020).</summary>
    Pre,

    /// <summary><c>norm(x + f(x))</c>: the first transformer and BERT (Vaswani et al. 2017).</summary>
    Post,
}
