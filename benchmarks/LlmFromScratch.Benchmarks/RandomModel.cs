using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Kernels.Quantization;
using LlmFromScratch.Numerics;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Benchmarks;

/// <summary>
/// Writes a llama of random weights as a GGUF file that other engines read too: speed does not depend on what a model has learnt. "110M" has the sizes of
/// GPT-2's smallest model, "1.1B" those of TinyLlama; both have a vocabulary of 32,000.
/// </summary>
internal static class RandomModel
{
    private const int Vocab = 32_000, Context = 2048;

    private sealed record Sizes(int Embedding, int Layers, int Heads, int KvHeads, int FeedForward);

    public static void Write(string path, DType dtype, string name)
    {
        Sizes sizes = name switch
        {
            "110M" => new Sizes(Embedding: 768, Layers: 12, Heads: 12, KvHeads: 12, FeedForward: 2048),
            "1.1B" => new Sizes(Embedding: 2048, Layers: 22, Heads: 32, KvHeads: 4, FeedForward: 5632),
            _ => throw new ArgumentException($"make-model: expected 110M or 1.1B, got '{name}'."),
        };
        int width = sizes.Embedding, keyValue = width / sizes.Heads * sizes.KvHeads;
        SeededRandom random = new(1);
        GgufWriter writer = new GgufWriter()
            .Add("general.architecture", "llama").Add("general.name", $"random-{name}")
            .Add("llama.context_length", (uint)Context).Add("llama.embedding_length", (uint)width).Add("llama.block_count", (uint)sizes.Layers)
            .Add("llama.feed_forward_length", (uint)sizes.FeedForward).Add("llama.attention.head_count", (uint)sizes.Heads).Add("llama.attention.head_count_kv", (uint)sizes.KvHeads)
            .Add("llama.attention.layer_norm_rms_epsilon", 1e-5f).Add("llama.rope.dimension_count", (uint)(width / sizes.Heads)).Add("llama.vocab_size", (uint)Vocab);
        AddVocabulary(writer);
        Matrix("token_embd.weight", Vocab, width);
        for (int layer = 0; layer < sizes.Layers; layer++)
        {
            Norm($"blk.{layer}.attn_norm.weight");
            Matrix($"blk.{layer}.attn_q.weight", width, width);
            Matrix($"blk.{layer}.attn_k.weight", keyValue, width);
            Matrix($"blk.{layer}.attn_v.weight", keyValue, width);
            Matrix($"blk.{layer}.attn_output.weight", width, width);
            Norm($"blk.{layer}.ffn_norm.weight");
            Matrix($"blk.{layer}.ffn_gate.weight", sizes.FeedForward, width);
            Matrix($"blk.{layer}.ffn_up.weight", sizes.FeedForward, width);
            Matrix($"blk.{layer}.ffn_down.weight", width, sizes.FeedForward);
        }
        Norm("output_norm.weight");
        Matrix("output.weight", Vocab, width);
        writer.Save(path);

        void Norm(string tensorName)
        {
            Tensor tensor = Tensor.Zeros(new Shape(width));
            tensor.Floats.Fill(1);
            writer.Add(tensorName, tensor);
        }

        void Matrix(string tensorName, int outSize, int inSize)
        {
            Tensor tensor = Tensor.Zeros(new Shape(outSize, inSize), dtype);
            float[] row = new float[inSize];
            for (int o = 0; o < outSize; o++)
            {
                foreach (ref float value in row.AsSpan()) value = (random.NextSingle() - 0.5f) * 0.07f; // deviation 0.02
                RowCodec.Encode(dtype, row, tensor.Bytes.Slice((int)(o * tensor.RowBytes), (int)tensor.RowBytes));
            }
            writer.Add(tensorName, tensor);
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
