using Decant.Launch.Running;
using Decant.Linux;

namespace Decant.Launch.Lowering;

/// <summary>
/// Turns steps into the instructions of a <see cref="SyscallProgram"/>: what the steps share on the way, and the few idioms that
/// they all use (opening inside the root, cloning a tree of mounts, attaching it).
/// </summary>
sealed unsafe class Lowering(SyscallProgram program, MountCalls calls)
{
    const int AtFdCwd = -100;
    const long AtEmptyPath = 0x1000;
    const long AtRecursive = 0x8000;
    const long OpenTreeClone = 1;
    const long MoveMountFromEmpty = 0x4;
    const long MoveMountToEmpty = 0x40;

    /// <summary>The tmpfs mounted last, open: what this launch makes in it needs no resolution.</summary>
    (string Path, Slot Slot)? fresh;

    /// <summary>The directory of the upper layer opened last; its descriptor stays open until the program starts.</summary>
    (string Path, bool OfDevices, Slot Slot)? lastUpper;

    public SyscallProgram Program => program;

    /// <summary>The upper layer holds what an earlier run left, whiteouts among it.</summary>
    public bool UpperIsKept { get; set; }

    /// <summary>The upper layer, open as a path; set by <see cref="Steps.ScratchStep"/>.</summary>
    public Slot Upper { get; set; }

    /// <summary>In the tmpfs in which the root is put together.</summary>
    public const string DeviceLayerName = "devices";

    /// <summary>The layer of what devices bring, open as a path; null where it is the upper one. Set by <see cref="Steps.ScratchStep"/>.</summary>
    public Slot? DeviceLayer { get; set; }

    /// <summary>The tmpfs in which the root is put together; set by <see cref="Steps.ScratchStep"/>.</summary>
    public Slot Scratch { get; set; }

    /// <summary>The new root, open as a path; set by <see cref="Steps.RootStep"/>.</summary>
    public Slot Root { get; set; }

    /// <summary>Namespaces that another rank has made; null where this launch makes its own.</summary>
    public RankNamespaces? Joined { get; init; }

    /// <summary>The program's end of its new terminal; null where it keeps the caller's.</summary>
    public int? TerminalDescriptor { get; init; }

    /// <summary>The pipe that the parent keeps open while it lives; null where there is no parent.</summary>
    public int? ParentPipe { get; init; }

    /// <summary>The signal that decant itself gets when its parent dies, and that parent: a change of identity would clear it. Null where there is none.</summary>
    public (int Signal, int Parent)? ParentDeath { get; init; }

    public uint CallerUmask { get; init; }

    /// <summary>What the caller ignores and decant cannot while it waits: bit n-1 for signal n.</summary>
    public ulong IgnoredSignals { get; init; }

    /// <summary>Bit n-1 for signal n.</summary>
    public ulong CallerSignalMask { get; init; }

    /// <summary>A path of the host, before the root is entered. Links are followed: the path is the user's or decant's own.</summary>
    public Slot OpenHost(string path, bool directory) =>
        program.Open(SyscallNumber.Openat, AtFdCwd, program.Text(path), PathFlags(directory));

    public Slot OpenBelow(Slot directory, string name, bool isDirectory) =>
        program.Open(SyscallNumber.Openat, directory, program.Text(name), PathFlags(isDirectory));

    /// <summary>
    /// Opens a path of the new root that the plan has already resolved, so it holds no links. Resolved again inside the root, with
    /// links refused: were the tree changed since, the launch fails and never leaves the root.
    /// </summary>
    public Slot OpenInRoot(string path, bool directory) => OpenInside(Root, path, directory);

    /// <summary>The same in the upper layer before it is mounted: a kept one holds what earlier programs left.</summary>
    public Slot OpenInUpper(string path, bool ofDevices)
    {
        if (lastUpper is { } last && last.Path == path && last.OfDevices == ofDevices)
            return last.Slot;
        Slot slot = OpenInside(ofDevices && DeviceLayer is { } layer ? layer : Upper, path, directory: true);
        lastUpper = (path, ofDevices, slot);
        return slot;
    }

