using LlmFromScratch.Sampling;
using LlmFromScratch.Tensors;
using LlmFromScratch.Tokenization;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Layers;

namespace LlmFromScratch.Training.Models;

/// <summary>
/// Reads a text with a recurrent model, token by token. All that it remembers is one state a layer: its memory does not grow with the text, and what the states
/// do not hold is forgotten. The engine's counterpart is a session with its key/value cache.
/// </summary>
/// <param name="model">The model.</param>
public sealed class RecurrentReader(RecurrentLanguageModel model) : IDisposable
{
    private readonly Tape _tape = new();
    private readonly float[] _logits = new float[model.VocabSize]; // [V]
    private readonly RecurrentState[] _states = model.ZeroStates(1); // [L]

    /// <summary>[V]: the logits of the next token; zeros before the first is read.</summary>
    public ReadOnlySpan<float> Logits => _logits;

    /// <summary>[L]: what each layer remembers, one row each; zeros before the first token is read.</summary>
    public IReadOnlyList<RecurrentState> States => _states;

    /// <summary>Reads a token.</summary>
    /// <param name="id">In [0, V).</param>
    /// <returns>[V]: <see cref="Logits"/>.</returns>
    public ReadOnlySpan<float> Read(int id)
    {
        using NoGradientScope scope = _tape.NoGradient();
        (Variable logits, RecurrentState[] states) = model.Forward(_tape, new[] { id }, _states);
        logits.Data.CopyTo(_logits);
        for (int layer = 0; layer < _states.Length; layer++) // copies: the results are the tape's
            _states[layer] = new RecurrentState(Copy(states[layer].Hidden), states[layer].Cell is Variable cell ? Copy(cell) : null);
        _tape.Reset();
        return _logits;
    }

    /// <summary>Stops the threads.</summary>
    public void Dispose() => _tape.Dispose();

    /// <summary>Goes on with a prompt of ids until the end token or the limit.</summary>
    internal static string Continue(RecurrentLanguageModel model, ITokenizer tokenizer, ReadOnlySpan<int> prompt, int maxTokens, SamplingOptions sampling)
    {
        using RecurrentReader reader = new(model);
        foreach (int id in prompt) reader.Read(id);
        SamplerChain sampler = new(model.VocabSize, sampling);
        sampler.Read(prompt);
        List<int> ids = [];
        while (ids.Count < maxTokens)
        {
            int id = sampler.Sample(reader.Logits);
            if (tokenizer.SpecialTokens.IsEnd(id)) break;
            ids.Add(id);
            reader.Read(id);
        }
        return tokenizer.Decode(ids.ToArray());
    }

    private static Variable Copy(Variable state) => new Variable("state", state.Shape, requiresGradient: false).Fill(state.Data);
}
