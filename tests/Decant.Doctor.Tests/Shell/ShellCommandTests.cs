namespace Decant.Doctor.Tests;

/// <summary>Which programs a shell starts, with which arguments, variables and directory.</summary>
public sealed class ShellCommandTests : IDisposable
{
    readonly ScratchRoot root = new();

    public ShellCommandTests() =>
        root.File("/bin/dash", "", executable: true).Link("/bin/sh", "dash").File("/bin/bash", "", executable: true).File("/data/x", "").File("/usr/bin/there", "#!/bin/sh\n", executable: true);

    public void Dispose() => root.Dispose();

    ShellFollowed Follow(params string[] words) => ShellCommand.Follow(root.Command([("V", "y z"), ("HOME", "/root")], words))!;

    /// <summary>Each program with its arguments; a mark behind it for what is a warning or a note at most.</summary>
    string Started(params string[] words) => string.Join("; ", Follow(words).Started.Select(one =>
        string.Join(' ', one.Command.Arguments) + one.Most switch { FindingSeverity.Error => "", FindingSeverity.Warning => " (w)", _ => " (n)" }));

    [Theory]
    [InlineData("app", "app")]
    [InlineData("exec app x", "app x")]
    [InlineData("cd /data; app", "app")]
    [InlineData("cd /data && app", "app")]
    [InlineData("set -e; app", "app")]
    [InlineData("export A=1 && app", "app")]
    [InlineData("FOO=1 BAR='a b' app x", "app x")]
    [InlineData("mkdir -p /d && app", "mkdir -p /d; app")]
    [InlineData("mkdir d && cd d && app", "mkdir d; app")]
    [InlineData("mkdir d; cd d; app", "mkdir d (w); app")]
    [InlineData("set -e; mkdir d; cd d; app", "mkdir d; app")]
    [InlineData("test -f /data/x && app", "app")]
    [InlineData("[ -f /data/x ] && app", "app")]
    [InlineData("[ -f /data/none ] && app", "")]
    [InlineData("[ -f /tmp/perhaps ] && app", "app")]
    [InlineData("set -e; [ -f /tmp/perhaps ] && ls; cat", "ls (w); cat")]
    [InlineData("echo hello; app", "app")]
    [InlineData("app >/tmp/log 2>&1 </dev/null", "app")]
    [InlineData("app \"$HOME\" ${NONE:-default} $V \"$V\" '$V' \\$V", "app /root default y z y z $V $V")]
    [InlineData("app ${V#y } ${V%z} ${#V} ${V:+set} ${NONE+set}", "app z y 3 set")]
    [InlineData("app ~ ~/x '~'", "app /root /root/x ~")]
    [InlineData("( ls ); { other; }", "ls (w); other")]
    [InlineData("(cd /data; app x)", "app x")]
    [InlineData("a | b", "a (w); b")]
    [InlineData("app &", "app (w)")]
    [InlineData("app & wait", "app (w)")]
    [InlineData("app \\\n  x # y\n", "app x")]
    [InlineData("# only\n\napp", "app")]
    [InlineData("one; two", "one (w); two (w)")]
    [InlineData("cat x; two", "cat x (w); two")]
    [InlineData("set -e; cat x; two", "cat x; two")]
    [InlineData("set -e; one; two", "one; two (w)")]
    [InlineData("one && two", "one; two (w)")]
    [InlineData("one || two", "one (n)")]
    [InlineData("ls || exit 1; cat", "ls; cat")]
    [InlineData("cat || { echo no; exit 1; }; two", "cat; two")]
    [InlineData("cat || exit 0; two", "cat (n); two (w)")]
    [InlineData("! app", "app (n)")]
    [InlineData("app; exit $?", "app")]
    [InlineData("app; exit 0", "app (w)")]
    [InlineData("exit 0; app", "")]
    [InlineData("exec app; other", "app")]
    [InlineData("if true; then app; else other; fi", "app")]
    [InlineData("if [ \"$V\" = 'y z' ]; then app; fi", "app")]
    [InlineData("if [ -n \"$NONE\" ]; then app; elif [ 1 -lt 2 ]; then other; fi", "other")]
    [InlineData("if cat; then sleep 1; fi; other", "other")]
    [InlineData("if cat; then exit 0; fi; other", "other (w)")]
    [InlineData("if cat; then exit 1; fi; other", "other")]
    [InlineData("case $V in a) app;; y*) other;; *) third;; esac", "other")]
    [InlineData("for i in 1 2; do cat $i; done; app", "cat 1 (w); cat 2 (w); app")]
    [InlineData("while sleep 1; do cat; done; app", "app (w)")]
    [InlineData("f() { app \"$@\"; }; f 1 '2 3'", "app 1 2 3")]
    [InlineData("f() { return 0; cat; }; f && app", "app")]
    [InlineData("f() { f; }; f; app", "")]
    [InlineData("eval \"app 'a b'\"", "app a b")]
    [InlineData("set -- app x; exec \"$@\"", "app x")]
    [InlineData("set -- app x; shift; other $# \"$1\"", "other 1 x")]
    [InlineData("command app; command -v there && cat", "app (w); cat (w)")]
    [InlineData("command -v there && cat", "cat")]
    [InlineData("command -v none && cat", "")]
    [InlineData("app $(other)", "app")]
    [InlineData("app x $(other) y", "app x")]
    [InlineData("$(other) x; cat", "cat (w)")]
    [InlineData("cd \"$(dirname /data/x)\" && app $(pwd) `basename /a/b`", "app /data b")]
    [InlineData("trap 'exit 0' EXIT; app", "app (w)")]
    [InlineData("echo x > run.py; python run.py", "python run.py (w)")]
    [InlineData("cd /none; app", "app")]
    [InlineData("cd /none && app", "")]
    [InlineData("A=1", "")]
    [InlineData("alias app=x; app", "")]
    [InlineData("trap 'rm x' EXIT; app", "app")]
    [InlineData("PATH=$(other):$PATH; app", "")]
    [InlineData("OTHER=$(other); app", "app")]
    [InlineData("ls /data/*", "ls /data/x")]
    [InlineData("ls /data/*.none", "ls /data/*.none")]
    public void A_text_is_followed_to_what_it_starts(string text, string started) => Assert.Equal(started, Started("sh", "-c", text));