    Slot OpenInside(Slot root, string path, bool directory)
    {
        string relative = path.TrimStart('/');
        if (relative.Length == 0)
            relative = ".";
        if (calls.OpenAt2)
        {
            OpenHow* how = (OpenHow*)program.Allocate(sizeof(OpenHow));
            how->Flags = (ulong)PathFlags(directory);
            how->Resolve = (ulong)(ResolveFlags.InRoot | ResolveFlags.NoMagicLinks | ResolveFlags.NoSymlinks);
            return program.Open(SyscallNumber.Openat2, root, program.Text(relative), (byte*)how, sizeof(OpenHow));
        }

        if (relative == ".")
            return OpenBelow(root, ".", isDirectory: true);
        Slot at = root;
        string[] components = relative.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (int i = 0; i < components.Length; i++)
        {
            bool last = i == components.Length - 1;
            // O_PATH|O_NOFOLLOW opens a link itself; O_DIRECTORY then refuses it. A last component that is a file is
            // checked by the mount, which refuses to put a file on a link.
            Slot next = program.Open(SyscallNumber.Openat, at, program.Text(components[i]), PathFlags(!last || directory) | (long)OpenFlag.NoFollow);
            if (at != root)
                program.Close(at);
            at = next;
        }

        return at;
    }

    /// <summary>Creates what a target lacks, in the new root, and opens it.</summary>
    public Slot OpenTarget(MountTarget target)
    {
        string parent = target.ExistingParent;
        for (int i = 0; i < target.Missing.Length; i++)
        {
            bool last = i == target.Missing.Length - 1;
            Slot directory = OpenInRoot(parent, directory: true);
            byte* name = program.Text(target.Missing[i]);
            // EEXIST: an earlier step of this launch made it.
            Make(directory, name, !last || target.IsDirectory);
            program.Close(directory);
            parent = parent == "/" ? "/" + target.Missing[i] : parent + "/" + target.Missing[i];
        }

        return OpenInRoot(target.Path, target.IsDirectory);
    }

    /// <summary>A directory or an empty file; EEXIST: an earlier step of this launch made it.</summary>
    void Make(Slot directory, byte* name, bool isDirectory)
    {
        if (isDirectory)
            program.CallTolerating(Errno.EEXIST, Errno.None, Errno.None, SyscallNumber.Mkdirat, directory, name, 0x1ED /* 0755 */);
        else
            program.CallTolerating(Errno.EEXIST, Errno.None, Errno.None, SyscallNumber.Mknodat, directory, name, 0x8000 | 0x1A4 /* regular, 0644 */, 0);
    }

    /// <summary>Makes a link in a directory that this launch has mounted.</summary>
    public void Link(string directory, string name, string target)
    {
        Slot parent = fresh is { } known && known.Path == directory ? known.Slot : OpenInRoot(directory, directory: true);
        program.CallTolerating(Errno.EEXIST, Errno.None, Errno.None, SyscallNumber.Symlinkat, program.Text(target), parent, program.Text(name));
    }

    /// <summary>A private copy of the host's mount at a path, to be attached in the new root later.</summary>
    public Slot CloneHostTree(string path, bool directory, bool recursive) =>
        calls.MountApi
            ? program.Open(SyscallNumber.OpenTree, AtFdCwd, program.Text(path), OpenTreeClone | (long)OpenFlags.CloseOnExec | (recursive ? AtRecursive : 0))
            : OpenHost(path, directory);

    /// <summary>A private copy of the mount of a file that this launch has made.</summary>
    public Slot CloneFile(Slot directory, string name) =>
        calls.MountApi
            ? program.Open(SyscallNumber.OpenTree, directory, program.Text(name), OpenTreeClone | (long)OpenFlags.CloseOnExec)
            : OpenBelow(directory, name, isDirectory: false);

    /// <summary>Sets a copied tree's flags and propagation, and puts it on its target, made first where it is missing.</summary>
    public void Attach(Slot tree, MountTarget target, bool recursive, MountFlags flags, MountPropagation propagation)
    {
        if (!calls.MountApi)
        {
            AttachByPath(tree, target, recursive, flags, propagation);
            return;
        }

        if (flags != MountFlags.None || propagation != MountPropagation.Slave)
        {
            MountAttributes* attributes = (MountAttributes*)program.Allocate(sizeof(MountAttributes));
            attributes->Set = (ulong)flags;
            attributes->Propagation = (ulong)propagation.ToKernel();
            program.Call(SyscallNumber.MountSetattr, tree, program.Text(""), AtEmptyPath | (recursive ? AtRecursive : 0), (byte*)attributes, sizeof(MountAttributes));
        }

        if (target.Missing.Length == 1 && fresh is { } directory && target.ExistingParent == directory.Path)
        {
            // Nobody but this launch has ever seen the directory: what was just made in it needs no second look.
            byte* name = program.Text(target.Missing[0]);
            Make(directory.Slot, name, target.IsDirectory);
            program.Call(SyscallNumber.MoveMount, tree, program.Text(""), directory.Slot, name, MoveMountFromEmpty);
        }
        else
        {
            Slot on = OpenTarget(target);
            program.Call(SyscallNumber.MoveMount, tree, program.Text(""), on, program.Text(""), MoveMountFromEmpty | MoveMountToEmpty);
            program.Close(on);
            Covered(target.Path);
        }

        program.Close(tree);
    }

