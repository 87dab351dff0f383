namespace LlmFromScratch.Tensors;

/// <summary>How the values of a tensor are stored. Quantized types pack a fixed number of values of one row into a block.</summary>
public enum DType
{
    /// <summary>IEEE 754 binary32, 4 bytes a value.</summary>
    F32,

    /// <summary>IEEE 754 binary16, 2 bytes a value.</summary>
    F16,

    /// <summary>Blocks of 32 values: one binary16 scale d and 32 signed bytes q, value = d * q; 34 bytes (ggml block_q8_0).</summary>
    Q8_0,

    /// <summary>32-bit signed integers: token ids, positions, block tables.</summary>
    I32,
}
