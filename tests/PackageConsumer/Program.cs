using LlmFromScratch.Inference;

using LanguageModel model = LanguageModel.LoadEmbedded();
await foreach (string piece in model.Generator.StreamAsync("Once upon a time", new GenerationOptions { MaxTokens = 60 }))
    Console.Write(piece);
