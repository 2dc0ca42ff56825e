using Decant.Images;
using Decant.Launch.Running;
using Decant.Linux;

namespace Decant.Cli;

/// <summary><c>decant rm NAME...</c></summary>
sealed class RemoveCommand : StoreCommand
{
    bool all;

    public override string Name => "rm";

    public override string Summary => "Remove images, or what a named run has kept";

    public override CliOperand[] Operands => [new("NAME", ValueHint.Removable, Optional: true, Repeated: true)];

    public override CliOption[] Options =>
        [CliOption.Flag("all", 'a', OptionTopic.Output, "Remove all images; kept runs stay", on => all = on)];

    protected override int Run(string[] operands, Configuration configuration)
    {
        if (all != (operands.Length == 0))
            throw new DecantException(all ? "--all and names exclude each other" : "no name of an image or a run is given", "decant rm NAME... or decant rm --all");
        ImageStore store = configuration.OpenStore();
        if (all)
        {
            store.RemoveAll();
            return ExitCode.Success;
        }

        int code = ExitCode.Success;
        foreach (string name in operands)
        {
            try
            {
                Remove(store, name);
            }
            catch (DecantException e)
            {
                // The names after it are still removed, as with rm(1).
                code = ExitCode.Report(e);
            }
        }

        return code;
    }

    static void Remove(ImageStore store, string name)
    {
        // Names of images may hold what a run's name may not, and a run's directory must not be looked for by those.
        if (NameText.IsRun(name) && store.RemoveRun(name, MappedTree.TakeOver))
        {
            if (store.Find(name) is not null)
                StandardStreams.WriteError($"decant: removed the run {name}; the image {name} is still there: decant rm {name} removes it\n");
            return;
        }

        if (!store.Remove(name))
            throw new DecantException($"no image and no run {PathBytes.Printable(name)} in {PathBytes.Printable(store.Root)}", "decant images");
    }
}
