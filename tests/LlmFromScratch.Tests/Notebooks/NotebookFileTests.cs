using LlmFromScratch.Notebooks.Model;

namespace LlmFromScratch.Tests.Notebooks;

public sealed class NotebookFileTests
{
    // What Python's json.dumps(sort_keys=True, indent=1, ensure_ascii=False) gives for the notebook below.
    private const string Canonical = """
        {
         "cells": [
          {
           "cell_type": "markdown",
           "id": "m",
           "metadata": {},
           "source": [
            "# Größe 😀\n",
            "\"x\" \\ \u0001"
           ]
          },
          {
           "cell_type": "code",
           "execution_count": 1,
           "id": "c",
           "metadata": {
            "later": 1.50
           },
           "outputs": [
            {
             "name": "stdout",
             "output_type": "stream",
             "text": [
              "1\n",
              "2"
             ]
            }
           ],
           "source": []
          }
         ],
         "metadata": {
          "unknown": [
           null,
           true
          ]
         },
         "nbformat": 4,
         "nbformat_minor": 5
        }

        """;

    [Fact]
    public void ToJson_UnsortedCompactNotebook_IsJupytersForm()
    {
        const string compact = """
            {"nbformat":4,"nbformat_minor":5,"metadata":{"unknown":[null,true]},"cells":[
            {"source":"# Größe \ud83d\ude00\n\"x\" \\ \u0001","metadata":{},"id":"m","cell_type":"markdown"},
            {"cell_type":"code","id":"c","source":"","metadata":{"later":1.50},"execution_count":1,"outputs":[{"text":"1\n2","output_type":"stream","name":"stdout"}]}]}
            """;
        Assert.Equal(Canonical, NotebookFile.Parse(compact, "a.ipynb").ToJson());
    }

    [Fact]
    public void ToJson_JupytersForm_ChangesNoByte() => Assert.Equal(Canonical, NotebookFile.Parse(Canonical, "a.ipynb").ToJson());

    [Theory]
    [InlineData("[]", "a.ipynb: expected a JSON object, got [].")]
    [InlineData("{\"nbformat\":4,", "a.ipynb: expected a notebook in JSON")]
    [InlineData("{\"nbformat\":4,\"nbformat_minor\":4}", "a.ipynb: field \"nbformat\": expected 4.5, got 4.4.")]
    [InlineData("{\"nbformat\":4,\"nbformat_minor\":5,\"cells\":1}", "a.ipynb: field \"cells\": expected a list, got 1.")]
    public void Parse_BrokenFile_NamesTheField(string json, string expected) => Refuses(json, expected);

    [Theory]
    [InlineData("\"metadata\":{}, \"source\":[1]", "a.ipynb: cell 2, field \"source\": expected a string or a list of strings, got [1].")]
    [InlineData("\"metadata\":{\"tags\":\"x\"}, \"source\":\"\"", "a.ipynb: cell 2, field \"metadata.tags\": expected a list of strings, got \"x\".")]
    [InlineData("\"metadata\":{\"exercise\":6.3}, \"source\":\"\"", "a.ipynb: cell 2, field \"metadata.exercise\": expected a string such as \"6.3\", got 6.3.")]
    [InlineData("\"metadata\":{}, \"source\":\"\"", "a.ipynb: cell 2, field \"outputs\": expected a list, got nothing.")]
    public void Parse_BrokenCell_NamesCellAndField(string fields, string expected) => Refuses($$"""
        {"nbformat":4,"nbformat_minor":5,"metadata":{},"cells":[{"cell_type":"markdown","id":"a","metadata":{},"source":""},{"cell_type":"code","id":"b",{{fields}}}]}
        """, expected);

    [Fact]
    public void Parse_SameIdTwice_NamesBothCells() => Refuses("""
        {"nbformat":4,"nbformat_minor":5,"cells":[{"cell_type":"raw","id":"a","metadata":{},"source":""},{"cell_type":"raw","id":"a","metadata":{},"source":""}]}
        """, "a.ipynb: cell 2, field \"id\": expected a unique id, got \"a\", which cell 1 has.");

    private static void Refuses(string json, string expected) =>
        Assert.StartsWith(expected, Assert.Throws<InvalidDataException>(() => NotebookFile.Parse(json, "a.ipynb")).Message);
}
