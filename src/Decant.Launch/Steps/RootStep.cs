using System.Collections.Immutable;
using Decant.Images;
using Decant.Launch.Lowering;
using Decant.Launch.Script;
using Decant.Linux;

namespace Decant.Launch.Steps;

/// <summary>
/// The root: an overlay of the image's layers under the upper layer that the steps before have filled; or, without an upper layer
/// (no overlay to be had), the one layer itself.
/// </summary>
sealed class RootStep : LaunchStep
{
    /// <summary>Absolute, topmost first.</summary>
    public required ImmutableArray<string> Layers { get; init; }

    public required bool HasUpper { get; init; }

    /// <summary>Without an upper layer: mounts of the host lie below the layer and come along, read-only too.</summary>
    public required bool WithMounts { get; init; }

    /// <summary>What devices bring lies above the image's layers, in one that ends with the run.</summary>
    public required bool HasDeviceLayer { get; init; }

    /// <summary>overlayfs' work directory of a kept upper layer; null for one in memory.</summary>
    public required string? KeptWork { get; init; }

    /// <summary>Rootless: overlayfs keeps its marks in user.* attributes, as trusted.* need real privilege.</summary>
    public required bool UserXattrs { get; init; }

    /// <summary>What mountinfo shows: by it the store knows that the layers are in use, as descriptors in lowerdir tell nothing.</summary>
    string Source => ImageStore.MountSource(Layers[0]);

    public override string Describe()
    {
        if (!HasUpper)
            return $"root: {PathBytes.Printable(Layers[0])}{(WithMounts ? " with the mounts below it" : "")}, read-only";
        string layers = Layers.Length == 1 ? PathBytes.Printable(Layers[0]) : $"{Layers.Length} layers, the topmost {PathBytes.Printable(Layers[0])}";
        string upper = KeptWork is null ? "stays in memory and ends with the run" : $"is kept beside {PathBytes.Printable(KeptWork)}";
        return $"root: overlay of {(HasDeviceLayer ? "what devices bring and " : "")}{layers}; what is written {upper}";
    }

    internal override Slot[] LowerOpen(Lowering.Lowering lowering)
    {
        if (!HasUpper)
            return [lowering.CloneHostTree(Layers[0], directory: true, recursive: true)];
        List<Slot> slots = [];
        foreach (string layer in Layers)
            slots.Add(lowering.OpenHost(layer, directory: true));
        if (KeptWork is not null)
            slots.Add(lowering.OpenHost(KeptWork, directory: true));
        return [.. slots];
    }

    internal override void Lower(Lowering.Lowering lowering, Slot[] opened)
    {
        if (HasUpper)
            LowerOverlay(lowering, opened);
        else
            lowering.AttachRoot(opened[0], lowering.OpenBelow(lowering.Scratch, "root", isDirectory: true), readOnly: WithMounts);
        // A removal of the image either sees the mount or has moved the layer by now (GarbageCollection): no run on half a layer.
        lowering.Program.Close(lowering.OpenHost(Layers[0], directory: true));
        lowering.Root = lowering.OpenBelow(lowering.Scratch, "root", isDirectory: true);
    }

    /// <summary>
    /// Layers are named by descriptor, relative to /proc/self/fd: no limit on the length of paths, no character to escape (mount(2)
    /// takes one page of options), and no mount of ours can hide them.
    /// </summary>
    unsafe void LowerOverlay(Lowering.Lowering lowering, Slot[] opened)
    {
        SyscallProgram program = lowering.Program;
        program.Call(SyscallNumber.Chdir, program.Text("/proc/self/fd"));
        TextComposer options = new(program, 4096);
        options.Append("lowerdir=");
        if (HasDeviceLayer)
            options.Append(lowering.Scratch).Append($"/{Lowering.Lowering.DeviceLayerName}:");
        for (int i = 0; i < Layers.Length; i++)
        {
            if (i > 0)
                options.Append(":");
            options.Append(opened[i]);
        }

        options.Append(",upperdir=").Append(lowering.Upper).Append(",workdir=");
        if (KeptWork is null)
            options.Append(lowering.Scratch).Append("/work");
        else
            options.Append(opened[Layers.Length]);
        // With an index a kept upper layer is tied to the layers that it was first mounted on (overlayfs.rst, "Index").
        if (HasDeviceLayer)
            options.Append(",index=off");
        if (UserXattrs)
            options.Append(",userxattr");
        TextComposer target = new TextComposer(program, 64).Append(lowering.Scratch).Append("/root");
        program.Call(SyscallNumber.Mount, program.Text(Source), target.Address, program.Text("overlay"), 0L, options.Address);
        foreach (Slot slot in opened)
            program.Close(slot);
        program.Close(lowering.Upper);
        if (lowering.DeviceLayer is { } layer)
            program.Close(layer);
    }

    internal override void WriteShell(ShellScript script)
    {
        string scratch = script.ScratchDirectory;
        if (WithMounts)
            throw new DecantException($"a shell cannot make the mounts below {PathBytes.Printable(Layers[0])} read-only in a user namespace", "use decant run, or make the script as root");
        if (!HasUpper)
        {
            script.Command("mount", "--rbind", Layers[0], script.Root);
            return;
        }

        // Short links: mount(8) passes one page of options, and a colon or comma in a path would need escaping.
        List<string> names = [];
        for (int i = 0; i < Layers.Length; i++)
        {
            script.Command("ln", "-s", Layers[i], $"{scratch}/l{i}");
            names.Add($"l{i}");
        }

        script.Command("cd", scratch);
        script.Command("mount", "-t", "overlay", "-o",
            $"lowerdir={string.Join(':', names)},upperdir=upper,workdir=work{(UserXattrs ? ",userxattr" : "")}", Source, script.Root);
        script.Command("cd", "/");
    }
}
