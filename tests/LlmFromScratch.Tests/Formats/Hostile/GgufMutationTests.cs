using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Kernels.Reference;
using LlmFromScratch.Models;
using LlmFromScratch.Tests.Formats.Gguf;

namespace LlmFromScratch.Tests.Formats.Hostile;

/// <summary>20,000 damaged GGUF files through every loader that reads them; with the shared data, mutants of its files besides.</summary>
public class GgufMutationTests
{
    [Fact]
    public void EveryType_10000Mutants_AreHeldAtTheDoor() => Check(GgufSamples.EveryType(), 10_000, seed: 5001);

    [Fact]
    public void SentencePieceModel_7000Mutants_AreHeldAtTheDoor() => Check(GgufSamples.SentencePiece(), 7000, seed: 5002);

    [Fact]
    public void EmbeddedModel_3000Mutants_AreHeldAtTheDoor() => Check(GgufSamples.Cut(EmbeddedModel.Path), 3000, seed: 5003);

    public static TheoryData<string> Files =>
        [.. TestData.FilesOf("*.gguf", "vocab", "architectures"), .. TestData.FilesOf("*.gguf", "quantized", "stories260K")];

    [SharedDataTheory]
    [MemberData(nameof(Files))]
    public void SharedFile_100Mutants_AreHeldAtTheDoor(string name) => Check(GgufSamples.Cut(TestData.PathOf(name)), 100, seed: 5004, mustBeSound: false);

    [Fact]
    public void CutAtEveryByteOfTheHeader_IsRefused()
    {
        foreach (MutationRun.Sample sample in (MutationRun.Sample[])[GgufSamples.EveryType(), GgufSamples.SentencePiece()])
            for (int length = 1; length < sample.Start.Length; length++)
                Assert.Throws<InvalidDataException>(() => { _ = GgufHeader.Parse("test.gguf", sample.Start.AsSpan(0, length), length); });
    }

    private static void Check(MutationRun.Sample sample, int count, ulong seed, bool mustBeSound = true)
    {
        using TemporaryFile disk = new([]);
        int refused = MutationRun.Check(sample, disk.Path, count, seed, Load, mustBeSound: mustBeSound);
        Assert.InRange(refused, count / 3, count); // some damage is in a text or a number that may be anything
    }

    // One loader's refusal must not hide another's fault, so each gets its turn; the first refusal is the mutant's.
    private static void Load(string path)
    {
        using GgufFile file = GgufFile.Open(path);
        foreach (GgufTensorInfo info in file.Tensors) _ = file.GetBytes(info.Name);
        if (!file.Metadata.Contains("general.architecture") && !file.Metadata.Contains("tokenizer.ggml.model")) return; // metadata without a model
        Exception? refusal = null;
        using ReferenceBackend backend = new();
        Try(() => TokenizerLoader.Load(file));
        Try(() => WeightLoader.Load(backend, ModelConfigLoader.Load(file), name => file.Contains(name) ? file.GetTensor(name) : null).Dispose());
        if (refusal is not null) throw refusal;

        void Try(Action load)
        {
            try
            {
                load();
            }
            catch (Exception e) when (e is InvalidDataException or NotSupportedException)
            {
                refusal ??= e;
            }
        }
    }
}
