using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace LlmFromScratch.Notebooks.Execution;

/// <summary>
/// Writes the calls of <see cref="CellGuard"/> into a cell's text: at the start of every loop's and every function's body, before every
/// <c>goto</c>, and as a condition of every <c>catch</c>. A body that is an expression becomes a block. All on the same lines, so that errors name the line that was written.
/// </summary>
internal sealed class GuardedCode : CSharpSyntaxWalker
{
    private const string Guard = "global::" + nameof(LlmFromScratch) + "." + nameof(Notebooks) + "." + nameof(Execution) + "." + nameof(CellGuard);
    private const string Loop = $"{Guard}.{nameof(CellGuard.Loop)}();", Enter = $"{Guard}.{nameof(CellGuard.Enter)}();", MayCatch = $"{Guard}.{nameof(CellGuard.MayCatch)}";

    private readonly SemanticModel _model;
    private readonly List<TextChange> _changes = [];

    private GuardedCode(SemanticModel model) => _model = model;

    /// <summary>The guarded text of the cell that <paramref name="compilation"/> compiles under the name <paramref name="file"/>; the text itself where nothing is to guard.</summary>
    public static string Of(Compilation compilation, string file)
    {
        SyntaxTree tree = compilation.SyntaxTrees.Single(tree => tree.FilePath == file); // others come from #load
        var walker = new GuardedCode(compilation.GetSemanticModel(tree));
        walker.Visit(tree.GetRoot());
        StringBuilder text = new();
        string source = tree.ToString();
        int end = 0;
        foreach (TextChange change in walker._changes.OrderBy(change => change.Span.Start)) // a stable order: of two at one place the outer was found first
        {
            text.Append(source, end, change.Span.Start - end).Append(change.NewText);
            end = change.Span.End;
        }
        return text.Append(source, end, source.Length - end).ToString();
    }

    /// <inheritdoc/>
    public override void VisitWhileStatement(WhileStatementSyntax node)
    {
        GuardStatement(node.Statement);
        base.VisitWhileStatement(node);
    }

    /// <inheritdoc/>
    public override void VisitDoStatement(DoStatementSyntax node)
    {
        GuardStatement(node.Statement);
        base.VisitDoStatement(node);
    }

    /// <inheritdoc/>
    public override void VisitForStatement(ForStatementSyntax node)
    {
        GuardStatement(node.Statement);
        base.VisitForStatement(node);
    }

    /// <inheritdoc/>
    public override void VisitForEachStatement(ForEachStatementSyntax node)
    {
        GuardStatement(node.Statement);
        base.VisitForEachStatement(node);
    }

    /// <inheritdoc/>
    public override void VisitForEachVariableStatement(ForEachVariableStatementSyntax node)
    {
        GuardStatement(node.Statement);
        base.VisitForEachVariableStatement(node);
    }

    /// <inheritdoc/>
    public override void VisitGotoStatement(GotoStatementSyntax node)
    {
        Surround(node.Span, $"{{ {Loop} ", " }");
        base.VisitGotoStatement(node);
    }

    /// <inheritdoc/>
    public override void VisitCatchClause(CatchClauseSyntax node)
    {
        if (node.Filter is { } filter) Surround(filter.FilterExpression.Span, $"{MayCatch} && (", ")");
        else Insert(node.Block.SpanStart, $"when ({MayCatch}) ");
        base.VisitCatchClause(node);
    }

    /// <inheritdoc/>
    public override void VisitMethodDeclaration(MethodDeclarationSyntax node)
    {
        GuardFunction(node, node.Body, node.ExpressionBody);
        base.VisitMethodDeclaration(node);
    }

    /// <inheritdoc/>
    public override void VisitLocalFunctionStatement(LocalFunctionStatementSyntax node)
    {
        GuardFunction(node, node.Body, node.ExpressionBody);
        base.VisitLocalFunctionStatement(node);
    }

    /// <inheritdoc/>
    public override void VisitConstructorDeclaration(ConstructorDeclarationSyntax node)
    {
        GuardFunction(node, node.Body, node.ExpressionBody);
        base.VisitConstructorDeclaration(node);
    }

    /// <inheritdoc/>
    public override void VisitOperatorDeclaration(OperatorDeclarationSyntax node)
    {
        GuardFunction(node, node.Body, node.ExpressionBody);
        base.VisitOperatorDeclaration(node);
    }

