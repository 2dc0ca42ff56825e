using System.Runtime.InteropServices;
using Decant.Devices;
using Decant.Elf;

namespace Decant.Doctor;

/// <summary>What of the host decides whether a program of an image can run there at all.</summary>
/// <param name="Machines">Whose programs the kernel runs itself.</param>
/// <param name="Emulated">Names of binfmt_misc's handlers, such as "qemu-aarch64".</param>
public sealed record DoctorHost(IReadOnlyList<ElfMachine> Machines, IReadOnlyList<string> Emulated)
{
    const string Handlers = "/proc/sys/fs/binfmt_misc";

    /// <summary>Null where there is none, and nothing is said about drivers then.</summary>
    public NvidiaDriver? Driver { get; init; }

    /// <summary>NVIDIA's, as the driver lists them.</summary>
    public IReadOnlyList<NvidiaGpu> Gpus { get; init; } = [];

    /// <summary>Parts of divided GPUs.</summary>
    public IReadOnlyList<NvidiaMigDevice> MigDevices { get; init; } = [];

    public static DoctorHost Probe()
    {
        List<string> emulated = [];
        if (Directory.Exists(Handlers))
        {
            foreach (string path in Directory.EnumerateFiles(Handlers))
                emulated.Add(Path.GetFileName(path));
        }

        return new DoctorHost(RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => [ElfMachine.X86_64, ElfMachine.I386],
            Architecture.Arm64 => [ElfMachine.AArch64, ElfMachine.Arm],
            _ => [],
        }, emulated)
        {
            Driver = NvidiaDriver.Probe(),
            Gpus = NvidiaGpu.ProbeAll(),
            MigDevices = NvidiaMigDevice.ProbeAll(),
        };
    }

    public bool Runs(ElfMachine machine) => Machines.Count == 0 || Machines.Contains(machine);

    /// <summary>qemu-user is registered for it (binfmt.d(5)).</summary>
    public bool Emulates(ElfMachine machine) => Emulated.Contains("qemu-" + machine switch
    {
        ElfMachine.AArch64 => "aarch64",
        ElfMachine.X86_64 => "x86_64",
        ElfMachine.I386 => "i386",
        ElfMachine.Arm => "arm",
        ElfMachine.RiscV => "riscv64",
        ElfMachine.PowerPC64 => "ppc64le",
        ElfMachine.S390 => "s390x",
        _ => "",
    });
}
