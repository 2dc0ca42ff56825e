using System.Globalization;
using System.Text;
using Decant.Linux;

namespace Decant.Images;

/// <summary>The names of images in the store, and the files under refs/ that they are kept in.</summary>
static class ImageName
{
    /// <summary>Room for a temporary file's ending within the 255 bytes that file systems allow.</summary>
    const int LongestFileName = 240;

    /// <summary>Docker's characters, and no transport in front, which would make it a source.</summary>
    /// <exception cref="DecantException">It is no name.</exception>
    public static string Check(string name)
    {
        const string Fix = "use letters, digits and . _ - : / @, beginning with a letter or digit, such as debian:12 or lab/mpi:4.1";
        bool plain = name.Length > 0 && char.IsAsciiLetterOrDigit(name[0]);
        foreach (char c in name)
            plain &= char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or ':' or '/' or '@' or '-';
        if (!plain)
            throw new DecantException($"\"{PathBytes.Printable(name)}\" cannot be the name of an image", Fix);
        if (ImageSource.IsSource(name))
            throw new DecantException($"{name} cannot be the name of an image: {name[..name.IndexOf(':')]}: begins a source", "choose a name without it");
        return name;
    }

    /// <summary>The name of a kept run: one component of a path.</summary>
    /// <exception cref="DecantException">It is no name.</exception>
    public static string CheckRun(string name)
    {
        bool plain = name.Length is > 0 and <= LongestFileName && char.IsAsciiLetterOrDigit(name[0]);
        foreach (char c in name)
            plain &= char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-';
        return plain
            ? name
            : throw new DecantException($"\"{PathBytes.Printable(name)}\" cannot be the name of a run", "use letters, digits and . _ -, beginning with a letter or digit");
    }

    /// <summary>
    /// The file for a name: every byte but letters, digits and _ - @ . is written %XX, a leading dot too. A name that gets too long
    /// for a file becomes its digest after "%", which no other name can give.
    /// </summary>
    /// <exception cref="DecantException">The name is empty.</exception>
    public static string ToFileName(string name)
    {
        if (name.Length == 0)
            throw new DecantException("the name of the image is empty", "decant images lists the names that there are");
        StringBuilder file = new(name.Length + 16);
        foreach (byte b in PathBytes.Encode(name))
        {
            char c = (char)b;
            if (char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '@' || (c == '.' && file.Length > 0))
                file.Append(c);
            else
                file.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
        }

        return file.Length <= LongestFileName ? file.ToString() : "%sha256-" + Digest.Sha256(PathBytes.Encode(name)).Hex;
    }
}
