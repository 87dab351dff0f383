using LlmFromScratch.Training.Data.Pipeline;
using LlmFromScratch.Training.Data.TinyTales;

namespace LlmFromScratch.Tests.Training.Data.Pipeline;

public class TextFilterTests
{
    [Theory]
    [InlineData("en", "The old sailor looked at the clouds and told the boys to bring the boat back to the harbour before the evening.")]
    [InlineData("de", "Der alte Seemann blickte auf die Wolken und sagte den Jungen, sie sollten das Boot vor dem Abend in den Hafen bringen.")]
    [InlineData("fr", "Le vieux marin regarda les nuages et dit aux garçons de ramener le bateau au port avant le soir.")]
    [InlineData("es", "El viejo marinero miró las nubes y dijo a los muchachos que llevaran la barca al puerto antes de la noche.")]
    [InlineData("it", "Il vecchio marinaio guardò le nuvole e disse ai ragazzi di riportare la barca nel porto prima della sera.")]
    [InlineData("nl", "De oude zeeman keek naar de wolken en zei tegen de jongens dat ze de boot voor de avond naar de haven moesten brengen.")]
    [InlineData("other", "Старый моряк посмотрел на облака и велел мальчикам вернуть лодку в гавань до вечера.")]
    public void Language_SentenceNobodyLearned_IsTold(string language, string text)
    {
        Assert.Equal(language, OwnClassifiers.Language.Classify(text).Label);
        (string[] kept, FunnelRow row) = Documents.Through(new LanguageFilter(["en"]), text);
        Assert.Equal(language == "en" ? [text] : [], kept);
        Assert.Equal(language == "en" ? [] : [language], row.Notes.Keys);
        Assert.Equal([text], Documents.Through(new LanguageFilter([language]), text).Texts);
    }

    [Fact]
    public void Language_UnknownName_IsRefused() =>
        Assert.Contains("de, en, es, fr, it, nl, other", Assert.Throws<ArgumentException>(() => new LanguageFilter(["klingon"])).Message);

    [Theory]
    [InlineData(true, "The baker's daughter carried the bread to the school. The children thanked her and shared it. Then they went out to play.")]
    [InlineData(true, "The wolf swallowed the grandmother and lay down in her bed. The hunter heard him snore. He opened the door and saw the wolf.")]
    [InlineData(true, "Thank you for the lovely letter. I am so happy that you are well. Come and see us soon.")]
    [InlineData(false, "You are a stupid, ugly fool. Nobody wants you here, loser. Shut up and get lost, you idiot.")]
    [InlineData(false, "I hate you, you disgusting liar. Everybody laughs at your ugly face. Go away, you are too dumb to play with us.")]
    public void Toxicity_LabelledText_PassesOrNot(bool passes, string text) =>
        Assert.Equal(passes ? [text] : [], Documents.Through(new ToxicityFilter(), text).Texts);

    [Fact]
    public void Toxicity_OneRudeVillain_Passes()
    {
        const string tale = "The boy came to the gate. The giant looked down. \"You are a stupid little worm!\" he shouted. The boy smiled. He held out his hand. "
            + "He had brought a cake for the giant. They ate it together. The giant said that he was sorry.";
        Assert.InRange(ToxicityFilter.UnkindShare(tale), 0, ToxicityFilter.DefaultShare);
        Assert.Equal(0, ToxicityFilter.UnkindShare(""));
    }

    [Fact]
    public void LanguageAndToxicity_OurTales_Pass()
    {
        TinyTalesGenerator tales = new(seed: 11);
        string[] texts = [.. Enumerable.Range(0, 60).Select(_ => tales.NextStory())];
        Assert.Equal(texts, Documents.Through(new LanguageFilter(["en"]), texts).Texts);
        Assert.Equal(texts, Documents.Through(new ToxicityFilter(), texts).Texts);
    }
}
