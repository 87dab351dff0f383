using LlmFromScratch.Notebooks.Execution;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace LlmFromScratch.Tests.Notebooks;

/// <summary>Where the guard's calls are written, and that what is written means what it meant.</summary>
[Collection(NotebookCollection.Name)]
public class GuardedCodeTests
{
    // L and E stand for the calls, C for the condition: the names are long.
    [Theory]
    [InlineData("while (a) b();", "while (a) { L b(); }")]
    [InlineData("do { b(); } while (a);", "do { L  b(); } while (a);")]
    [InlineData("for (;;) for (;;) b();", "for (;;) { L for (;;) { L b(); } }")]
    [InlineData("foreach (int x in y) b(); // all", "foreach (int x in y) { L b(); } // all")]
    [InlineData("x: b(); goto x;", "x: b(); { L goto x; }")]
    [InlineData("try { b(); } catch { c(); }", "try { b(); } catch when (C) { c(); }")]
    [InlineData("try { b(); } catch (Exception e) when (e.Message is \"\" || a) { c(); }", "try { b(); } catch (Exception e) when (C && (e.Message is \"\" || a)) { c(); }")]
    [InlineData("void f() { b(); }", "void f() { E  b(); }")]
    [InlineData("void f() => b();", "void f() { E  b(); }")]
    [InlineData("int f() => 1;", "int f() { E return  1; }")]
    [InlineData("int f() => throw new Exception();", "int f() { E  throw new Exception(); }")]
    [InlineData("async Task f() => await g();", "async Task f() { E  await g(); }")]
    [InlineData("class A { int P => 1; int Q { get => 2; set => _ = value; } int this[int i] => i; }",
        "class A { int P { get { E return  1; } } int Q { get { E return  2; } set { E  _ = value; } } int this[int i] { get { E return  i; } } }")]
    [InlineData("Action f = () => b();", "Action f = () => { E b(); };")]
    [InlineData("Func<int, Func<int, int>> f = x => y => x + y;", "Func<int, Func<int, int>> f = x => { E return y => { E return x + y; }; };")]
    [InlineData("Func<Task> f = async () => await Task.Delay(1);", "Func<Task> f = async () => { E await Task.Delay(1); };")]
    [InlineData("System.Linq.Expressions.Expression<Func<int, int>> f = x => x + 1;", "System.Linq.Expressions.Expression<Func<int, int>> f = x => x + 1;")]
    [InlineData("int x = 1;", "int x = 1;")]
    public void Of_Construct_IsGuarded(string code, string expected)
    {
        const string Guard = "global::LlmFromScratch.Notebooks.Execution.CellGuard.";
        Assert.Equal(expected, Guarded(code).Replace($"{Guard}Loop();", "L").Replace($"{Guard}Enter();", "E").Replace($"{Guard}MayCatch", "C"));
    }

