namespace Decant.Doctor;

/// <summary>One comparison of a requirement: "driver>=535".</summary>
/// <param name="Operator">=, !=, &lt;, &lt;=, &gt; or &gt;=.</param>
sealed record CudaCondition(string Property, string Operator, string Value)
{
    static readonly string[] Operators = ["!=", "<=", ">=", "=", "<", ">"];

    /// <summary>Null for what is none.</summary>
    public static CudaCondition? Parse(string text)
    {
        int at = text.AsSpan().IndexOfAny("!<>=");
        if (at <= 0)
            return null;
        foreach (string one in Operators)
        {
            if (text.AsSpan(at).StartsWith(one, StringComparison.Ordinal))
                return at + one.Length < text.Length ? new CudaCondition(text[..at], one, text[(at + one.Length)..]) : null;
        }

        return null;
    }

    /// <summary>Whether it holds; null where the property is unknown, or cannot be compared.</summary>
    public bool? Holds(CudaFacts facts)
    {
        // libnvidia-container compares words whatever their case.
        string property = Property.ToLowerInvariant();
        if (property == "brand")
            return facts.Brand is null || Operator is not ("=" or "!=") ? null : string.Equals(facts.Brand, Value, StringComparison.OrdinalIgnoreCase) == (Operator == "=");
        Version? own = property switch
        {
            "cuda" => facts.Cuda,
            "driver" => facts.Driver,
            "arch" => facts.Architecture,
            _ => null,
        };
        if (own is null || !Version.TryParse(Value.Contains('.') ? Value : Value + ".0", out Version? wanted))
            return null;
        int order = Whole(own).CompareTo(Whole(wanted));
        return Operator switch
        {
            "=" => order == 0,
            "!=" => order != 0,
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            _ => order >= 0,
        };
    }

    /// <summary>Parts that are not said are zeros.</summary>
    static Version Whole(Version version) => new(version.Major, version.Minor, Math.Max(version.Build, 0));
}
