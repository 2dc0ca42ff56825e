using System.Text;
using Decant.Launch;
using Decant.Linux;

namespace Decant.Cli;

/// <summary>Environment variables as <c>-e</c> and <c>--env-file</c> name them.</summary>
static class EnvText
{
    /// <summary>NAME=VALUE, or NAME alone to take the caller's value.</summary>
    public static EnvRequest Parse(string text, string origin)
    {
        int equals = text.IndexOf('=');
        string name = equals < 0 ? text : text[..equals];
        if (name.Length == 0)
            throw new DecantException("the variable has no name", "write NAME=VALUE, or NAME to take the caller's value");
        return new EnvRequest(name, equals < 0 ? null : text[(equals + 1)..], origin);
    }

    /// <summary>
    /// A file of docker's form: one variable a line, the value verbatim to the end of the line, quotation marks included;
    /// empty lines and lines that begin with # say nothing. It is read once, as it may be a pipe.
    /// </summary>
    public static List<EnvRequest> ParseFile(string file)
    {
        try
        {
            Errno errno = LinuxFile.TryReadAll(null, file, out byte[] bytes);
            return errno == Errno.None ? ParseLines(bytes, file) : throw new DecantException($"cannot read it: {errno.Describe()}");
        }
        catch (DecantException e)
        {
            throw new DecantException($"--env-file {(file.Length == 0 ? "\"\"" : PathBytes.Printable(file))}: {e.Message}", e.Fix, e);
        }
    }

    internal static List<EnvRequest> ParseLines(ReadOnlySpan<byte> bytes, string file)
    {
        List<EnvRequest> variables = [];
        string origin = "--env-file " + file;
        ReadOnlySpan<byte> rest = bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[3..] : bytes;
        for (int number = 1; !rest.IsEmpty; number++)
        {
            int end = rest.IndexOf((byte)'\n');
            ReadOnlySpan<byte> raw = end < 0 ? rest : rest[..end];
            rest = end < 0 ? [] : rest[(end + 1)..];
            if (raw is [.., (byte)'\r'])
                raw = raw[..^1];
            string line = PathBytes.Decode(raw).TrimStart();
            if (line.Length > 0 && line[0] != '#')
                variables.Add(Line(line, number, origin));
        }

        return variables;
    }

    static EnvRequest Line(string line, int number, string origin)
    {
        int equals = line.IndexOf('=');
        string name = equals < 0 ? line.TrimEnd() : line[..equals];
        if (name.Length == 0)
            throw new DecantException($"line {number}: the variable has no name");
        foreach (char c in name)
        {
            if (char.IsWhiteSpace(c))
                throw new DecantException($"line {number}: the name {PathBytes.Printable(name)} holds white space", "write NAME=VALUE without spaces around =");
        }

        return new EnvRequest(name, equals < 0 ? null : line[(equals + 1)..], origin);
    }
}
