using System.Diagnostics;

namespace Decant.Cli.Tests;

/// <summary>The scripts in the real shells, with a stand-in named decant that prints names as <c>decant images --quiet</c> does.</summary>
public sealed class CompletionTests : IDisposable
{
    readonly string directory = Directory.CreateTempSubdirectory("decant-completion").FullName;

    public CompletionTests()
    {
        string decant = Path.Combine(directory, "decant");
        File.WriteAllText(decant, "#!/bin/sh\ncase \"$*\" in *--runs*) echo kept1 ;; esac\necho debian\necho fedora\n");
        File.SetUnixFileMode(decant, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.WriteAllText(Path.Combine(directory, "settings.env"), "");
        Directory.CreateDirectory(Path.Combine(directory, "sub"));
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Theory]
    [InlineData("decant ", "run pull images inspect export pack rm gc fsck login logout doctor ldd bench compare env script host demo completion --help --version")]
    [InlineData("decant im", "images")]
    [InlineData("decant run --mem", "--memory")]
    [InlineData("decant run --net", "--network")]
    [InlineData("decant run --network ", "host none")]
    [InlineData("decant run --network=n", "none")]
    [InlineData("decant run --ulimit nof", "nofile=")]
    [InlineData("decant run -it deb", "debian")]
    [InlineData("decant run -e A=1 --rm fed", "fedora")]
    [InlineData("decant inspect ", "debian fedora docker:// rootfs: docker-archive: oci-archive: oci: tar: docker-daemon: docker-container: podman:")]
    [InlineData("decant export debian ", "oci: oci-archive: docker-archive: tar:")]
    [InlineData("decant rm k", "kept1")]
    [InlineData("decant run --env-file set", "settings.env")]
    [InlineData("decant run -v ./se", "./settings.env")]
    [InlineData("decant run debian set", "settings.env")]
    [InlineData("decant run debian --mem", "")]
    [InlineData("decant pull docker-archive:set", "settings.env")]
    [InlineData("decant completion f", "fish")]
    public void Bash_completes(string line, string words)
    {
        File.WriteAllText(Path.Combine(directory, "script"), BashCompletion.Script());
        // What bash does at a tab: split at blanks and at the characters of COMP_WORDBREAKS that are words of their own.
        string test =
            """
            source ./script
            COMP_LINE=$1 COMP_POINT=${#1} COMP_WORDS=()
            rest=$1 word= open=
            while [[ -n $rest ]]; do
              c=${rest:0:1} rest=${rest:1}
              case $c in
                ' ') [[ -n $open ]] && COMP_WORDS+=("$word"); word= open= ;;
                [=:]) [[ -n $open ]] && COMP_WORDS+=("$word"); COMP_WORDS+=("$c"); word= open= ;;
                *) word+=$c open=1 ;;
              esac
            done
            if [[ -n $open || $1 == *' ' ]]; then COMP_WORDS+=("$word"); fi
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _decant
            echo "${COMPREPLY[*]}"
            """;
        Assert.Equal(words, Run("bash", "--norc", "-c", test, "bash", line).Trim());
    }

    [Theory]
    [InlineData("decant im", "images")]
    [InlineData("decant run --mem", "--memory")]
    [InlineData("decant run --network ", "host none")]
    [InlineData("decant run -it deb", "debian")]
    [InlineData("decant rm k", "kept1")]
    [InlineData("decant run --env-file set", "settings.env")]
    [InlineData("decant run -v ./se", "./settings.env")]
    [InlineData("decant completion f", "fish")]
    public void Fish_completes(string line, string words)
    {
        File.WriteAllText(Path.Combine(directory, "script"), FishCompletion.Script());
        string output = Run("fish", "--no-config", "-c", $"source script; complete -C '{line}'");
        Assert.Equal(words.Split(' '), output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(row => row.Split('\t')[0]).Order());
    }

    [Theory]
    [InlineData("decant im", "images")]
    [InlineData("decant run --mem", "--memory")]
    [InlineData("decant run -it deb", "debian")]
    [InlineData("decant rm k", "kept1")]
    [InlineData("decant run --env-file set", "settings.env")]
    [InlineData("decant completion f", "fish")]
    [InlineData("decant run --network n", "none")]
    public void Zsh_completes(string line, string word)
    {
        File.WriteAllText(Path.Combine(directory, "script"), ZshCompletion.Script());
        // A shell on a pseudo-terminal of zsh's own: the only place where its line editor, and so completion, is at work.
        string test =
            """
            zmodload zsh/zpty
            zpty z zsh -f -i
            zpty -w z 'PS1="pro""mpt>" PS2=; path=(. $path); autoload -Uz compinit; compinit -u -D; source ./script'
            zpty -r z out '*prompt>*'
            zpty -w -n z "$1"$'\t\C-a\C-kecho done""x\n'
            zpty -r z out '*donex*'
            print -r -- "$out"
            zpty -d z
            """;
        // The line editor rings the bell between what was typed and what it adds where the words go on differently.
        Assert.Contains($" {word}", Run("zsh", "-f", "-c", test, "zsh", line).Replace("\a", ""));
    }

    string Run(string shell, params string[] arguments)
    {
        ProcessStartInfo start = new(shell, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["PATH"] = directory + ":" + Environment.GetEnvironmentVariable("PATH");
        start.Environment["HOME"] = directory;
        try
        {
            using Process process = Process.Start(start)!;
            process.StandardInput.Close();
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.Equal("", errors.Result);
            return output;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Fail($"{shell} is not here: apt-get install {shell}");
            throw;
        }
    }
}
