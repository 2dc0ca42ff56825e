using System.Diagnostics;
using System.Text;
using CsCheck;
using Decant.Launch.Script;

namespace Decant.Launch.Tests;

public sealed class ShellScriptTests
{
    [Fact]
    public void A_quoted_word_comes_back_from_the_shell_unchanged()
    {
        // One shell for all samples: a process a sample would take minutes.
        List<string> words = ["", "'", "''", "a b", "$HOME", "`id`", "\\", "*", "~", "a\nb", "-n", "!x", "\"", "é", "a'b'c", ";", "#"];
        Gen.String[Gen.Char[' ', '~'], 0, 12].Sample(words.Add, iter: 500, threads: 1);
        StringBuilder script = new();
        foreach (string word in words)
            script.Append("printf '%s\\0' ").Append(ShellWord.Quote(word)).Append('\n');
        Assert.Equal(string.Concat(words.Select(word => word + "\0")), Encoding.UTF8.GetString(Run(script.ToString())));
    }

    [Fact]
    public void Printf_writes_every_byte_back()
    {
        byte[] all = [.. Enumerable.Range(0, 256).Select(i => (byte)i), .. "1234\0567"u8];
        Assert.Equal(all, Run($"printf '{ShellScript.PrintfOctal(all)}'\n"));
    }

    static byte[] Run(string script)
    {
        using Process shell = Process.Start(new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        shell.StandardInput.Write(script);
        shell.StandardInput.Close();
        using MemoryStream output = new();
        shell.StandardOutput.BaseStream.CopyTo(output);
        shell.WaitForExit();
        Assert.Equal(0, shell.ExitCode);
        return output.ToArray();
    }
}
