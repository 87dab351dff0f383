using LlmFromScratch.Training.Data;

namespace LlmFromScratch.Tests.Training.Data;

public class NearDuplicatesTests
{
    [Fact]
    public void Add_HalfOfTheGramsShared_IsNear()
    {
        // Words a to j give six 5-grams. With the last two words changed four of them stay: 4 / (6 + 6 - 4) = 0.5.
        NearDuplicates near = new();
        Assert.False(near.Add("a b c d e f g h i j".Split(' ')));
        Assert.True(near.Add("a b c d e f g h x y".Split(' ')));
        Assert.Equal(1, near.Count);
        Assert.Equal(0.5, near.Similarity);
    }

    [Fact]
    public void Add_FewerShared_IsNot()
    {
        NearDuplicates near = new();
        near.Add("a b c d e f g h i j".Split(' '));
        Assert.False(near.Add("a b c d e f g x y z".Split(' '))); // 3 / 9
        Assert.False(near.Add("j i h g f e d c b a".Split(' ')));
    }
}
