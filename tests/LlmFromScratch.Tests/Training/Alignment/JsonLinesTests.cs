using LlmFromScratch.Training.Alignment;

namespace LlmFromScratch.Tests.Training.Alignment;

public sealed class JsonLinesTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("""{"messages": []}""", "messages: expected at least one message, got none")]
    [InlineData("""{"messages": [null]}""", "messages[0]: expected a role of system, user or assistant, got null")]
    [InlineData("""{"messages": [{"role": "narrator", "content": "Once"}]}""", "messages[0]: expected a role of system, user or assistant, got \"narrator\"")]
    [InlineData("""{"messages": [{"role": "user", "content": "Who?"}]}""", "messages: expected the last message by the assistant, got one by the user")]
    [InlineData("""{"messages": [{"role": "user"}]}""", "expected {\"messages\": [{\"role\"")]
    [InlineData("""{"talk": []}""", "expected {\"messages\": [{\"role\"")]
    [InlineData("null", "expected an object, got null")]
    [InlineData("Who?", "expected {\"messages\": [{\"role\"")]
    public void Read_NoConversation_NamesFileLineAndField(string line, string expected) => AssertRefused<ChatExample>(line, expected);

    [Theory]
    [InlineData("""{"prompt": [{"role": "user", "content": "Who?"}], "chosen": "Tom", "rejected": "Lily", "rule": " "}""", "rule: expected a name, got \" \"")]
    [InlineData("""{"prompt": [], "chosen": "Tom", "rejected": "Lily", "rule": "right"}""", "prompt: expected at least one message, got none")]
    [InlineData("""{"prompt": [{"role": "assistant", "content": "Tom"}], "chosen": "Tom", "rejected": "Lily", "rule": "right"}""", "prompt: expected the last message by the user")]
    [InlineData("""{"prompt": [{"role": "user", "content": "Who?"}], "chosen": "Tom", "rule": "right"}""", "\"rejected\": \"...\"")]
    public void Read_NoPreference_NamesFileLineAndField(string line, string expected) => AssertRefused<PreferenceExample>(line, expected);

    [Fact]
    public void Read_TalkThatWaitsForItsAnswer_MayBeAskedAndNotLearnt()
    {
        File.WriteAllText(_file, """{"messages": [{"role": "user", "content": "Who?"}]}""");
        Assert.Equal("Who?", JsonLines.Read<ChatExample>(_file).Single().Messages[0].Content);
        Assert.Throws<InvalidDataException>(() => JsonLines.Read<ChatExample>(_file, toLearn: true).ToList());
    }

    private void AssertRefused<T>(string line, string expected) where T : IExample
    {
        File.WriteAllText(_file, "\n" + line + "\n");
        string message = Assert.Throws<InvalidDataException>(() => JsonLines.Read<T>(_file, toLearn: true).ToList()).Message;
        Assert.StartsWith($"{_file}: line 2: ", message);
        Assert.Contains(expected, message);
    }
}
