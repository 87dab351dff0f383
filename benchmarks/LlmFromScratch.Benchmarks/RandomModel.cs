using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Kernels.Quantization;
using LlmFromScratch.Numerics;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Benchmarks;

/// <summary>
/// Writes a llama of random weights as a GGUF file that other engines read too: speed does not depend on what a model has learnt. The default sizes are
/// those of GPT-2's smallest model, 110 million weights and a vocabulary of 32,000.
/// </summary>
internal static class RandomModel
{
    private const int Embedding = 768, Layers = 12, Heads = 12, FeedForward = 2048, Vocab = 32_000, Context = 2048;

    public static void Write(string path, DType dtype)
    {
        SeededRandom random = new(1);
        GgufWriter writer = new GgufWriter()
            .Add("general.architecture", "llama").Add("general.name", "random-110M")
            .Add("llama.context_length", (uint)Context).Add("llama.embedding_length", (uint)Embedding).Add("llama.block_count", (uint)Layers)
            .Add("llama.feed_forward_length", (uint)FeedForward).Add("llama.attention.head_count", (uint)Heads).Add("llama.attention.head_count_kv", (uint)Heads)
            .Add("llama.attention.layer_norm_rms_epsilon", 1e-5f).Add("llama.rope.dimension_count", (uint)(Embedding / Heads)).Add("llama.vocab_size", (uint)Vocab);
        AddVocabulary(writer);
        Matrix("token_embd.weight", Vocab, Embedding);
        for (int layer = 0; layer < Layers; layer++)
        {
            Norm($"blk.{layer}.attn_norm.weight");
            foreach (string name in (ReadOnlySpan<string>)["attn_q", "attn_k", "attn_v", "attn_output"]) Matrix($"blk.{layer}.{name}.weight", Embedding, Embedding);
            Norm($"blk.{layer}.ffn_norm.weight");
            Matrix($"blk.{layer}.ffn_gate.weight", FeedForward, Embedding);
            Matrix($"blk.{layer}.ffn_up.weight", FeedForward, Embedding);
            Matrix($"blk.{layer}.ffn_down.weight", Embedding, FeedForward);
        }
        Norm("output_norm.weight");
        Matrix("output.weight", Vocab, Embedding);
        writer.Save(path);

        void Norm(string name)
        {
            Tensor tensor = Tensor.Zeros(new Shape(Embedding));
            tensor.Floats.Fill(1);
            writer.Add(name, tensor);
        }

        void Matrix(string name, int outSize, int inSize)
        {
            Tensor tensor = Tensor.Zeros(new Shape(outSize, inSize), dtype);
            float[] row = new float[inSize];
            for (int o = 0; o < outSize; o++)
            {
                foreach (ref float value in row.AsSpan()) value = (random.NextSingle() - 0.5f) * 0.07f; // deviation 0.02
                RowCodec.Encode(dtype, row, tensor.Bytes.Slice((int)(o * tensor.RowBytes), (int)tensor.RowBytes));
            }
            writer.Add(name, tensor);
        }
    }

    // A SentencePiece vocabulary that loads: three special tokens, 256 bytes, and made-up pieces.
    private static void AddVocabulary(GgufWriter writer)
    {
        string[] tokens = new string[Vocab];
        float[] scores = new float[Vocab];
        int[] kinds = new int[Vocab];
        for (int id = 0; id < Vocab; id++)
        {
            (tokens[id], kinds[id]) = id switch
            {
                0 => ("<unk>", 2),
                1 => ("<s>", 3),
                2 => ("</s>", 3),
                < 259 => ($"<0x{id - 3:X2}>", 6),
                _ => ($"▁t{id}", 1),
            };
            scores[id] = -id;
        }
        writer.Add("tokenizer.ggml.model", "llama").Add("tokenizer.ggml.tokens", tokens).Add("tokenizer.ggml.scores", scores).Add("tokenizer.ggml.token_type", kinds)
            .Add("tokenizer.ggml.bos_token_id", 1u).Add("tokenizer.ggml.eos_token_id", 2u).Add("tokenizer.ggml.unknown_token_id", 0u);
    }
}
