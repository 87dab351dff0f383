using LlmFromScratch.Inference;
using LlmFromScratch.Kernels.Reference;
using LlmFromScratch.Models;
using LlmFromScratch.Tests.Models;

namespace LlmFromScratch.Tests.Inference;

public class SessionTests
{
    [Fact]
    public void Prefill_MoreThanTheContext_IsRefusedBeforeAnyWork()
    {
        using ReferenceBackend backend = new();
        using Transformer model = TinyModel.Create(backend);
        using Session session = new(model, contextLength: 4);
        session.Prefill([1, 2, 3]);
        string message = Assert.Throws<InvalidOperationException>(() => { session.Prefill([4, 5]); }).Message;
        Assert.Equal("Session: 3 tokens are read and 2 more exceed the context of 4. Shorten the prompt or truncate the session.", message);
        Assert.Equal(3, session.Length);
        session.Decode(4);
        Assert.Equal(4, session.Length);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(37)]
    public void Prefill_IdOutsideTheVocabulary_IsRefused(int id)
    {
        using ReferenceBackend backend = new();
        using Transformer model = TinyModel.Create(backend);
        using Session session = new(model);
        Assert.Throws<ArgumentOutOfRangeException>(() => { session.Prefill([1, id]); });
        Assert.Equal(0, session.Length);
    }

    [Fact]
    public void Prefill_Cancelled_Throws()
    {
        using ReferenceBackend backend = new();
        using Transformer model = TinyModel.Create(backend);
        using Session session = new(model);
        Assert.Throws<OperationCanceledException>(() => { session.Prefill([1], cancellation: new CancellationToken(true)); });
    }

    [Fact]
    public void Context_LongerThanTheModels_IsAllowedWhenAskedFor()
    {
        using ReferenceBackend backend = new();
        using Transformer model = TinyModel.Create(backend);
        using Session session = new(model, contextLength: 70); // the model says 64
        session.Prefill(Enumerable.Range(0, 70).Select(i => i % 37).ToArray());
        Assert.All(session.Logits.ToArray(), logit => Assert.True(float.IsFinite(logit)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Session(model, contextLength: 0));
    }
}
