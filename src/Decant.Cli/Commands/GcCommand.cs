using System.Text;
using Decant.Images;
using Decant.Linux;

namespace Decant.Cli;

/// <summary><c>decant gc</c></summary>
sealed class GcCommand : StoreCommand
{
    bool dryRun;
    bool json;

    public override string Name => "gc";

    public override string Summary => "Remove from the store what nothing needs";

    public override CliOption[] Options =>
    [
        CliOption.Flag("dry-run", '\0', OptionTopic.Output, "Only say what would be removed", on => dryRun = on),
        JsonOption.Create(on => json = on),
    ];

    protected override int Run(string[] operands, Configuration configuration)
    {
        ImageStore store = configuration.OpenStore();
        GarbageReport garbage = store.CollectGarbage(dryRun);
        if (json)
            JsonOutput.Write(GcReport.Of(garbage, dryRun), ReportJson.Default.GcReport);
        else
            StandardStreams.Write(Render(garbage));
        if (garbage.Busy)
            StandardStreams.WriteError($"decant: a pull or a removal is under way in {PathBytes.Printable(store.Root)}; nothing was collected, as its own end collects\n");
        return ExitCode.Success;
    }

    string Render(GarbageReport garbage)
    {
        if (garbage.Busy)
            return "";
        StringBuilder text = new();
        foreach (GarbageItem item in garbage.Removed)
            Line(text, item, "");
        foreach (GarbageItem item in garbage.InUse)
            Line(text, item, "  kept: a running program stands on it");
        return text.Append(dryRun ? "would free " : "freed ").Append(ByteSize.Format(garbage.Bytes)).Append('\n').ToString();
    }

    static void Line(StringBuilder text, GarbageItem item, string note) =>
        text.Append($"{item.Kind.ToString().ToLowerInvariant(),-9}{PathBytes.Printable(item.Name)}  {ByteSize.Format(item.Bytes)}{note}\n");
}
