using System.Collections.Immutable;

namespace Decant.Launch;

/// <summary>What devices that were asked for by name (CDI) change of a launch, beside their nodes and variables.</summary>
public sealed record DeviceEdits
{
    /// <summary>Outer ones need not come first. What is missing at their targets is made.</summary>
    public ImmutableArray<MountRequest> Mounts { get; init; } = [];

    /// <summary>In place of what the image has there.</summary>
    public ImmutableArray<LinkRequest> Links { get; init; } = [];

    /// <summary>Absolute in the root: the image's loader is to find the mounted libraries in them before any of its own.</summary>
    public ImmutableArray<string> LibraryDirectories { get; init; } = [];

    /// <summary>A directory of the image whose libraries are to be found before those; null for none.</summary>
    public string? FirstLibraryDirectory { get; init; }

    /// <summary>Groups of the host that the program is to be in besides.</summary>
    public ImmutableArray<uint> Groups { get; init; } = [];

    /// <summary>Small files in place of the image's.</summary>
    public ImmutableArray<FileRequest> Files { get; init; } = [];

    /// <summary>Small files that hide the kernel's, from a program that is root here: others cannot do what these forbid.</summary>
    public ImmutableArray<FileRequest> Covers { get; init; } = [];

    /// <summary>Permissions of directories.</summary>
    public ImmutableArray<ModeRequest> Modes { get; init; } = [];

    /// <summary>What else was wanted and is not to be had, each with its reason.</summary>
    public ImmutableArray<string> NotDone { get; init; } = [];

    /// <summary>The options that asked, for messages.</summary>
    public required string Text { get; init; }

    /// <summary>They change nothing, whatever is told of them.</summary>
    public bool IsEmpty => Mounts.IsEmpty && Links.IsEmpty && LibraryDirectories.IsEmpty && FirstLibraryDirectory is null && Groups.IsEmpty && Files.IsEmpty && Covers.IsEmpty && Modes.IsEmpty;

    /// <summary>Both, in this order.</summary>
    public DeviceEdits With(DeviceEdits other) => new()
    {
        Mounts = [.. Mounts.Where(mount => !other.Mounts.Any(later => later.Target == mount.Target)), .. other.Mounts],
        Links = [.. Links, .. other.Links],
        LibraryDirectories = [.. LibraryDirectories, .. other.LibraryDirectories],
        FirstLibraryDirectory = other.FirstLibraryDirectory ?? FirstLibraryDirectory,
        Groups = [.. Groups, .. other.Groups],
        Files = [.. Files, .. other.Files],
        Covers = [.. Covers, .. other.Covers],
        Modes = [.. Modes, .. other.Modes],
        NotDone = [.. NotDone, .. other.NotDone],
        Text = $"{Text} {other.Text}",
    };
}

/// <summary>A symbolic link to be made.</summary>
/// <param name="Target">What it says.</param>
/// <param name="Path">Absolute in the root.</param>
public readonly record struct LinkRequest(string Target, string Path);

/// <summary>A small file to be written.</summary>
/// <param name="Path">Absolute in the root.</param>
public readonly record struct FileRequest(string Path, ImmutableArray<byte> Content);

/// <summary>Permission bits of a file or directory.</summary>
/// <param name="Path">Absolute in the root.</param>
public readonly record struct ModeRequest(string Path, uint Mode);