    /// <inheritdoc/>
    public override void VisitConversionOperatorDeclaration(ConversionOperatorDeclarationSyntax node)
    {
        GuardFunction(node, node.Body, node.ExpressionBody);
        base.VisitConversionOperatorDeclaration(node);
    }

    /// <inheritdoc/>
    public override void VisitAccessorDeclaration(AccessorDeclarationSyntax node)
    {
        GuardFunction(node, node.Body, node.ExpressionBody);
        base.VisitAccessorDeclaration(node);
    }

    /// <inheritdoc/>
    public override void VisitPropertyDeclaration(PropertyDeclarationSyntax node)
    {
        if (node.ExpressionBody is { } body) ArrowToBlock(body, node.SemicolonToken, isVoid: false, "{ get ", " }");
        base.VisitPropertyDeclaration(node);
    }

    /// <inheritdoc/>
    public override void VisitIndexerDeclaration(IndexerDeclarationSyntax node)
    {
        if (node.ExpressionBody is { } body) ArrowToBlock(body, node.SemicolonToken, isVoid: false, "{ get ", " }");
        base.VisitIndexerDeclaration(node);
    }

    /// <inheritdoc/>
    public override void VisitAnonymousMethodExpression(AnonymousMethodExpressionSyntax node)
    {
        GuardStart(node.Block, Enter);
        base.VisitAnonymousMethodExpression(node);
    }

    /// <inheritdoc/>
    public override void VisitSimpleLambdaExpression(SimpleLambdaExpressionSyntax node)
    {
        if (TryGuardLambda(node)) base.VisitSimpleLambdaExpression(node);
    }

    /// <inheritdoc/>
    public override void VisitParenthesizedLambdaExpression(ParenthesizedLambdaExpressionSyntax node)
    {
        if (TryGuardLambda(node)) base.VisitParenthesizedLambdaExpression(node);
    }

    // False for an expression tree, which is data: nothing in it runs as it stands.
    private bool TryGuardLambda(LambdaExpressionSyntax node)
    {
        if (_model.GetTypeInfo(node).ConvertedType is { Name: "Expression" or "Expression`1" or "LambdaExpression" }) return false;
        if (node.Block is { } block) GuardStart(block, Enter);
        else if (_model.GetSymbolInfo(node).Symbol is IMethodSymbol symbol && node.ExpressionBody is { } expression)
            Surround(expression.Span, $"{{ {Enter} {Return(expression, IsVoid(symbol))}", "; }");
        return true;
    }

    private void GuardFunction(SyntaxNode function, BlockSyntax? block, ArrowExpressionClauseSyntax? arrow)
    {
        if (block is not null) GuardStart(block, Enter);
        else if (arrow is not null && _model.GetDeclaredSymbol(function) is IMethodSymbol symbol)
            ArrowToBlock(arrow, arrow.Parent!.GetLastToken(), IsVoid(symbol)); // a clause stands in a declaration, which ends with the semicolon
    }

    private void ArrowToBlock(ArrowExpressionClauseSyntax arrow, SyntaxToken semicolon, bool isVoid, string before = "", string after = "")
    {
        _changes.Add(new TextChange(arrow.ArrowToken.Span, $"{before}{{ {Enter} {Return(arrow.Expression, isVoid)}"));
        Insert(semicolon.Span.End, $" }}{after}");
    }

    private void GuardStatement(StatementSyntax body)
    {
        if (body is BlockSyntax block) GuardStart(block, Loop);
        else Surround(body.Span, $"{{ {Loop} ", " }");
    }

    private void GuardStart(BlockSyntax block, string call) => Insert(block.OpenBraceToken.Span.End, $" {call} ");

    private void Surround(TextSpan span, string before, string after)
    {
        Insert(span.Start, before);
        Insert(span.End, after);
    }

    private void Insert(int position, string text) => _changes.Add(new TextChange(new TextSpan(position, 0), text));

    private static string Return(ExpressionSyntax expression, bool isVoid) => isVoid || expression is ThrowExpressionSyntax ? "" : "return ";

    // An async function whose task carries no value returns none either.
    private static bool IsVoid(IMethodSymbol symbol) => symbol.ReturnsVoid || (symbol.IsAsync && symbol.ReturnType is INamedTypeSymbol { IsGenericType: false });
}
