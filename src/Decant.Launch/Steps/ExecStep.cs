using System.Collections.Immutable;
using System.Text;
using Decant.Launch.Lowering;
using Decant.Launch.Script;
using Decant.Linux;

namespace Decant.Launch.Steps;

/// <summary>Starts the program, found as execvp(3) finds it: in the directories of the launch's own PATH, inside the root.</summary>
sealed class ExecStep(ImmutableArray<string> arguments, LaunchEnvironment environment) : LaunchStep
{
    public override string Describe()
    {
        StringBuilder text = new("run");
        foreach (string argument in arguments)
            text.Append(' ').Append(ShellWord.Quote(PathBytes.Printable(argument)));
        return text.ToString();
    }

    internal override unsafe void Lower(Lowering.Lowering lowering, Slot[] opened)
    {
        SyscallProgram program = lowering.Program;
        byte* argv = program.TextArray(arguments.AsSpan());
        byte* envp = program.TextArray(environment.ToStrings());
        foreach (string candidate in Candidates())
            program.Pseudo(PseudoCall.TryExec, program.Text(candidate), argv, envp);
        program.Pseudo(PseudoCall.FailExec);
    }

    /// <summary>The paths that are tried, in order.</summary>
    internal string[] Candidates() => CommandPath.Candidates(arguments[0], environment["PATH"] ?? "");

    /// <summary>
    /// The host's own tools run in this environment on the way into the root, so what their loader and C library would obey is set
    /// only inside, by the image's env(1): an image's LD_PRELOAD must not load its library into a process of the host.
    /// </summary>
    internal override void WriteShell(ShellScript script)
    {
        StringBuilder text = new("exec \"$(command -v env)\" -i --");
        StringBuilder inside = new();
        foreach (EnvironmentVariable variable in environment.Variables)
            (ObeyedByLibc(variable.Name) ? inside : text).Append(" \\\n  ").Append(ShellWord.Quote($"{variable.Name}={variable.Value}"));
        text.Append(" \\\n  ").Append(script.StartText());
        if (inside.Length > 0)
            text.Append(" env --").Append(inside).Append(" \\\n ");
        foreach (string argument in arguments)
            text.Append(' ').Append(ShellWord.Quote(argument));
        script.Exec = text.Append(script.StandardInput).ToString();
    }

    /// <summary>What ld.so(8) drops for set-user-id programs, and what else makes a C library open files.</summary>
    static bool ObeyedByLibc(string name) =>
        name.StartsWith("LD_", StringComparison.Ordinal) || name.StartsWith("MALLOC_", StringComparison.Ordinal) || name is
            "GCONV_PATH" or "GETCONF_DIR" or "GLIBC_TUNABLES" or "HOSTALIASES" or "LOCALDOMAIN" or "LOCPATH" or "NIS_PATH" or "NLSPATH"
            or "RESOLV_HOST_CONF" or "RES_OPTIONS" or "TMPDIR" or "TZDIR" or "LANGUAGE" or "TEXTDOMAINDIR" or "POSIXLY_CORRECT";
}
