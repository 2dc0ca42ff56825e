using Decant.Linux;

namespace Decant.Images;

public sealed partial class ImageStore
{
    internal const string AnswersDirectory = "answers";

    /// <summary>An answer that takes a page at most.</summary>
    const int MostAnswerBytes = 64 << 10;

    /// <summary>What was remembered of a question about images, which never change; null where nothing was, or the store cannot be read.</summary>
    public string? Recall(string question)
    {
        Errno errno = LinuxFile.TryOpen(null, AnswerPath(question), OpenFlags.ReadOnly | OpenFlag.NoFollow, 0, out Microsoft.Win32.SafeHandles.SafeFileHandle? file);
        if (file is null || errno != Errno.None)
            return null;
        using (file)
            return LinuxFile.TryReadAll(file, out byte[] bytes) == Errno.None && bytes.Length <= MostAnswerBytes ? PathBytes.Decode(bytes) : null;
    }

    /// <summary>So that nobody needs to find the answer again. A store that may not be written, or is full, forgets it.</summary>
    public void Remember(string question, string answer)
    {
        string directory = $"{Root}/{AnswersDirectory}";
        try
        {
            if (!Directory.Exists(directory))
                LinuxFile.MakeDirectory(null, directory, PrivateDirectory);
            DurableFile.Write(directory, AnswerPath(question), PathBytes.Encode(answer));
        }
        catch (DecantException)
        {
            // Asked again, it is found again.
        }
    }

    string AnswerPath(string question)
    {
        ManagedSha256 hash = new();
        hash.Append(PathBytes.Encode(question));
        return $"{Root}/{AnswersDirectory}/{Convert.ToHexStringLower(hash.Finish())}";
    }
}
