using LlmFromScratch.Formats.Gguf;
using LlmFromScratch.Inference;
using LlmFromScratch.Kernels.Quantization;
using LlmFromScratch.Models;
using LlmFromScratch.Numerics;
using LlmFromScratch.Tensors;
using LlmFromScratch.Tests.Training.Alignment;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Models;
using LlmFromScratch.Training.Optimization;
using LlmFromScratch.Training.Quantization;

namespace LlmFromScratch.Tests.Training.Quantization;

public sealed class FourBitTests : IDisposable
{
    private static readonly Shape Size = new(24, 64);

    private static readonly MoeConfig Experts = new() { ExpertCount = 4, UsedCount = 2, FeedForwardSize = 64 };

    private readonly string _directory = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(DType.Q4_0)]
    [InlineData(DType.Q4_1)]
    public void ToTensor_AnyWeights_HoldsTheValues(DType type)
    {
        FourBitMatrix matrix = FourBitMatrix.RoundToNearest(type, Size, Random(Size.Count, 1));
        using Tensor tensor = matrix.ToTensor();
        float[] read = new float[Size.Count];
        for (int row = 0; row < Size[0]; row++)
            RowCodec.Decode(type, tensor.Bytes.Slice((int)(row * tensor.RowBytes), (int)tensor.RowBytes), read.AsSpan(row * Size[1], Size[1]));
        Assert.Equal(read, matrix.Values); // the same bits: what is computed here is what the engine reads
    }

    [Theory]
    [InlineData(DType.Q4_0)] // the largest, -4, has code 0: steps of 0.5, values -4, -3.5 ... 3.5
    [InlineData(DType.Q4_1)] // from -4 to 3.5 in fifteen steps of 0.5
    public void RoundToNearest_Block_TakesTheNearestOfSixteenValues(DType type)
    {
        float[] weights = new float[32];
        weights[0] = -4;
        weights[1] = 3.5f;
        weights[2] = 1.2f;
        weights[3] = -0.3f;
        float[] values = FourBitMatrix.RoundToNearest(type, new Shape(1, 32), weights).Values;
        Assert.Equal([-4, 3.5f, 1, -0.5f], values[..4]);
    }

    [Theory]
    [InlineData(DType.Q4_0)]
    [InlineData(DType.Q4_1)]
    public void Gptq_InputsThatGoTogether_LoseLessThanNearest(DType type)
    {
        float[] weights = Random(Size.Count, 2);
        InputStatistics inputs = Statistics(Size[1], correlated: true);
        float[] nearest = FourBitMatrix.RoundToNearest(type, Size, weights).Values, corrected = Gptq.Quantize(type, Size, weights, inputs).Values;
        double before = inputs.Error(weights, nearest), after = inputs.Error(weights, corrected);
        Assert.True(after < 0.7 * before, $"{before} to {after}");
    }

    [Fact]
    public void Gptq_AnyRow_IsNeverWorseThanNearest()
    {
        for (int seed = 0; seed < 5; seed++)
        {
            float[] weights = Random(Size.Count, seed);
            InputStatistics inputs = Statistics(Size[1], correlated: seed % 2 == 0);
            float[] nearest = FourBitMatrix.RoundToNearest(DType.Q4_0, Size, weights).Values, corrected = Gptq.Quantize(DType.Q4_0, Size, weights, inputs).Values;
            for (int row = 0; row < Size[0]; row++)
            {
                Range part = (row * Size[1])..((row + 1) * Size[1]);
                Assert.True(inputs.RowError(weights.AsSpan(part), corrected.AsSpan(part)) <= inputs.RowError(weights.AsSpan(part), nearest.AsSpan(part)));
            }
        }
    }

    [Fact]
    public void Awq_OneLoudInput_LosesLessThanNearest()
    {
        float[] weights = Random(Size.Count, 3);
        InputStatistics inputs = Statistics(Size[1], correlated: false, loud: 7);
        float[] stretch = Awq.Stretch(DType.Q4_0, [(Size, weights)], inputs);
        double before = inputs.Error(weights, FourBitMatrix.RoundToNearest(DType.Q4_0, Size, weights).Values);
        double after = inputs.Error(weights, Awq.Rounded(DType.Q4_0, Size, weights, stretch));
        Assert.True(after < 0.5 * before, $"{before} to {after}");
        Assert.Equal(7, Array.IndexOf(stretch, stretch.Max()));
    }

    [Theory]
    [InlineData("llama", "blk.0.ffn_down.weight")]
    [InlineData("gpt2", "blk.1.ffn_up.weight")] // what its norm and the norm's bias lose, this gains
    public void Stretch_WholeModel_ChangesWeightsAndNotWhatTheyCompute(string kind, string changed)
    {
        DecoderModel model = kind == "llama" ? TinyChat.Model() : Wide(kind);
        int[] ids = [5, 90, 44, 3, 3, 201, 60, 17];
        float[] before = Logits(model, ids), weights = model[changed].Data.ToArray();
        using Tape tape = new();
        CalibrationObserver inputs = new(tape.Team);
        PostTrainingQuantization.Read(model, [ids], inputs, threadCount: 1);
        PostTrainingQuantization.Stretch(model, DType.Q4_0, inputs);
        Assert.NotEqual(weights, model[changed].Data.ToArray());
        float[] after = Logits(model, ids);
        for (int i = 0; i < before.Length; i++) Assert.Equal(before[i], after[i], 1e-5f * (1 + Math.Abs(before[i]))); // products of stretched and shrunk values
    }

    [Theory]
    [InlineData("nearest")]
    [InlineData("gptq")]
    [InlineData("awq")]
    public void Quantize_WholeModel_GivesEveryTensorAFileHolds(string method)
    {
        DecoderModel model = TinyChat.Model();
        int[][] texts = [[.. Enumerable.Range(0, 40).Select(i => i * 7 % 299)], [1, 2, 3]];
        IReadOnlyDictionary<string, Tensor> tensors = PostTrainingQuantization.Quantize(model, DType.Q4_1, method, texts, threadCount: 1);
        Assert.Equal(model.Parameters.Select(weight => weight.Name), tensors.Keys);
        foreach (Variable weight in model.Parameters)
        {
            Assert.Equal(weight.Shape, tensors[weight.Name].Shape);
            DType expected = weight.Shape.Rank == 1 ? DType.F32 : weight.Name.StartsWith("blk.", StringComparison.Ordinal) ? DType.Q4_1 : DType.Q8_0;
            Assert.Equal(expected, tensors[weight.Name].DType);
        }
    }

    [Theory]
    [InlineData("llama", "gptq")]
    [InlineData("llama", "awq")]
    [InlineData("gpt2", "gptq")]
    [InlineData("gpt2", "awq")]
    [InlineData("qwen", "awq")]
    [InlineData("moe", "nearest")]
    public void Quantize_Command_WritesAFileThatTheEngineLoads(string kind, string method)
    {
        string input = SaveWide(kind), output = Path.Combine(_directory, "four.gguf");
        Cli.CommandLine.Result result = Cli.CommandLine.Run("quantize", input, output, "Q4_0", "--method", method, "--calibration", SaveText());
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        using LanguageModel exact = LanguageModel.Load(input), model = LanguageModel.Load(output);
        int[] ids = [5, 90, 44, 3, 3, 201, 60, 17];
        using Session exactSession = new(exact.Transformer), session = new(model.Transformer);
        float[] expected = exactSession.Score(ids), actual = session.Score(ids);
        double error = expected.Zip(actual, (x, y) => (double)(x - y) * (x - y)).Sum() / expected.Sum(x => (double)x * x);
        Assert.InRange(error, 1e-6, 0.5); // of the squares: loud random matrices of four bits differ by 0.1 to 0.3, unrelated ones by 2
        using GgufFile file = GgufFile.Open(output);
        Assert.Equal(DType.Q4_0, file.GetTensor("blk.0.attn_output.weight").DType);
        if (kind == "moe") Assert.Equal(DType.F32, file.GetTensor("blk.0.ffn_gate_inp.weight").DType);
    }

    [Fact]
    public void Quantize_ExpertsByACalibrationText_IsRefusedBeforeTheTextIsRead()
    {
        string output = Path.Combine(_directory, "four.gguf"), missing = Path.Combine(_directory, "missing.txt");
        NotSupportedException refused = Assert.Throws<NotSupportedException>(() => CalibratedQuantization.Run(SaveWide("moe"), output, "Q4_0", "gptq", missing));
        Assert.Contains("moe.gguf: llama.expert_count: expected none for --method gptq, got 4", refused.Message);
    }

    [Fact]
    public void Quantize_RowsThatAreNoWholeBlocks_AreRefusedBeforeTheTextIsRead()
    {
        string input = Path.Combine(_directory, "narrow.gguf"), missing = Path.Combine(_directory, "missing.txt");
        DecoderModel narrow = new(TinyChat.Model().Config with { FeedForwardSize = 48 }, 1);
        GgufExport.Save(narrow, "narrow", DType.F32, writer => TokenizerWriter.Write(writer, TinyChat.Tokenizer), input);
        InvalidDataException refused = Assert.Throws<InvalidDataException>(() => CalibratedQuantization.Run(input, Path.Combine(_directory, "four.gguf"), "Q4_0", "gptq", missing));
        Assert.Contains("narrow.gguf: --method gptq: Q4_0 stores blocks of 32 values, but the rows of blk.0.ffn_down.weight have 48", refused.Message);
    }

    [Fact]
    public void Quantize_Cancelled_WritesNothing()
    {
        string input = SaveWide("llama"), output = Path.Combine(_directory, "four.gguf"), text = SaveText();
        Assert.Throws<OperationCanceledException>(() => CalibratedQuantization.Run(input, output, "Q4_0", "awq", text, new CancellationToken(canceled: true)));
        Assert.False(File.Exists(output));
    }

    [Fact]
    public void RoundedWeights_TrainedInFourBits_LoseLessThanWeightsRoundedAfterwards()
    {
        // A linear layer whose exact weights are known, over inputs that go together. Rounded as they are, the weights' errors add up; trained on with the
        // rounding in the forward pass, they find roundings that make up for each other.
        float[] target = Random(4 * 32, 5), x = Random(200 * 32, 4);
        for (int row = 0; row < 200; row++)
        for (int i = 1; i < 32; i++)
            x[row * 32 + i] = 0.3f * x[row * 32 + i] + x[row * 32];
        Variable inputs = new Variable("x", new Shape(200, 32), requiresGradient: false).Fill(x);
        using Tape tape = new();
        Variable weight = new Variable("w", new Shape(4, 32)).Fill(target);
        Sgd optimizer = new([weight]);
        RoundedWeights rounded = new([weight], DType.Q4_0);
        double afterwards = Miss(backward: false), least = afterwards;
        for (int step = 0; step < 100; step++)
        {
            weight.ZeroGradient();
            Miss(backward: true);
            rounded.Restore();
            optimizer.Step(0.02f);
            rounded.TakeAndRound();
            least = Math.Min(least, Miss(backward: false));
        }
        Assert.True(least < 0.5 * afterwards, $"rounded afterwards {afterwards}, trained with it {least}");

        // The mean squared difference from what the target map gives.
        double Miss(bool backward)
        {
            Variable y = tape.Linear(inputs, weight); // [200, 4]
            float[] gradient = new float[y.Data.Length];
            double sum = 0;
            for (int row = 0; row < 200; row++)
            for (int column = 0; column < 4; column++)
            {
                double wanted = 0;
                for (int i = 0; i < 32; i++) wanted += x[row * 32 + i] * target[column * 32 + i];
                double miss = y.Data[row * 4 + column] - wanted;
                sum += miss * miss / gradient.Length;
                gradient[row * 4 + column] = (float)(2 * miss / gradient.Length);
            }
            if (backward) tape.Backward(y, gradient);
            else tape.Reset();
            return sum;
        }
    }

    // Rows of whole blocks, and biases that are not zero.
    private static DecoderModel Wide(string kind) =>
        Decoders.Random(Decoders.Config(kind, TinyChat.Tokenizer.VocabSize) with { EmbeddingSize = 32, HeadSize = 8, FeedForwardSize = 64, Moe = kind == "moe" ? Experts : null });

    private string SaveWide(string kind)
    {
        string path = Path.Combine(_directory, kind + ".gguf");
        GgufExport.Save(Wide(kind), kind, DType.F32, writer => TokenizerWriter.Write(writer, TinyChat.Tokenizer), path);
        return path;
    }

    private string SaveText()
    {
        string path = Path.Combine(_directory, "text.txt");
        File.WriteAllText(path, "what colour is the sky? blue.\n<|endoftext|>\ngrass is green\n<|endoftext|>\n");
        return path;
    }

    private static float[] Logits(DecoderModel model, int[] ids)
    {
        using Tape tape = new();
        return model.Forward(tape, ids, 1).Data.ToArray();
    }

    private static InputStatistics Statistics(int size, bool correlated, int loud = -1)
    {
        SeededRandom random = new(8);
        float[] rows = new float[300 * size];
        for (int row = 0; row < 300; row++)
        {
            double common = random.NextGaussian();
            for (int i = 0; i < size; i++)
                rows[row * size + i] = (float)((i == loud ? 30 : 1) * (random.NextGaussian() * (correlated ? 0.3 : 1) + (correlated ? common : 0)));
        }
        InputStatistics statistics = new(size);
        statistics.Add(rows, () =>
        {
            for (int row = 0; row < 300; row++)
            for (int i = 0; i < size; i++)
            for (int j = 0; j < size; j++)
                statistics.Products[i * size + j] += rows[row * size + i] * rows[row * size + j];
        });
        return statistics;
    }

    private static float[] Random(long count, int seed)
    {
        SeededRandom random = new((ulong)seed);
        float[] values = new float[count];
        foreach (ref float value in values.AsSpan()) value = (float)random.NextGaussian();
        return values;
    }
}
