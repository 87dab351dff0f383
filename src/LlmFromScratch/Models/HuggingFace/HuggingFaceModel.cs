using System.Text.Json;
using LlmFromScratch.Formats;
using LlmFromScratch.Formats.SafeTensors;
using LlmFromScratch.Tensors;
using LlmFromScratch.Tokenization;

namespace LlmFromScratch.Models.HuggingFace;

/// <summary>
/// A model as transformers saves it: a folder with config.json and safetensors files. Its config and tensors come as those of the GGUF file of the same
/// checkpoint, so that everything behind them is the same.
/// </summary>
public sealed class HuggingFaceModel : ICheckpoint
{
    /// <summary>The file that says what the model is.</summary>
    public const string ConfigFileName = "config.json";

    private readonly HuggingFaceWeights _weights;
    private readonly Dictionary<string, float[]> _ropeDivisors;

    private HuggingFaceModel(SafeTensorsFolder folder, HuggingFaceWeights weights, ModelConfig config, Dictionary<string, float[]> ropeDivisors) =>
        (Files, _weights, Config, _ropeDivisors) = (folder, weights, config, ropeDivisors);

    /// <summary>The values of model_type that are read.</summary>
    public static IReadOnlyList<string> SupportedModelTypes => HuggingFaceConfigReader.Supported;

    /// <inheritdoc/>
    public string Path => Files.Path;

    /// <inheritdoc/>
    public ModelConfig Config { get; }

    /// <summary>The weights as they are stored.</summary>
    public SafeTensorsFolder Files { get; }

    /// <summary>Opens a folder: reads config.json and the headers of the weights.</summary>
    /// <exception cref="InvalidDataException">A file is missing or damaged, or a key's value cannot be; the message names file and key.</exception>
    /// <exception cref="NotSupportedException">Another model_type, or something that the engine does not do; the message says what is supported.</exception>
    public static HuggingFaceModel Open(string path)
    {
        string file = System.IO.Path.Combine(path, ConfigFileName);
        if (!File.Exists(file)) throw new InvalidDataException($"{path}: expected {ConfigFileName} in the folder, got none.");
        using JsonDocument document = JsonFile.Read(file);
        HuggingFaceKeys keys = new(file, document.RootElement);
        string modelType = keys.Text("model_type");
        if (!HuggingFaceConfigReader.Supported.Contains(modelType)) throw new NotSupportedException(
            $"{file}: model_type '{modelType}' is not supported; supported: {string.Join(", ", HuggingFaceConfigReader.Supported)}.");
        if (keys.Object("quantization_config") is { } quantization) throw new NotSupportedException(
            $"{file}: weights quantized by '{quantization.Text("quant_method", "unknown")}' are not supported; supported: F32, F16, BF16.");
        SafeTensorsFolder folder = SafeTensorsFolder.Open(path);
        try
        {
            HuggingFaceWeights weights = new(folder, modelType);
            (ModelConfig config, Dictionary<string, float[]> divisors) = HuggingFaceConfigReader.Read(keys.Object("text_config") ?? keys, modelType, weights);
            return new HuggingFaceModel(folder, weights, Validated(file, config), divisors);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public ITokenizer LoadTokenizer()
    {
        ITokenizer tokenizer = HuggingFaceTokenizer.Load(Path);
        return tokenizer.VocabSize == Config.VocabSize ? tokenizer : new FittedTokenizer(tokenizer, Config.VocabSize);
    }

    /// <summary>The template of chat_template.jinja, or of tokenizer_config.json.</summary>
    /// <inheritdoc/>
    public ChatTemplate? LoadChatTemplate(ITokenizer tokenizer)
    {
        string template = System.IO.Path.Combine(Path, "chat_template.jinja"), config = System.IO.Path.Combine(Path, "tokenizer_config.json");
        if (File.Exists(template)) return new ChatTemplate(File.ReadAllText(template));
        if (!File.Exists(config)) return ChatTemplateLoader.Load(null, tokenizer);
        using JsonDocument document = JsonFile.Read(config);
        HuggingFaceKeys keys = new(config, document.RootElement);
        return ChatTemplateLoader.Load(keys.Has("chat_template") ? keys.Text("chat_template") : null, tokenizer);
    }

    /// <summary>The tensor with a GGUF name: over the mapped file where its bytes lie there as they are, else a copy. Null if there is none.</summary>
    /// <exception cref="InvalidDataException">Its shape cannot be the model's.</exception>
    /// <exception cref="NotSupportedException">It is stored in a type that the engine does not have, or in a layout that must be copied and is larger than 2 GiB.</exception>
    public Tensor? FindTensor(string name) => _weights.Find(name, Config, _ropeDivisors);

    /// <summary>Unmaps the files.</summary>
    public void Dispose() => Files.Dispose();

    private static ModelConfig Validated(string file, ModelConfig config)
    {
        try
        {
            return config.Validate();
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{file}: {e.Message}", e);
        }
    }
}
