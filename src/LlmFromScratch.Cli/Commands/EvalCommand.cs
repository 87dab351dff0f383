using System.CommandLine;
using LlmFromScratch.Training;
using LlmFromScratch.Training.Alignment;
using LlmFromScratch.Training.Evaluation;

namespace LlmFromScratch.Cli.Commands;

/// <summary><c>llmfs eval</c>: the numbers and the samples of a model's card.</summary>
internal static class EvalCommand
{
    public static Command Create()
    {
        Option<FileInfo> model = new("--model", "-m") { Description = "A GGUF file: a transformer, or a recurrent model or encoder that llmfs train made.", Required = true };
        Option<FileInfo?> corpus = new("--corpus") { Description = "The text it learnt, with held-out text at its end, or talks (.jsonl): bits/byte beside a 5-gram, overlap of samples." };
        Option<double> heldOutShare = new("--held-out-share") { Description = "The share of the corpus at its end that was not learnt.", DefaultValueFactory = _ => 0.01 };
        Option<FileInfo?> heldOut = new("--held-out") { Description = "With --corpus: text or talks to foretell in place of the corpus' end." };
        Option<FileInfo?> conversations = new("--conversations") { Description = "Conversations it did not learn (JSON lines): share of right answers." };
        Option<FileInfo?> reference = new("--reference") { Description = "The model it was made from: win rate by rules and KL, on the conversations' prompts." };
        Option<FileInfo?> reward = new("--reward") { Description = "A reward model (llmfs reward): what it thinks of answers to the conversations, beside the rules." };
        Option<int> tales = new("--tales") { Description = "Tales to tell and to check for contradictions." };
        Option<int> repeats = new("--repeats") { Description = "Random texts to say twice, to look for induction heads." };
        Option<int> samples = new("--samples") { Description = "Texts to show.", DefaultValueFactory = _ => 10 };
        Option<string> prompt = new("--prompt") { Description = "What samples begin with, or what a chat model is asked.", DefaultValueFactory = _ => "" };
        Option<FileInfo?> output = new("--output", "-o") { Description = "Also write the report as JSON into this file." };
        Option<bool> json = new("--json") { Description = "Print one JSON object." };
        Command command = new("eval", "Measure a model: bits/byte, answers, samples and how near they are to the training text.")
        {
            model, corpus, heldOutShare, heldOut, conversations, reference, reward, tales, repeats, samples, prompt, output, json,
        };
        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            if (parsed.GetValue(reference) is not null && parsed.GetValue(conversations) is null)
                return Failure.WrongInput("eval: --reference needs --conversations: both models answer their prompts.");
            if (parsed.GetValue(reward) is not null && parsed.GetValue(conversations) is null)
                return Failure.WrongInput("eval: --reward needs --conversations: it judges answers to them.");
            if (parsed.GetValue(heldOut) is not null && parsed.GetValue(corpus) is null)
                return Failure.WrongInput("eval: --held-out needs --corpus: the 5-gram beside the model is counted in it.");
            if (parsed.GetValue(heldOutShare) is not (> 0 and < 1)) return Failure.WrongInput(
                FormattableString.Invariant($"eval: --held-out-share: expected a number between 0 and 1, got {parsed.GetValue(heldOutShare)}."));
            foreach (Option<int> count in (Option<int>[])[tales, repeats, samples])
                if (parsed.GetValue(count) < 0) return Failure.WrongInput($"eval: {count.Name}: expected 0 or more, got {parsed.GetValue(count)}.");
            if (parsed.GetValue(output) is FileInfo written) DataCommand.MakeFolderOf(written.FullName); // before minutes of work
            TrainingLog log = new(Console.Error, isTerminal: !Console.IsErrorRedirected);
            EvaluationReport report = ModelEvaluation.Run(new EvaluationRequest
            {
                Model = parsed.GetRequiredValue(model).FullName,
                Corpus = parsed.GetValue(corpus)?.FullName,
                HeldOutShare = parsed.GetValue(heldOutShare),
                HeldOutText = parsed.GetValue(heldOut)?.FullName,
                Conversations = parsed.GetValue(conversations) is FileInfo file ? [.. JsonLines.Read<ChatExample>(file.FullName)] : [],
                Reference = parsed.GetValue(reference)?.FullName,
                Reward = parsed.GetValue(reward)?.FullName,
                TaleCount = parsed.GetValue(tales),
                RepeatedTexts = parsed.GetValue(repeats),
                SampleCount = parsed.GetValue(samples),
                SamplePrompt = parsed.GetValue(prompt) ?? "",
            }, log, cancellation);
            if (parsed.GetValue(output) is FileInfo target) File.WriteAllText(target.FullName, Json.Text(report) + "\n");
            if (parsed.GetValue(json)) Json.Print(report);
            else Console.Out.Write(report.ToString());
            return 0;
        }, cancellation));
        return command;
    }
}
