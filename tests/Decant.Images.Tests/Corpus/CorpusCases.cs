namespace Decant.Images.Tests;

/// <summary>All cases. Names of other projects say which of their tests asks the same; the archives are made here.</summary>
static partial class CorpusCases
{
    /// <summary>image-spec's text on layers.</summary>
    const string Spec = "OCI image-spec layer.md";

    static readonly Lazy<List<CorpusCase>> all = new(Make);

    public static IReadOnlyList<CorpusCase> All => all.Value;

    static List<CorpusCase> Make()
    {
        List<CorpusCase> cases = [];
        Breakouts(cases);
        LinksToOutside(cases);
        Whiteouts(cases);
        OpaqueDirectories(cases);
        Replacements(cases);
        HardLinks(cases);
        Names(cases);
        Metadata(cases);
        Archives(cases);
        SparseFiles(cases);
        return cases;
    }

    static TestArchive New => new();

    static void Applies(this List<CorpusCase> cases, string name, string what, string rule, TestArchive[] layers, params CorpusEntry[] tree) =>
        cases.Add(new CorpusCase(name, what, rule, CorpusExpectation.Apply, [.. layers.Select(layer => layer.End())], tree));

    static void Either(this List<CorpusCase> cases, string name, string what, string rule, TestArchive[] layers, params CorpusEntry[] tree) =>
        cases.Add(new CorpusCase(name, what, rule, CorpusExpectation.Either, [.. layers.Select(layer => layer.End())], tree));

    static void Refuses(this List<CorpusCase> cases, string name, string what, string rule, params TestArchive[] layers) =>
        cases.Refuses(name, what, rule, [.. layers.Select(layer => layer.End())]);

    static void Refuses(this List<CorpusCase> cases, string name, string what, string rule, params byte[][] layers) =>
        cases.Add(new CorpusCase(name, what, rule, CorpusExpectation.Refuse, layers, []));
}
