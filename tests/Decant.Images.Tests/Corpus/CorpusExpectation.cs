namespace Decant.Images.Tests;

/// <summary>What a tool does with the layers of a case.</summary>
enum CorpusExpectation
{
    /// <summary>It applies them, and the tree is the one given.</summary>
    Apply,

    /// <summary>It ends with an error.</summary>
    Refuse,

    /// <summary>No text decides: it may refuse them; where it applies them, the tree is the one given.</summary>
    Either,
}
