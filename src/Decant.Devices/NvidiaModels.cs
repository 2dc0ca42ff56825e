namespace Decant.Devices;

/// <summary>
/// Compute capabilities by the names that the driver gives to GPUs (https://developer.nvidia.com/cuda-gpus and
/// https://developer.nvidia.com/cuda-legacy-gpus). Integrated GPUs of Jetson are left out: machine code of others of their number does not run on them.
/// </summary>
static class NvidiaModels
{
    static readonly Version V120 = new(12, 0);
    static readonly Version V103 = new(10, 3);
    static readonly Version V100 = new(10, 0);
    static readonly Version V90 = new(9, 0);
    static readonly Version V89 = new(8, 9);
    static readonly Version V86 = new(8, 6);
    static readonly Version V80 = new(8, 0);
    static readonly Version V75 = new(7, 5);
    static readonly Version V70 = new(7, 0);
    static readonly Version V61 = new(6, 1);
    static readonly Version V60 = new(6, 0);
    static readonly Version V52 = new(5, 2);
    static readonly Version V37 = new(3, 7);

    /// <summary>Words that stand one behind the other in a name, # for a digit; the first that fits counts.</summary>
    static readonly (string[] Words, Version Capability)[] Table =
    [
        (["GB10"], new Version(12, 1)),
        (["GB300"], V103), (["B300"], V103),
        (["GB200"], V100), (["B200"], V100), (["B100"], V100),
        (["Blackwell"], V120), (["GeForce", "RTX", "50##"], V120),
        (["GH200"], V90), (["H200"], V90), (["H100"], V90), (["H800"], V90), (["H20"], V90),
        (["Ada"], V89), (["L40S"], V89), (["L40"], V89), (["L40G"], V89), (["L20"], V89), (["L4"], V89), (["L2"], V89), (["GeForce", "RTX", "40##"], V89),
        (["A100"], V80), (["A100X"], V80), (["A800"], V80), (["A30"], V80), (["A30X"], V80),
        (["A40"], V86), (["A16"], V86), (["A10"], V86), (["A10G"], V86), (["A10M"], V86), (["A2"], V86), (["RTX", "A####"], V86), (["RTX", "A###"], V86),
        (["GeForce", "RTX", "30##"], V86), (["GeForce", "RTX", "2050"], V86),
        (["T4"], V75), (["T4G"], V75), (["T1200"], V75), (["T1000"], V75), (["T600"], V75), (["T500"], V75), (["T400"], V75), (["Quadro", "RTX"], V75), (["TITAN", "RTX"], V75),
        (["GeForce", "RTX", "20##"], V75), (["GeForce", "GTX", "16##"], V75),
        (["V100"], V70), (["V100S"], V70), (["GV100"], V70), (["TITAN", "V"], V70),
        (["P100"], V60), (["GP100"], V60),
        (["P40"], V61), (["P4"], V61), (["P6"], V61), (["TITAN", "Xp"], V61), (["GeForce", "GTX", "10##"], V61), (["Quadro", "P####"], V61),
        (["M60"], V52), (["M40"], V52), (["M6"], V52), (["M4"], V52), (["GeForce", "GTX", "9##"], V52),
        (["K80"], V37),
    ];

    /// <summary>Null for a name that is not known.</summary>
    /// <param name="model">Such as "NVIDIA A100-SXM4-80GB".</param>
    public static Version? ComputeCapability(string model)
    {
        string[] words = model.Split([' ', '-', '/'], StringSplitOptions.RemoveEmptyEntries);
        foreach ((string[] pattern, Version capability) in Table)
        {
            for (int at = 0; at + pattern.Length <= words.Length; at++)
            {
                if (Fits(pattern, words.AsSpan(at)))
                    return capability;
            }
        }

        return null;
    }

    static bool Fits(string[] pattern, ReadOnlySpan<string> words)
    {
        for (int i = 0; i < pattern.Length; i++)
        {
            if (!Fits(pattern[i], words[i]))
                return false;
        }

        return true;
    }

    static bool Fits(string pattern, string word)
    {
        if (pattern.Length != word.Length)
            return false;
        for (int i = 0; i < word.Length; i++)
        {
            if (pattern[i] == '#' ? !char.IsAsciiDigit(word[i]) : pattern[i] != word[i])
                return false;
        }

        return true;
    }
}
