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

    /// <summary>bfloat16: the upper half of a binary32, 2 bytes a value.</summary>
    BF16,

    /// <summary>Blocks of 32 values in 4 bits with one scale; 18 bytes (ggml block_q4_0).</summary>
    Q4_0,

    /// <summary>Blocks of 32 values in 4 bits with a scale and a minimum; 20 bytes (ggml block_q4_1).</summary>
    Q4_1,

    /// <summary>Blocks of 32 values in 5 bits with one scale; 22 bytes (ggml block_q5_0).</summary>
    Q5_0,

    /// <summary>Blocks of 32 values in 5 bits with a scale and a minimum; 24 bytes (ggml block_q5_1).</summary>
    Q5_1,

    /// <summary>Blocks of 256 values in 2 bits, a scale and a minimum for every 16; 84 bytes (ggml block_q2_K).</summary>
    Q2_K,

    /// <summary>Blocks of 256 values in 3 bits, a scale for every 16; 110 bytes (ggml block_q3_K).</summary>
    Q3_K,

    /// <summary>Blocks of 256 values in 4 bits, a scale and a minimum for every 32; 144 bytes (ggml block_q4_K).</summary>
    Q4_K,

    /// <summary>Blocks of 256 values in 5 bits, a scale and a minimum for every 32; 176 bytes (ggml block_q5_K).</summary>
    Q5_K,

    /// <summary>Blocks of 256 values in 6 bits, a scale for every 16; 210 bytes (ggml block_q6_K).</summary>
    Q6_K,

    /// <summary>Blocks of 32 values, each one of 16 fixed levels, with one scale; 18 bytes (ggml block_iq4_nl).</summary>
    IQ4_NL,

    /// <summary>Blocks of 256 values, each one of 16 fixed levels, a scale for every 32; 136 bytes (ggml block_iq4_xs).</summary>
    IQ4_XS,
}
