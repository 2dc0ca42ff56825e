namespace Decant.Doctor;

/// <summary>
/// A variable NVIDIA_REQUIRE_* of an image: alternatives separated by spaces, each of conditions separated by commas (nvidia-container-cli, "constraints").
/// </summary>
sealed record CudaRequirement(IReadOnlyList<IReadOnlyList<CudaCondition?>> Alternatives)
{
    /// <summary>Any text is one; what it says wrongly is unknown.</summary>
    public static CudaRequirement Parse(string text)
    {
        List<IReadOnlyList<CudaCondition?>> alternatives = [];
        foreach (string alternative in text.Split([' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries))
            alternatives.Add(Array.ConvertAll(alternative.Split(',', StringSplitOptions.RemoveEmptyEntries), CudaCondition.Parse));
        return new CudaRequirement(alternatives);
    }

    /// <summary>Null where that depends on what is unknown.</summary>
    public bool? Holds(CudaFacts facts)
    {
        bool? any = Alternatives.Count == 0 ? true : false;
        foreach (IReadOnlyList<CudaCondition?> alternative in Alternatives)
        {
            bool? all = true;
            foreach (CudaCondition? condition in alternative)
                all = (condition?.Holds(facts), all) is (false, _) or (_, false) ? false : condition?.Holds(facts) is null ? null : all;
            if (all is true)
                return true;
            any = all is null ? null : any;
        }

        return any;
    }

    /// <summary>The oldest CUDA that one alternative asks for by itself; null where none does.</summary>
    public Version? Cuda
    {
        get
        {
            foreach (IReadOnlyList<CudaCondition?> alternative in Alternatives)
            {
                if (alternative is [{ Property: "cuda", Operator: ">=" } condition] && Version.TryParse(condition.Value, out Version? version))
                    return version;
            }

            return null;
        }
    }
}
