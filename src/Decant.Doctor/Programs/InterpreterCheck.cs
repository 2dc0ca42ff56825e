using System.Buffers.Binary;
using Decant.Elf;
using Decant.Images;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Whether the kernel takes the loader that a program names, before that loader does anything (load_elf_binary of fs/binfmt_elf.c).</summary>
static class InterpreterCheck
{
    /// <summary>sizeof(Elf64_Ehdr), and Elf32_Ehdr's.</summary>
    const int LongHeader = 64;
    const int ShortHeader = 52;

    /// <summary>sizeof(Elf64_Phdr).</summary>
    const int ProgramHeader = 56;

    /// <returns>Null where it does, or there is none: that is told with what the image has instead.</returns>
    public static Finding? Examine(ExaminedCommand command, string program, ElfFile elf)
    {
        if (elf.Interpreter is not { } loader)
            return null;
        string printable = PathBytes.Printable(loader);
        string by = PathBytes.Printable(program);
        RootEntry entry = command.View.Resolve(loader);
        if (entry.Errno == Errno.EACCES && PermissionFindings.BehindClosed(command, loader, $"the loader of {by}, {printable},", "loader-unusable") is { } closed)
            return closed;
        if (entry.Errno is Errno.ELOOP or Errno.ENOTDIR)
            return Unusable($"{by} wants the loader {printable}, and {DanglingLink.Find(command.View, loader)?.Text ?? "what is there leads nowhere"}", entry.Errno.Describe(), $"put the loader back in its place, {printable}");
        if (!entry.Exists)
            return null;
        if (!entry.Status.IsRegular)
            return Unusable($"{by} wants the loader {printable}, which is no file but a {entry.Status.Type}", Errno.EACCES.Describe(), "put the real loader in its place");
        if (PermissionFindings.NotExecutable(command, loader) is { } denied)
            return denied with { Id = "loader-unusable", Cause = $"the loader of {by}, {denied.Cause}" };
        return Content(command, loader, elf) is { } message
            ? Unusable($"{by} wants the loader {printable}, which is {(entry.Status.Size == 0 ? "empty" : "damaged, or none for this program")}", message, $"install the package of {printable} again")
            : null;
    }

    /// <summary>What execve(2) says; null where it starts the loader, or nothing is known. What is damaged behind its headers shows when it runs.</summary>
    static string? Content(ExaminedCommand command, string loader, ElfFile program)
    {
        RootEntry entry = command.View.Kernel.Resolve(loader);
        if (!LinuxFile.CanAccess(entry.HostPath!, 4))
            return null;
        byte[] start = new byte[program.Class == ElfClass.Elf64 ? LongHeader : ShortHeader];
        using (FileStream file = new(command.View.Kernel.Open(entry), FileAccess.Read, 0))
        {
            if (file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length)
                return "Input/output error";
        }

        return IsTaken(start, program, entry.Status.Size) ? null : "Accessing a corrupted shared library";
    }

    static bool IsTaken(ReadOnlySpan<byte> header, ElfFile program, long size)
    {
        if (!header.StartsWith("\u007fELF"u8))
            return false;
        if (program.ByteOrder != ElfByteOrder.LittleEndian)
            return true;
        ushort type = BinaryPrimitives.ReadUInt16LittleEndian(header[16..]);
        ushort machine = BinaryPrimitives.ReadUInt16LittleEndian(header[18..]);
        if (type is not (2 or 3) || machine != (ushort)program.Machine)
            return false;
        // e_phoff and e_phnum: the program headers are read whole.
        return program.Class != ElfClass.Elf64
            || BinaryPrimitives.ReadUInt64LittleEndian(header[32..]) + ((ulong)BinaryPrimitives.ReadUInt16LittleEndian(header[56..]) * ProgramHeader) <= (ulong)size;
    }

    static Finding Unusable(string cause, string message, string fix) => new()
    {
        Id = "loader-unusable",
        Severity = FindingSeverity.Error,
        Cause = cause,
        Message = message,
        Fix = fix,
    };
}