    [Fact]
    public async Task Of_EveryConstruct_ComputesWhatItDid()
    {
        const string Code = """
            using System.Collections;
            using System.Threading;
            int Sum(params int[] all) { int sum = 0; foreach (int one in all) sum += one; return sum; }
            int Twice(int x) => 2 * x;
            ref int First(int[] all) => ref all[0];
            async Task<int> LaterAsync(int x) { await Task.Yield(); return x; }
            async Task NothingAsync() => await LaterAsync(1);
            IEnumerable<int> Count() { for (int i = 0; ; i++) yield return i; }
            async IAsyncEnumerable<int> CountAsync() { foreach (int i in Count()) yield return await LaterAsync(i); }
            record struct Point(double X, double Y) { public double Norm => Math.Sqrt(X * X + Y * Y); public static Point operator -(Point p) => new(-p.X, -p.Y); public static implicit operator double(Point p) => p.Norm; }
            class Bag<T> : IEnumerable<T> where T : struct
            {
                private readonly List<T> _all = [];
                public Bag(params T[] all) => _all.AddRange(all);
                public T this[int i] { get => _all[i]; set => _all[i] = value; }
                public int Length => _all.Count;
                public IEnumerator<T> GetEnumerator() => _all.GetEnumerator();
                IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
                public event Action Changed { add { value(); } remove => throw new NotSupportedException("remove"); }
            }
            var lines = new List<string>();
            void Say(object text) => lines.Add(FormattableString.Invariant($"{text}"));
            Say(Sum(1, 2, 3)); Say(Twice(4));
            int[] numbers = { 1, 2, 3 }; First(numbers) = 7; Say(numbers[0]);
            await NothingAsync(); Say(await LaterAsync(5));
            Say(string.Join(",", Count().Where(i => i % 2 == 1).Select(i => i * i).Take(3)));
            await foreach (int i in CountAsync()) { if (i > 2) break; Say(i); }
            Say((double)-new Point(3, 4)); Say(new Bag<int>(1, 2) { [0] = 9 }[0]); Say(new Bag<int>(4, 5).Sum());
            new Bag<int>().Changed += () => Say("changed");
            foreach ((int a, int b) in new[] { (1, 2), (3, 4) }) Say(a * b);
            string Kind(object value) => value switch { int n when n > 2 => "large", int => "small", null => "nothing", _ => throw new ArgumentException("kind") };
            Say(Kind(3)); Say(Kind(null));
            try { Kind("x"); } catch (ArgumentException e) when (e.Message == "kind") { Say(e.Message); } finally { Say("finally"); }
            try { new Bag<int>().Changed -= () => { }; } catch (NotSupportedException e) { Say(e.Message); }
            int tries = 0; again: tries++; if (tries < 3) goto again; Say(tries);
            switch (tries) { case 3: Say("three"); goto case 4; case 4: Say("four"); break; }
            Func<int, int> fib = null; fib = n => n < 2 ? n : fib(n - 1) + fib(n - 2); Say(fib(12));
            Comparison<int> down = delegate(int x, int y) { return y - x; }; Array.Sort(numbers, down); Say(numbers[0]);
            Func<Func<int>> nested = () => () => 3; Say(nested()());
            Func<double> none = () => default; Say(none());
            Say($"{numbers.Select(n => n > 2 ? "a" : "b").First()} {(tries > 2 ? "c" : "d")}");
            var query = from n in numbers where n > 1 orderby n select new { n, twice = Twice(n) }; Say(query.Last().twice);
            do tries--; while (tries > 0); Say(tries);
            unsafe { fixed (int* p = numbers) for (int i = 0; i < 3; i++) p[i] = i; } Say(Sum(numbers));
            Parallel.For(0, 8, i => Interlocked.Increment(ref tries)); Say(tries);
            string.Join(" ", lines)
            """;
        Assert.NotEqual(Code, Guarded(Code));
        Assert.DoesNotContain(ScriptOf(Guarded(Code)).GetDiagnostics(), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        using var session = new NotebookSession(AppContext.BaseDirectory, TimeSpan.FromSeconds(60));
        CellResult result = await session.RunAsync(Code, "csharp", 1, 1, CancellationToken.None);
        Assert.Null(result.Error);
        Assert.Equal("6 8 7 5 1,9,25 0 1 2 5 9 9 changed 2 12 large nothing kind finally remove 3 three four 144 7 3 0 a c 14 0 3 8",
            (string?)result.Outputs.Single()!["data"]!["text/plain"]![0] ?? "");
    }

    [Fact]
    public async Task Session_RemarkOrErrorInGuardedCode_IsAboutTheTextThatWasWritten()
    {
        using var session = new NotebookSession(AppContext.BaseDirectory, TimeSpan.FromSeconds(60));
        CellResult result = await session.RunAsync("while (false) { }\nFunc<int, int> f = x => x + y;\nfor (;;) g();", "csharp", 1, 1, CancellationToken.None);
        Assert.Equal("cell 1, line 2: error CS0103: The name 'y' does not exist in the current context\n      Func<int, int> f = x => x + y;\n"
            + "cell 1, line 3: error CS0103: The name 'g' does not exist in the current context\n      for (;;) g();", result.Error);
    }

    private static string Guarded(string code) => GuardedCode.Of(ScriptOf(code), "cell 1");

    private static Compilation ScriptOf(string code)
    {
        using var session = new NotebookSession(AppContext.BaseDirectory, TimeSpan.FromSeconds(60));
        return session.ScriptFor(code, 1).GetCompilation();
    }
}
