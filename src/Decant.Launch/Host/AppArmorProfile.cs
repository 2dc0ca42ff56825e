namespace Decant.Launch;

/// <summary>The profile that gives decant the right to user namespaces where AppArmor restricts them (Ubuntu 23.10 and later).</summary>
public static class AppArmorProfile
{
    public const string Path = "/etc/apparmor.d/decant";

    /// <summary>The profile's text: nothing is confined, and "userns" is allowed.</summary>
    public static string Text(string decantPath) => $$"""
        abi <abi/4.0>,
        include <tunables/global>

        profile decant "{{decantPath}}" flags=(unconfined) {
          userns,
          include if exists <local/decant>
        }
        """;

    /// <summary>What to type to install it; it holds over restarts.</summary>
    public static string Install(string decantPath) =>
        $"""
        sudo tee {Path} >/dev/null <<'EOF'
        {Text(decantPath)}
        EOF
        sudo apparmor_parser -r {Path}
        """;
}
