using Decant.Launch.Lowering;
using Decant.Launch.Script;
using Decant.Linux;

namespace Decant.Launch.Steps;

/// <summary>Puts the program into the run's own cgroup before anything else, so that all it uses is counted.</summary>
sealed class CgroupStep(RunCgroup cgroup) : LaunchStep
{
    public override string Describe() => $"join {cgroup.Describe()}";

    internal override unsafe void Lower(Lowering.Lowering lowering, Slot[] opened)
    {
        SyscallProgram program = lowering.Program;
        foreach (string directory in cgroup.Directories)
        {
            Slot procs = program.Open(SyscallNumber.Openat, -100, program.Text(directory + "/cgroup.procs"), (long)(OpenFlags.WriteOnly | OpenFlags.CloseOnExec));
            program.CallExpecting(1, SyscallNumber.Write, procs, program.Text("0"), 1);
            program.Close(procs);
        }
    }

    /// <summary>Named after the script's own process: it may run several times at once.</summary>
    internal override void WriteShell(ShellScript script)
    {
        script.Before += "run=decant-$$; export run\n";
        foreach (CgroupSetting setting in cgroup.Settings)
        {
            script.Before += setting.File.Length == 0
                ? $"mkdir {Quoted(setting.Directory)}\n"
                : $"echo {ShellWord.Quote(setting.Value)} > {Quoted(setting.Directory)}/{setting.File}\n";
        }

        foreach (string directory in cgroup.Directories)
        {
            script.Line($"echo 0 > {Quoted(directory)}/cgroup.procs");
            script.After += $"n=0; until rmdir {Quoted(directory)} 2>/dev/null || [ $n -ge 100 ]; do n=$((n+1))\n"
                + $"  while read -r p; do kill -9 \"$p\"; done < {Quoted(directory)}/cgroup.procs; sleep 0.02; done 2>/dev/null\n";
        }
    }

    /// <summary>The path with the script's name for the cgroup in place of this process's.</summary>
    string Quoted(string directory) =>
        directory.EndsWith("/" + cgroup.Name, StringComparison.Ordinal)
            ? ShellWord.Quote(directory[..^cgroup.Name.Length]) + "\"$run\""
            : ShellWord.Quote(directory);
}