    [Theory]
    [InlineData("source /data/x && app", "app")]
    [InlineData("[[ -f /data/x ]] && app", "app")]
    [InlineData("[[ $V == 'y z' ]] && app", "app")]
    [InlineData("[[ -n $NONE ]] && app", "")]
    [InlineData("time app", "app")]
    [InlineData("app {1,2} x", "app")]
    [InlineData("exec -a name app", "app")]
    [InlineData("set -o pipefail; a | b", "a; b")]
    [InlineData("a=(1 2); app", "app")]
    [InlineData("((x > 1)) && app", "app")]
    [InlineData("app &> log", "app")]
    [InlineData("app ${V:0:1}", "app y")]
    [InlineData("diff <(a) <(b); app", "diff (w); app")]
    public void A_text_of_bash_is_followed_to_what_it_starts(string text, string started) => Assert.Equal(started, Started("bash", "-c", text));

    [Theory]
    [InlineData("app a b", "bash", "-euo", "pipefail", "-c", "exec app a 'b'")]
    [InlineData("app 1 2", "sh", "-ec", "app \"$@\"", "name", "1", "2")]
    [InlineData("app name", "sh", "-x", "-c", "app $0", "name")]
    [InlineData("app", "bash", "--norc", "-lc", "app")]
    [InlineData("cat x; app", "bash", "-exc", "cat x; app")]
    [InlineData("a; b", "bash", "-o", "pipefail", "-c", "a | b")]
    [InlineData("", "sh", "-Z", "-c", "app")]
    public void Options_of_a_shell_count(string started, params string[] words) => Assert.Equal(started, Started(words));

