Console.WriteLine("llmfs");
