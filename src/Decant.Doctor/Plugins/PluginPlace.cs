namespace Decant.Doctor;

/// <summary>Where a library looks for what it opens by itself.</summary>
/// <param name="Origin">What <paramref name="Directory"/> starts from.</param>
/// <param name="Directory">A path below the origin; of <see cref="PluginOrigin.Named"/> the directory's last name.</param>
/// <param name="Files">A pattern of names with * and ?, or of names of directories and names in them: "*/*/crt*.o"; ** at its end and null are everything below.</param>
sealed record PluginPlace(PluginOrigin Origin, string Directory, string? Files)
{
    public static PluginPlace Beside(string directory, string? files) => new(PluginOrigin.Beside, directory, files);

    public static PluginPlace Named(string name, string? files) => new(PluginOrigin.Named, name, files);

    public static PluginPlace Fixed(string directory, string? files) => new(PluginOrigin.Fixed, directory, files);
}
