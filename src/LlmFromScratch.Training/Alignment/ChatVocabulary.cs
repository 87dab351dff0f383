using LlmFromScratch.Models;
using LlmFromScratch.Tokenization;
using LlmFromScratch.Training.Autograd;
using LlmFromScratch.Training.Models;

namespace LlmFromScratch.Training.Alignment;

/// <summary>Gives a base model the two tokens of ChatML that its vocabulary may lack, as every fine-tuning does whose base was trained on plain text.</summary>
public static class ChatVocabulary
{
    /// <summary>
    /// The same model if it has the tokens; else one with a vocabulary longer by what it lacks. A new token's row in embedding and head is the mean of all rows: it
    /// says nothing in particular, and fine-tuning makes it mean something.
    /// </summary>
    public static ParentModel Extend(ParentModel parent)
    {
        Vocabulary old = parent.Tokenizer.Vocabulary;
        string[] added = [.. ((string[])[ChatMl.Start, ChatMl.End]).Where(name => !old.Texts.Contains(name))];
        if (added.Length == 0) return parent;
        Vocabulary vocabulary = new(old.Source, [.. old.Texts, .. added], [.. old.Kinds, .. added.Select(_ => TokenKind.Control)]);
        ByteLevelBpeTokenizer tokenizer = new(vocabulary, parent.Tokenizer.Merges, parent.Tokenizer.SpecialTokens, parent.Tokenizer.PreTokenizer);
        ModelConfig config = parent.Model.Config with { VocabSize = vocabulary.Count };
        DecoderModel model = new(config, seed: 0); // every weight is overwritten
        foreach (Variable weight in model.Parameters) Fill(weight, parent.Model[weight.Name]);
        return new ParentModel(model, tokenizer);
    }

    // What has a row for each token, or one value (the head's bias), gets more of them; everything else is as long as it was.
    private static void Fill(Variable weight, Variable from)
    {
        from.Data.CopyTo(weight.Data);
        int size = weight.Shape.Rank == 1 ? 1 : weight.Shape.RowLength, rows = from.Data.Length / size;
        Span<float> missing = weight.Data[from.Data.Length..];
        for (int i = 0; i < missing.Length; i++)
        {
            double sum = 0;
            for (int row = 0; row < rows; row++) sum += from.Data[row * size + i % size];
            missing[i] = (float)(sum / rows);
        }
    }
}
