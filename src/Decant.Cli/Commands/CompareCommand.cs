using Decant.Bench;
using Decant.Linux;

namespace Decant.Cli;

/// <summary><c>decant compare RESULT...</c></summary>
sealed class CompareCommand : CliCommand
{
    readonly ResultOutputs outputs = new();
    CliOption[]? options;

    public override string Name => "compare";

    public override string Summary => "Statistics and a report from stored results";

    public override CliOperand[] Operands => [new("RESULT", ValueHint.Files, Repeated: true)];

    public override CliOption[] Options => options ??= [.. outputs.Table()];

    public override string[] Examples =>
    [
        "decant compare results/",
        "decant compare hyperfine.json --html report.html",
        "decant compare results/ --fail-if 'wall > 2%'",
    ];

    public override int Run(string[] operands)
    {
        List<BenchResult> results = [];
        foreach (string operand in operands)
            results.AddRange(Read(operand));
        return outputs.Write(results, seed: 0);
    }

    static IEnumerable<BenchResult> Read(string path)
    {
        if (LinuxFile.TryStatus(null, path, follow: true, out FileStatus status) is not Errno.None and var errno)
            throw new LinuxException("read", path, errno);
        return status.IsDirectory ? [BenchSession.Read(path)] : throw new DecantException("files of other tools are not read yet");
    }
}
