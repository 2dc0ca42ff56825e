using System.Text;

namespace Decant.Cli;

/// <summary>What <c>decant ldd</c> prints: each library once, below the object that first asked for it.</summary>
sealed class LddText
{
    const string Red = "31";
    const string Yellow = "33";
    const string Dim = "2";

    readonly StringBuilder text = new();
    readonly bool colours;

    LddText(bool colours) => this.colours = colours;

    public static string Render(IReadOnlyList<LddProgramReport> programs, bool colours)
    {
        LddText page = new(colours);
        for (int i = 0; i < programs.Count; i++)
        {
            if (i > 0)
                page.text.Append('\n');
            page.Program(programs[i]);
        }

        return page.text.ToString();
    }

    void Program(LddProgramReport program)
    {
        foreach (string script in program.Scripts)
            text.Append(script).Append(Paint(" is a script for", Dim)).Append('\n');
        string loader = program.Loader is null ? "statically linked" : $"{program.Loader} {program.LoaderVersion}".TrimEnd();
        text.Append(program.Path).Append(Paint($"  {loader}", Dim)).Append('\n');
        if (program.Why is { } why)
        {
            Why(why);
        }
        else
        {
            Branch(program, program.Path, "");
            Symbols(program);
        }

        foreach (LddDeviceCodeReport code in program.DeviceCode ?? [])
            text.Append(Paint("device code of ", Dim)).Append(code.Path).Append(": ").AppendJoin(", ", code.Code.Select(one => one.Architecture)).Append('\n');
        if (program.DeviceCode is { Count: 0 })
            text.Append(Paint("no device code", Dim)).Append('\n');
        foreach (string damaged in program.Damaged ?? [])
            text.Append(Paint("damaged: ", Red)).Append(damaged).Append('\n');
    }

    void Branch(LddProgramReport program, string parent, string indent)
    {
        LddLibraryReport[] children = [.. program.Libraries.Where(library => library.RequestedBy == parent)];
        for (int i = 0; i < children.Length; i++)
        {
            bool last = i == children.Length - 1;
            string below = indent + (last ? "   " : "│  ");
            text.Append(indent).Append(last ? "└─ " : "├─ ");
            Library(children[i], below);
            // A name for what is loaded already has no branch of its own.
            if (children[i] is { Path: { } path, Rule: not "already loaded" } && path != parent)
                Branch(program, path, below);
        }
    }

    void Library(LddLibraryReport library, string below)
    {
        string rule = library.Source is null ? library.Rule : $"{library.Rule} of {library.Source}";
        if (library.Path is null)
        {
            text.Append(Paint($"{library.Name} => not found", library.Optional == true ? Yellow : Red)).Append(": ").Append(library.Problem).Append('\n');
            foreach (LddPlaceReport place in library.Searched ?? [])
                text.Append(below).Append(Paint($"  searched {Place(place)}", Dim)).Append('\n');
        }
        else
        {
            text.Append(library.Name == library.Path ? library.Path : $"{library.Name} => {library.Path}").Append(Paint($"  {rule}", Dim)).Append('\n');
        }

        foreach (string other in library.PassedOver ?? [])
            text.Append(below).Append(Paint($"  passed over {other}: for another machine", Dim)).Append('\n');
    }

    void Symbols(LddProgramReport program)
    {
        foreach (LddVersionReport version in program.MissingVersions ?? [])
            text.Append(Paint($"version {version.Version} not found", Red)).Append(" in ").Append(version.Library).Append(", required by ").Append(version.RequiredBy).Append('\n');
        foreach (LddSymbolReport symbol in program.UndefinedSymbols ?? [])
        {
            string name = symbol.Version is null ? symbol.Name : $"{symbol.Name}@{symbol.Version}";
            text.Append(Paint($"undefined symbol {name}", symbol.When == "load" ? Red : Yellow)).Append(", wanted by ").Append(symbol.RequiredBy)
                .Append(symbol.When == "load" ? "\n" : " when it calls it\n");
        }
    }

    void Why(LddWhyReport why)
    {
        foreach (LddLibraryReport library in why.Library ?? [])
        {
            text.Append("  ").Append(library.RequestedBy).Append(" wants ");
            Library(library, "  ");
        }

        foreach (LddBindingReport binding in why.Bindings ?? [])
        {
            string wanted = binding.Version is null ? why.Name : $"{why.Name.Split('@')[0]}@{binding.Version}";
            string got = binding.Provider is null
                ? Paint(binding.Weak ? "nothing, which is no error: it is weak" : "nothing", binding.Weak ? Yellow : Red)
                : binding.ProvidedVersion is null ? binding.Provider : $"{binding.Provider} ({binding.ProvidedVersion})";
            text.Append("  ").Append(binding.RequiredBy).Append(" wants ").Append(wanted).Append(" and gets ").Append(got).Append('\n');
        }

        foreach (LddProviderReport provider in why.Providers ?? [])
            text.Append("  exported by ").Append(provider.Path).Append(provider.Version is null ? "" : $" as {provider.Version}").Append('\n');
        if (why is { Library: null, Bindings.Count: 0, Providers.Count: 0 })
            text.Append(Paint("  no library and no symbol of this name", Red)).Append('\n');
    }

    static string Place(LddPlaceReport place)
    {
        string where = place.Source is null ? place.Rule : $"{place.Rule} of {place.Source}";
        return place.Directories.Count == 1 && place.Directories[0].EndsWith(where, StringComparison.Ordinal) ? place.Directories[0] : $"{where}: {string.Join(", ", place.Directories)}";
    }

    string Paint(string words, string colour) => colours ? $"\e[{colour}m{words}\e[0m" : words;
}