    /// <summary>A mount at or above the tmpfs that is still open hides it: what comes next must be resolved again.</summary>
    public void Covered(string path)
    {
        if (fresh is { } directory && (directory.Path == path || LinuxPath.IsBelow(directory.Path, path)))
            fresh = null;
    }

    /// <summary>The same by mount(2) on /proc/self/fd, where the kernel has no newer way.</summary>
    void AttachByPath(Slot tree, MountTarget target, bool recursive, MountFlags flags, MountPropagation propagation)
    {
        Slot on = OpenTarget(target);
        program.Call(SyscallNumber.Mount, DescriptorPath(tree), DescriptorPath(on), 0L, (long)MountCall.Bind | (recursive ? (long)MountCall.Recursive : 0), 0L);
        // The target's descriptor still means what lies below the new mount: open again to reach the mount itself.
        Slot mounted = OpenInRoot(target.Path, target.IsDirectory);
        byte* at = DescriptorPath(mounted);
        program.Call(SyscallNumber.Mount, 0L, at, 0L, propagation.ToKernel() | (recursive ? (long)MountCall.Recursive : 0), 0L);
        if (flags != MountFlags.None)
            program.Call(SyscallNumber.Mount, 0L, at, 0L, (long)MountCall.Bind | (long)MountCall.Remount | (long)flags.ToMountCall(), 0L);
        program.Close(mounted);
        program.Close(on);
        program.Close(tree);
    }

    /// <summary>Puts a copied tree on the directory that becomes the root.</summary>
    /// <param name="readOnly">With all mounts in it; by the newer calls only.</param>
    public void AttachRoot(Slot tree, Slot target, bool readOnly)
    {
        if (readOnly)
            MakeReadOnly(tree, program.Text(""), AtEmptyPath | AtRecursive);
        if (calls.MountApi)
            program.Call(SyscallNumber.MoveMount, tree, program.Text(""), target, program.Text(""), MoveMountFromEmpty | MoveMountToEmpty);
        else
            program.Call(SyscallNumber.Mount, DescriptorPath(tree), DescriptorPath(target), 0L, (long)(MountCall.Bind | MountCall.Recursive), 0L);
        program.Close(tree);
        program.Close(target);
    }

    /// <summary>Mounts a file system of the kernel's on its target. The last tmpfs stays open: the devices go into it next.</summary>
    public void MountNew(string type, MountTarget target, MountFlags flags, string options)
    {
        Slot on = OpenTarget(target);
        program.Call(SyscallNumber.Mount, program.Text(type), DescriptorPath(on), program.Text(type), (long)flags.ToMountCall(),
            options.Length == 0 ? 0L : program.Text(options));
        program.Close(on);
        if (type == "tmpfs")
            fresh = (target.Path, OpenInRoot(target.Path, directory: true));
    }

    /// <summary>Makes the root mount itself read-only, not the mounts on it.</summary>
    public void MakeRootReadOnly()
    {
        if (calls.MountApi)
            MakeReadOnly(AtFdCwd, program.Text("/"), 0);
        else
            program.Call(SyscallNumber.Mount, 0L, program.Text("/"), 0L, (long)(MountCall.Bind | MountCall.Remount | MountCall.ReadOnly), 0L);
    }

    void MakeReadOnly(Operand directory, byte* path, long flags)
    {
        MountAttributes* attributes = (MountAttributes*)program.Allocate(sizeof(MountAttributes));
        attributes->Set = (ulong)MountFlags.ReadOnly;
        program.Call(SyscallNumber.MountSetattr, directory, path, flags, (byte*)attributes, sizeof(MountAttributes));
    }

    /// <summary>"/proc/self/fd/N" for a descriptor known only in the child.</summary>
    public byte* DescriptorPath(Slot descriptor) => new TextComposer(program, 40).Append("/proc/self/fd/").Append(descriptor).Address;

    static long PathFlags(bool directory) => (long)(OpenFlags.Path | OpenFlags.CloseOnExec | (directory ? OpenFlag.Directory : 0));
}
