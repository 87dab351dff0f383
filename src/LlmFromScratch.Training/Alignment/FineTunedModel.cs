using LlmFromScratch.Numerics;
using LlmFromScratch.Tensors;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Configuration;
using LlmFromScratch.Training.Models;
using LlmFromScratch.Training.Optimization;

namespace LlmFromScratch.Training.Alignment;

/// <summary>A child of a trained model: all its weights learn, or only low-rank adapters beside frozen ones.</summary>
public sealed class FineTunedModel
{
    private const ulong AdapterStream = 0x10A4; // the adapters' first values are another sequence than the data's

    private readonly List<LowRankAdapter> _adapters = [];
    private readonly string _parent; // of another one the reference, and frozen weights, would be others

    /// <summary>Starts from a parent.</summary>
    /// <param name="parent">Its model becomes the child.</param>
    /// <param name="lora">Adapters for every matrix of every block, or null.</param>
    /// <param name="seed">The seed of the adapters.</param>
    public FineTunedModel(ParentModel parent, LoraConfig? lora, ulong seed)
    {
        Model = parent.Model;
        ChatMl = new ChatMl(parent.Tokenizer);
        _parent = WeightFingerprint.Of(Model.Parameters);
        Parameters = lora is null ? Model.Parameters : AddAdapters(lora, new SeededRandom(seed ^ AdapterStream));
    }

    /// <summary>The model.</summary>
    public DecoderModel Model { get; }

    /// <summary>Turns conversations into its tokens.</summary>
    public ChatMl ChatMl { get; }

    /// <summary>What learns.</summary>
    public IReadOnlyList<Variable> Parameters { get; }

    /// <summary>What a checkpoint belongs to.</summary>
    public string Identity => FormattableString.Invariant($"{Model.Config}, {Parameters.Count} arrays, parent {_parent}");

    /// <summary>The sizes, for the log.</summary>
    public string Summary => FormattableString.Invariant($"{Parameters.Sum(parameter => parameter.Shape.Count):n0} of {Model.Config.ParameterCount:n0} parameters learn");

    /// <summary>The model's answer to a conversation, after a line for each turn.</summary>
    public string Answer(IReadOnlyList<ChatMessage> messages, int threadCount, ulong seed)
    {
        const int MaxTokens = 96;
        using TrainedText speaker = new(Model, ChatMl.ChatTokenizer, threadCount);
        string answer = speaker.Continue(ChatMl.EncodePrompt(messages), MaxTokens, temperature: 0.8f, seed).Text;
        return $"{string.Join(" / ", messages.Select(message => message.Content))} -> {answer}";
    }

    /// <summary>Merges the adapters, if there are any: afterwards the model's own weights say everything.</summary>
    public void Merge()
    {
        foreach (LowRankAdapter adapter in _adapters) adapter.Merge();
        _adapters.Clear();
    }

    private List<Variable> AddAdapters(LoraConfig lora, SeededRandom random)
    {
        List<Variable> learning = [];
        DType baseType = Enum.Parse<DType>(lora.BaseType);
        BlockFit.Require("lora.baseType", baseType, Model.Parameters.Where(weight => weight.Shape.Rank > 1));
        foreach (Variable weight in Model.Parameters)
        {
            RoundedWeights.Round(weight, baseType);
            if (weight.Shape.Rank != 2 || !weight.Name.StartsWith("blk.", StringComparison.Ordinal))
            {
                weight.Freeze();
                continue;
            }
            LowRankAdapter adapter = new(weight, lora.Rank, lora.Alpha / lora.Rank, random);
            _adapters.Add(adapter);
            learning.AddRange([adapter.Down, adapter.Up]);
        }
        return learning;
    }
}
