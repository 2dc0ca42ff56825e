namespace Decant.Doctor;

/// <summary>One of the programs that an MPI's launcher starts; colons divide them (mpirun(1), mpiexec(1)).</summary>
/// <param name="Options">The launcher's own words in front of the program.</param>
/// <param name="Inner">What is started; null where the words name nothing.</param>
sealed record MpiApplication(IReadOnlyList<string> Options, ExaminedCommand? Inner)
{
    /// <summary>More of them nobody writes by hand.</summary>
    const int MostApplications = 64;

    /// <param name="launcher">A command whose program is a launcher.</param>
    /// <returns>In order; the launcher heeds options that are not of one program only in the first.</returns>
    public static IReadOnlyList<MpiApplication> Of(ExaminedCommand launcher)
    {
        List<MpiApplication> applications = [];
        List<string> words = [];
        foreach (string word in launcher.Arguments.Skip(1).Append(":"))
        {
            if (word != ":")
            {
                words.Add(word);
                continue;
            }

            if (words.Count > 0 && applications.Count < MostApplications)
            {
                ExaminedCommand? inner = CommandChain.Inner(launcher.Running([launcher.Arguments[0], .. words]));
                applications.Add(new MpiApplication([.. words.SkipLast(inner?.Arguments.Count ?? 0)], inner));
            }

            words.Clear();
        }

        return applications;
    }

    /// <summary>The values of an option, as "--name VALUE", "-name VALUE" or "--name=VALUE".</summary>
    /// <param name="names">Without dashes.</param>
    public IEnumerable<string> Values(params IReadOnlyList<string> names)
    {
        for (int i = 0; i < Options.Count; i++)
        {
            string option = Options[i].TrimStart('-');
            int equals = option.IndexOf('=');
            if (option.Length == Options[i].Length || !names.Contains(equals < 0 ? option : option[..equals]))
                continue;
            if (equals >= 0)
                yield return option[(equals + 1)..];
            else if (i + 1 < Options.Count)
                yield return Options[i + 1];
        }
    }
}
