using System.Text;
using Decant.Linux;

namespace Decant.Cli;

/// <summary>One line of comma-separated fields (RFC 4180), as <c>--mount</c> and <c>--gpus</c> have them: "a field, with a comma".</summary>
static class CsvFields
{
    public static List<string> Split(string line)
    {
        List<string> fields = [];
        int at = 0;
        while (true)
        {
            fields.Add(at < line.Length && line[at] == '"' ? Quoted(line, ref at) : Bare(line, ref at));
            if (at >= line.Length)
                return fields;
            at++;
        }
    }

    static string Bare(string line, ref int at)
    {
        int end = line.IndexOf(',', at);
        string field = end < 0 ? line[at..] : line[at..end];
        if (field.Contains('"'))
            throw new DecantException("a quotation mark inside a field that does not begin with one", "quote the whole field: \"source=/a,b\"");
        at = end < 0 ? line.Length : end;
        return field;
    }

    static string Quoted(string line, ref int at)
    {
        StringBuilder field = new();
        for (at++; at < line.Length; at++)
        {
            if (line[at] != '"')
            {
                field.Append(line[at]);
            }
            else if (at + 1 < line.Length && line[at + 1] == '"')
            {
                field.Append('"');
                at++;
            }
            else
            {
                at++;
                if (at < line.Length && line[at] != ',')
                    throw new DecantException("text follows the closing quotation mark of a field");
                return field.ToString();
            }
        }

        throw new DecantException("a quotation mark is not closed");
    }
}
