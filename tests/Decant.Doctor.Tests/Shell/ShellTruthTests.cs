using Decant.Linux;

namespace Decant.Doctor.Tests;

/// <summary>What is said of a shell's text, held against running it: by dash and by bash.</summary>
public sealed class ShellTruthTests : IDisposable
{
    readonly ScratchRoot root = new();

    public ShellTruthTests()
    {
        root.Program("/bin/dash", "/bin/dash").Link("/bin/sh", "dash").Program("/bin/bash", "/bin/bash").Program("/usr/bin/true", "/bin/true").Program("/usr/bin/cat", "/bin/cat").Program("/usr/bin/mkdir", "/bin/mkdir");
        root.Program("/usr/bin/env", "/usr/bin/env").Program("/opt/bin/there", "/bin/true").File("/data/x", "X=1\n").File("/data/bad", "nosuch\nX=2\n").File("/usr/bin/plain", "true\n", executable: true);
        root.File("/usr/bin/plainbad", "nosuch\n", executable: true).File("/entry", "#!/bin/sh\nset -e\nif [ \"$1\" = run ]; then shift; set -- there \"$@\"; fi\nPATH=/opt/bin:$PATH\nexec \"$@\"\n", executable: true);
        root.File("/tmp/keep", "");
    }

    public void Dispose() => root.Dispose();

    [Theory]
    [InlineData("cd /data; cat x")]
    [InlineData("cd /data && ./x")]
    [InlineData("cd /nosuch; true")]
    [InlineData("cd /nosuch && true")]
    [InlineData("cd /nosuch || exit 3; true")]
    [InlineData("set -e; cd /nosuch; true")]
    [InlineData("nosuch; true")]
    [InlineData("nosuch || true")]
    [InlineData("nosuch || false")]
    [InlineData("nosuch || exit 4")]
    [InlineData("nosuch || { echo no; exit 4; }")]
    [InlineData("nosuch || { exit 4; } ; true")]
    [InlineData("nosuch && true")]
    [InlineData("nosuch && true; true")]
    [InlineData("set -e; nosuch && true; true")]
    [InlineData("set -e; true && nosuch; true")]
    [InlineData("set -e; nosuch; true")]
    [InlineData("set -e; nosuch | cat; true")]
    [InlineData("set -e; true | nosuch; true")]
    [InlineData("set -e; (nosuch); true")]
    [InlineData("set -e; (nosuch; true); true")]
    [InlineData("set -e; { nosuch; true; }; true")]
    [InlineData("set -e; (nosuch; true) || true; true")]
    [InlineData("set -e; { nosuch; true; } && true; true")]
    [InlineData("set -e; if nosuch; then true; fi; true")]
    [InlineData("set -e; ! nosuch; true")]
    [InlineData("set -e; f() { nosuch; true; }; f; true")]
    [InlineData("set -e; f() { nosuch; true; }; f || true; true")]
    [InlineData("set -e; nosuch & wait; true")]
    [InlineData("set -e; set +e; nosuch; true")]
    [InlineData("nosuch | cat")]
    [InlineData("cat </dev/null | nosuch")]
    [InlineData("! nosuch")]
    [InlineData("(exec nosuch); true")]
    [InlineData("exec nosuch || true")]
    [InlineData("exec nosuch; true")]
    [InlineData("(exec nosuch) || true")]
    [InlineData("nosuch & wait")]
    [InlineData("nosuch; exit")]
    [InlineData("nosuch; exit $?")]
    [InlineData("nosuch; exit 0")]
    [InlineData("true; exit 0 && nosuch")]
    [InlineData(". /data/x && test \"$X\" = 1 && true")]
    [InlineData(". /data/bad; true")]
    [InlineData(". /data/bad && true")]
    [InlineData("set -e; . /data/bad; true")]
    [InlineData(". /nosuch || true")]
    [InlineData("source /data/x && true")]
    [InlineData("source /data/x; true")]
    [InlineData("[[ -f /data/x ]] && true")]
    [InlineData("[ -f /data/x ] && nosuch")]
    [InlineData("[ -f /data/none ] && nosuch; true")]
    [InlineData("[ -f /data/none ] || nosuch")]
    [InlineData("if [ -d /data ]; then nosuch; fi")]
    [InlineData("if [ -d /data ]; then nosuch; fi; true")]
    [InlineData("if [ ! -d /data ]; then nosuch; fi")]
    [InlineData("case abc in a?c) nosuch;; esac")]
    [InlineData("case abc in b*) nosuch;; esac")]
    [InlineData("case abc in b*|a*) nosuch;; *) true;; esac")]
    [InlineData("for i in 1 2; do nosuch; done; true")]
    [InlineData("set -e; for i in 1 2; do nosuch; done; true")]
    [InlineData("f() { nosuch; }; f")]
    [InlineData("f() { return 0; nosuch; }; f")]
    [InlineData("f() { nosuch; return 0; }; f")]
    [InlineData("PATH=/opt/bin:$PATH; there")]
    [InlineData("PATH=/opt/bin:$PATH there")]
    [InlineData("export PATH=/opt/bin:$PATH && there && true")]
    [InlineData("there")]
    [InlineData("mkdir -p /tmp/new && cd /tmp/new && cat /data/x")]
    [InlineData("mkdir -p /tmp/new && cd /tmp/new && ./nosuch")]
    [InlineData("plain")]
    [InlineData("plainbad")]
    [InlineData("env plain")]
    [InlineData("/entry run x")]
    [InlineData("/entry cat /data/x")]
    [InlineData("/entry nosuch x")]
    [InlineData("/entry run x; exit 0")]
    [InlineData("eval 'nosuch'")]
    [InlineData("eval \"true 'a b'\"")]
    [InlineData("set -- nosuch a; \"$@\"")]
    [InlineData("set -- cat /data/x; \"$@\"")]
    [InlineData("command -v nosuch && nosuch; true")]
    [InlineData("command -v cat && true")]
    [InlineData("set -u; echo ${NONE:-x}; true")]
    [InlineData("trap 'exit 0' EXIT; nosuch")]
    [InlineData("echo 'exit 0' >/tmp/made; sh /tmp/made")]
    [InlineData("true \\\n # no comment\n")]
    [InlineData("cat <<E | true\nnosuch ( \nE\n")]
    [InlineData("x=$(nosuch); true")]
    [InlineData("cd \"$(dirname /data/x)\" && ./nosuch")]
    [InlineData("sh -c 'nosuch; true'")]
    [InlineData("sh -c 'exec sh -ec \"nosuch; true\"'")]
    [InlineData("true;;")]
    public void What_fails_is_foretold_and_nothing_else(string text)
    {
        foreach (string shell in (string[])["sh", "bash"])
        {
            IReadOnlyList<Finding> findings = Decant.Doctor.Examination.Examine(root.Command(shell, "-c", text), ScratchRoot.Host);
            Finding? error = findings.FirstOrDefault(finding => finding.Severity == FindingSeverity.Error);
            if (!Environment.IsPrivilegedProcess)
                continue;
            (int exit, string errors) = root.RunAs(0, shell, "-c", text);
            if (error is not null)
            {
                Assert.True(exit != 0, $"{shell}: {error.Cause}, and it runs");
                Assert.Contains(error.Message ?? "", errors, StringComparison.Ordinal);
            }
            else if (exit != 0)
            {
                // What is not certain is at least not called healthy.
                Assert.True(findings.Count > 0, $"{shell} says nothing, and it fails with {exit}: {PathBytes.Printable(errors)}");
            }
        }
    }
}