    [Fact]
    public void Variables_and_directories_reach_the_program()
    {
        ExaminedCommand app = Follow("sh", "-c", "X=1; export A=2 B; cd /data/..; C=3 D=$X app")!.Started[0].Command;
        Assert.Equal((null, "2", null, "3", "1", "/"), (app.Environment["X"], app.Environment["A"], app.Environment["B"], app.Environment["C"], app.Environment["D"], app.WorkingDirectory));
        app = Follow("sh", "-c", "unset V; set -a; X=$(date); Y=1; cd data; app")!.Started[0].Command;
        Assert.Equal((null, null, "1", "/data"), (app.Environment["V"], app.Environment["X"], app.Environment["Y"], app.WorkingDirectory));
    }

    [Fact]
    public void A_script_is_followed_with_its_arguments()
    {
        root.File("/entry.sh", "#!/bin/sh\nset -e\nif [ \"${1#-}\" != \"$1\" ]; then\n  set -- app \"$@\"\nfi\nexec \"$@\"\n", executable: true);
        Assert.Equal("app -x y", Started("/entry.sh", "-x", "y"));
        Assert.Equal("other", Started("/entry.sh", "other"));
        root.File("/env.sh", "#!/usr/bin/env bash\ncd \"$(dirname \"${0}\")\" && app $(pwd)\n", executable: true);
        Assert.Equal("app /", Started("bash", "/env.sh"));
        Assert.Equal("app /", Started("sh", "env.sh"));
    }

    [Fact]
    public void A_file_that_is_read_gives_its_variables()
    {
        root.File("/data/env", "A=1\nexport P=/opt\n");
        ExaminedCommand app = Follow("sh", "-c", ". /data/env && A=$A app $P")!.Started[0].Command;
        Assert.Equal(("1", "/opt"), (app.Environment["A"], app.Environment["P"]));
        root.File("/data/env", "if grep x /y; then PATH=/opt; fi\n");
        ShellFollowed followed = Follow("sh", "-c", ". /data/env && app");
        Assert.Empty(followed.Started);
        Assert.Equal(["the \"if\" in line 1 of /data/env", "app, as PATH is not known there"], followed.Skipped.Select(one => one.Replace("\"if\" of", "\"if\" in line 1 of", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_login_shell_reads_its_files_first()
    {
        root.File("/etc/profile", "if [ \"$(id -u)\" -eq 0 ]; then PATH=/a; else PATH=/b; fi\nexport PATH\nfor i in /etc/profile.d/*.sh; do if [ -r $i ]; then . $i; fi; done\n").File("/etc/profile.d/one.sh", "X=1; export X\n");
        ExaminedCommand command = new(root.Command("bash").Root, root.Command("bash").Environment, "/", ["bash", "-lc", "app"]) { UserId = 0 };
        ExaminedCommand app = Assert.Single(ShellCommand.Follow(command)!.Started).Command;
        Assert.Equal(("/a", "1"), (app.Environment["PATH"], app.Environment["X"]));
        root.File("/etc/profile", "case $(grep x y) in a) PATH=/a;; esac\n");
        Assert.Empty(ShellCommand.Follow(command)!.Started);
    }

    [Theory]
    [InlineData("for x in $(ls); do app; done", "the loop")]
    [InlineData("a\nif b; then\napp\nfi", "the \"if\" in line 2")]
    [InlineData("case $(a) in x) app;; esac", "the \"case\"")]
    [InlineData("$RUN$(a) x", "a command whose name is not known")]
    [InlineData("a ) b", "its text, which is not understood: line 1 has \")\" where it is not understood")]
    [InlineData("eval $(a)", "what \"eval\" runs")]
    [InlineData(". $(a)", "the file that is read")]
    public void What_is_not_followed_is_told(string text, string skipped) => Assert.Equal([skipped], Follow("sh", "-c", text).Skipped);

    [Theory]
    [InlineData("sh")]
    [InlineData("bash", "-l")]
    [InlineData("sh", "-s")]
    [InlineData("there")]
    [InlineData("none")]
    public void Where_nothing_is_told_nothing_is_followed(params string[] words) => Assert.Null(ShellCommand.Follow(root.Command(words)) is { Skipped: [] } empty ? empty.Started.Count == 0 ? null : empty : null);
}
