using LlmFromScratch.Numerics;
using LlmFromScratch.Training.Data.Pipeline;

namespace LlmFromScratch.Tests.Training.Data.Pipeline;

public class PersonalDataTests
{
    [Theory]
    [InlineData("79927398713", true)] // Luhn's textbook number: 7 9 9 2 7 3 9 8 7 1 3, doubled from the right, sums to 70
    [InlineData("79927398710", false)]
    [InlineData("4111 1111-1111 1111", true)]
    [InlineData("0", true)]
    [InlineData("", false)]
    public void Luhn_HandCheckedNumbers(string number, bool passes) => Assert.Equal(passes, LuhnCheck.Passes(number));

    [Theory]
    [InlineData("Write to anna.b+list@mail.example.org, please.", "Write to <EMAIL>, please.")]
    [InlineData("Mail: <o'neil@example.co.uk>", "Mail: <<EMAIL>>")]
    [InlineData("..jürgen@münchen.de", "..<EMAIL>")]
    [InlineData("Card 4111 1111 1111 1111 until 12/30", "Card <CARD> until 12/30")]
    [InlineData("Cards 3782-822463-10005, 4222222222222", "Cards <CARD>, <CARD>")]
    [InlineData("Order 12 4111 1111 1111 1111 7", "Order 12 <CARD> 7")]
    [InlineData("Server 192.168.0.1:8080, also 2001:db8::8a2e:370:7334 and ::1", "Server <IP>:8080, also <IP> and <IP>")]
    [InlineData("Ring +49 30 1234567 or 0049-30-1234567.", "Ring <PHONE> or <PHONE>.")]
    [InlineData("(030) 123 456, 030/1234567, 01632 960001, 555-123-4567, (555) 123-4567", "<PHONE>, <PHONE>, <PHONE>, <PHONE>, <PHONE>")]
    [InlineData("+4915112345678 and 015112345678", "<PHONE> and <PHONE>")]
    public void Remove_PersonalData_IsReplaced(string text, string expected)
    {
        string removed = PersonalDataRemoval.Remove(text, (_, _) => { });
        Assert.Equal(expected, removed);
        Assert.Equal(removed, PersonalDataRemoval.Remove(removed, (_, _) => Assert.Fail("A placeholder is no personal data.")));
    }

    [Theory]
    [InlineData("In 1984 the town had 12,345,678 people; in 2024-01-15 more.")]
    [InlineData("Version 10.0.401 came at 12:30:45, see page 007.")]
    [InlineData("It cost 1.234.567,89 at the end of 1999-2003 (1994) 345-360.")]
    [InlineData("Number 4111 1111 1111 1112 has a wrong check digit.")]
    [InlineData("300.168.0.1 and 1.2.3.4.5 are no addresses; @home, a@b and std::vector neither.")]
    [InlineData("Nothing here.")]
    public void Remove_OtherNumbers_Stay(string text) =>
        Assert.Same(text, PersonalDataRemoval.Remove(text, (what, _) => Assert.Fail(what)));

    [Fact]
    public void Remove_PlantedAtRandom_NoneSurvivesAndAllAreCounted()
    {
        SeededRandom random = new(5);
        for (int round = 0; round < 300; round++)
        {
            List<(string Placeholder, string Secret)> planted = [];
            List<string> pieces = [];
            for (int i = 0; i < 12; i++)
            {
                pieces.Add(Words[random.NextInt(Words.Length)]);
                if (random.NextInt(3) != 0) continue;
                planted.Add(Secret(random));
                pieces.Add(planted[^1].Secret);
                pieces.Add(Words[random.NextInt(Words.Length)]);
            }
            string text = string.Join(' ', pieces);
            Dictionary<string, long> counts = [];
            string removed = PersonalDataRemoval.Remove(text, (what, count) => counts.Add(what, count));
            Assert.All(planted, one => Assert.DoesNotContain(one.Secret, removed));
            Assert.Equal(planted.GroupBy(one => one.Placeholder).ToDictionary(group => group.Key, group => (long)group.Count()), counts);
            Assert.DoesNotContain(removed, char.IsAsciiDigit);
        }
    }

    private static readonly string[] Words = ["and", "the", "fox,", "wrote:", "to", "(him)", "house", "a", "said", "\"yes\""];

    private static (string Placeholder, string Secret) Secret(SeededRandom random) => random.NextInt(4) switch
    {
        0 => (PersonalDataRemoval.Email, $"{Letters(random)}{Pick(random, ".", "_", "-", "+")}{Letters(random)}@{Letters(random)}.{Pick(random, "org", "co.uk", "de")}"),
        1 => (PersonalDataRemoval.IpAddress, random.NextInt(2) == 0
            ? string.Join('.', Enumerable.Range(0, 4).Select(_ => random.NextInt(256)))
            : string.Join(':', Enumerable.Range(0, 8).Select(_ => random.NextInt(65536).ToString("x")))),
        2 => (PersonalDataRemoval.Card, Card(random)),
        _ => (PersonalDataRemoval.Phone, Pick(random, $"+{1 + random.NextInt(99)} {100 + random.NextInt(900)} {1000000 + random.NextInt(9000000)}",
            $"0{100 + random.NextInt(900)} {100000 + random.NextInt(900000)}", $"({100 + random.NextInt(900)}) {100 + random.NextInt(900)}-{1000 + random.NextInt(9000)}")),
    };

    // Sixteen digits; the last is the one that makes the check right.
    private static string Card(SeededRandom random)
    {
        string digits = Pick(random, "3", "4", "5", "6") + string.Concat(Enumerable.Range(0, 14).Select(_ => random.NextInt(10)));
        string number = Enumerable.Range(0, 10).Select(last => digits + last).Single(candidate => LuhnCheck.Passes(candidate));
        string mark = Pick(random, "", " ", "-");
        return string.Join(mark, number.Chunk(4).Select(group => new string(group)));
    }

    private static string Letters(SeededRandom random) => string.Concat(Enumerable.Range(0, 2 + random.NextInt(6)).Select(_ => (char)('a' + random.NextInt(26))));

    private static string Pick(SeededRandom random, params string[] from) => from[random.NextInt(from.Length)];
}
