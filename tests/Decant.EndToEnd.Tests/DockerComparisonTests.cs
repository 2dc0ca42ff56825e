namespace Decant.EndToEnd.Tests;

/// <summary>The same words after "docker run" and "decant run" give the same output and exit status.</summary>
public sealed class DockerComparisonTests
{
    // $file is a file and $dir a directory of the host.
    static readonly string[] anyUser =
    [
        "busybox true",
        "busybox false",
        "busybox sh -c 'exit 42'",
        "busybox sh -c 'exit 126'",
        "busybox sh -c 'exit 127'",
        "busybox sh -c 'exit 255'",
        "busybox sh -c 'sh -c \"kill -KILL \\$\\$\"; exit $?'",
        "busybox sh -c 'sh -c \"kill -TERM \\$\\$\"; exit $?'",
        "busybox sh -c 'echo out; echo err >&2; exit 3'",
        "busybox",
        "entrypoint",
        "entrypoint three 'four five' ''",
        "--entrypoint /bin/expr entrypoint 1 + 2",
        "--entrypoint /bin/pwd entrypoint",
        "--entrypoint '' busybox echo no entry point",
        "shell-form",
        "shell-form more words",
        "built",
        "layers",
        "layers sh -c 'find /a -type f -exec stat -c \"%n %a %h %s\" {} + | sort; find /a -not -type f -exec stat -c \"%N %a %F\" {} + | sort'",
        "layers cat /a/kept/hard /a/gone/again /a/directory-then-file",
        "-w /tmp busybox pwd",
        "-w /made/by/option busybox pwd",
        "workdir",
        "-w /etc workdir",
        "busybox sh -c 'cat; echo end'",
        "-i busybox sh -c 'cat; echo end'",
        "-i busybox wc -c",
        "-e A=1 -e A=2 busybox sh -c 'echo $A'",
        "-e FROM_CALLER busybox sh -c 'echo ${FROM_CALLER-unset}'",
        "-e NOT_SET_BY_CALLER busybox sh -c 'echo ${NOT_SET_BY_CALLER-unset}'",
        "-e EMPTY= busybox sh -c 'echo ${EMPTY-unset}'",
        "-e 'ODD=two  words \"quoted\" $HOME `x` \\n' busybox sh -c 'echo \"$ODD\"'",
        "-e EQUALS=a=b=c busybox sh -c 'echo $EQUALS'",
        "-e LINES=$'one\\ntwo' busybox sh -c 'echo \"$LINES\"'",
        "-e UTF8=naïve busybox sh -c 'echo $UTF8'",
        "-e PATH=/nowhere:/bin busybox sh -c 'echo $PATH'",
        "--env-file $dir/env busybox sh -c 'echo $ONE $TWO $FROM_CALLER'",
        "user sh -c 'echo \"$GREETING|${EMPTY-unset}|$EQUALS\"; pwd'",
        "--hostname elsewhere busybox hostname",
        "-v $file:/mounted:ro busybox cat /mounted",
        "-v $file:/mounted:ro busybox sh -c 'echo x >/mounted'",
        "-v $dir:/new/deep/place busybox cat /new/deep/place/file",
        "-v $dir:/etc/in-image:ro busybox ls /etc/in-image",
        "--mount type=bind,source=$dir,target=/m,readonly busybox cat /m/file",
        "--tmpfs /t busybox sh -c 'echo hello >/t/x && cat /t/x && stat -c %a /t'",
        "--read-only busybox sh -c 'echo x >/etc/new'",
        "--read-only --tmpfs /t busybox sh -c 'echo x >/t/new && cat /t/new'",
        "--ulimit nofile=100:200 busybox sh -c 'ulimit -Sn; ulimit -Hn'",
        "--ulimit core=0 --ulimit stack=1048576 busybox sh -c 'ulimit -Sc; ulimit -Hc; ulimit -Hs'",
        "--shm-size 32m busybox grep -c 'size=32768k' /proc/mounts",
        "busybox readlink /proc/self/fd/0",
        "busybox sh -c 'ls /proc/self/fd | wc -l'",
        "busybox cat /proc/self/comm",
        "bookworm python3 -c 'import sys; print(sys.argv[1:])' a 'b c' ''",
        "trixie python3 -c 'import os; print(sorted(os.environ)); os._exit(9)'",
        "bookworm bash -c 'trap \"echo bye\" EXIT; echo $0 $#'",
        "bookworm cat /etc/os-release",
        "trixie cat /etc/debian_version",
    ];

    static readonly string[] rootOnly =
    [
        "busybox id",
        "user",
        "user-number",
        "user sh -c 'echo $HOME; id -G'",
        "-u 0 user id",
        "-u root user id",
        "-u app busybox id",
        "-u app:extra busybox id",
        "-u app:2000 busybox id",
        "-u 1000 busybox id",
        "-u 55 busybox id",
        "-u 55:66 busybox id",
        "-u 55 busybox sh -c 'echo $HOME'",
        "-u app busybox sh -c 'echo $HOME; touch /home/app/x && stat -c %u:%g /home/app/x'",
        "-u app -w /home/app/made busybox sh -c 'stat -c %u:%g .'",
        "-u app -v $dir:/m busybox touch /m/refused",
        "layers sh -c 'find /a -exec stat -c \"%n %a %u:%g %F %Y\" {} + | sort'",
        "built stat -c %u:%g /home/app/Dockerfile",
        "user sh -c 'env | grep -v ^HOSTNAME= | sort'",
        "busybox sh -c 'env | grep -v ^HOSTNAME= | sort'",
        "bookworm sh -c 'env | grep -v ^HOSTNAME= | sort'",
    ];

    // Refused by the engine itself: the status is the same, the words are each engine's own.
    static readonly string[] refused =
    [
        "busybox no-such-program",
        "-e PATH=/nowhere busybox sh",
        "busybox /no/such/program",
        "busybox /etc/passwd",
        "busybox /etc",
        "--entrypoint /etc/group entrypoint",
        "--no-such-option busybox true",
        "-v relative:/x:nonsense busybox true",
        "-v $file:relative busybox true",
        "-w relative busybox true",
        "-e =x busybox true",
        "--mount type=bind,source=/no/such/source,target=/m busybox true",
    ];

    public static TheoryData<string> AnyUser => [.. anyUser];
    public static TheoryData<string> RootOnly => [.. rootOnly];
    public static TheoryData<string> Refused => [.. refused];

    [Theory]
    [MemberData(nameof(AnyUser))]
    [MemberData(nameof(RootOnly))]
    public void Root_gets_what_docker_gives(string words)
    {
        ProgramResult docker = Compared.Docker(words);
        ProgramResult decant = Compared.Decant(User.Root, words);
        Compared.Same(docker, decant);
    }

    [Theory]
    [MemberData(nameof(AnyUser))]
    public void An_ordinary_user_gets_what_docker_gives(string words)
    {
        ProgramResult docker = Compared.Docker(words);
        ProgramResult decant = Compared.Decant(User.Ordinary, words);
        Compared.Same(docker, decant);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_docker_refuses_is_refused_with_the_same_exit_status(string words)
    {
        ProgramResult docker = Compared.Docker(words);
        foreach (User user in new[] { User.Root, User.Ordinary })
        {
            ProgramResult decant = Compared.Decant(user, words);
            decant.Expect(docker.ExitCode);
            Assert.NotEmpty(decant.Error);
            Assert.Empty(decant.Output);
        }
    }
}
