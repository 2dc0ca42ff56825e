using Decant.Launch.Lowering;
using Decant.Launch.Script;
using Decant.Linux;

namespace Decant.Launch.Steps;

/// <summary>One --ulimit (setrlimit(2)). Limits that nobody named stay the caller's.</summary>
sealed class LimitsStep(UlimitRequest request) : LaunchStep
{
    public override string Describe() => $"limit {request.Name} to {Text(request.Soft)}, at most {Text(request.Hard)}";

    internal override unsafe void Lower(Lowering.Lowering lowering, Slot[] opened)
    {
        ulong* limit = (ulong*)lowering.Program.Allocate(2 * sizeof(ulong));
        limit[0] = request.Soft ?? ulong.MaxValue;
        limit[1] = request.Hard ?? ulong.MaxValue;
        lowering.Program.Call(SyscallNumber.Prlimit64, 0L, Resource(request.Name), (byte*)limit, 0L);
    }

    internal override void WriteShell(ShellScript script) =>
        script.Prefix("prlimit", $"--{request.Name}={Text(request.Soft)}:{Text(request.Hard)}");

    /// <summary>RLIMIT_* of asm-generic/resource.h, under docker's names.</summary>
    static long Resource(string name) => name switch
    {
        "cpu" => 0,
        "fsize" => 1,
        "data" => 2,
        "stack" => 3,
        "core" => 4,
        "rss" => 5,
        "nproc" => 6,
        "nofile" => 7,
        "memlock" => 8,
        "as" => 9,
        "locks" => 10,
        "sigpending" => 11,
        "msgqueue" => 12,
        "nice" => 13,
        "rtprio" => 14,
        "rttime" => 15,
        _ => throw new DecantException($"--ulimit {name}: no such limit", "see setrlimit(2) for the names, such as nofile, nproc, memlock, core"),
    };

    static string Text(ulong? value) => value?.ToString() ?? "unlimited";
}
