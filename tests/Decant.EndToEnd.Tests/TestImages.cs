using System.Collections.Concurrent;

namespace Decant.EndToEnd.Tests;

/// <summary>The images that Images/make-images.sh makes, and the stores of both users that they are pulled into once.</summary>
public static class TestImages
{
    static readonly string[] saved = ["busybox", "bookworm", "trixie", "layers", "entrypoint", "shell-form", "user", "user-number", "workdir", "built"];
    static readonly Lazy<string> cache = new(Make);
    static readonly ConcurrentDictionary<User, string> stores = new();
    static readonly ConcurrentDictionary<(User User, string Name), string> pulled = new();

    /// <summary>The directory that holds the images.</summary>
    public static string Directory => cache.Value;

    public static string File(string name) => Path.Combine(Directory, name);

    /// <summary>The user's store.</summary>
    public static string Store(User user) => stores.GetOrAdd(user, _ => Workplace.NewDirectory(user));

    /// <summary>Makes sure that the image, as docker saved it, is in the user's store, and gives its name.</summary>
    public static string Pulled(User user, string name) => Pulled(user, name, $"docker-archive:{File($"{name}.docker.tar")}");

    /// <summary>Makes sure that what the source names is in the user's store under the name, and gives the name.</summary>
    public static string Pulled(User user, string name, string source) => pulled.GetOrAdd((user, name), _ =>
    {
        DecantBinary.Run(user, "pull", source, name).Expect(0);
        return name;
    });

    /// <summary>Makes sure that the user's store has all that docker saved.</summary>
    public static void PulledAll(User user)
    {
        foreach (string name in saved)
            Pulled(user, name);
    }

    static string Make() =>
        Shell.Execute([Workplace.Existing("tests/Decant.EndToEnd.Tests/Images/make-images.sh", "git checkout")], CacheVariable(), limit: TimeSpan.FromMinutes(15)).Expect(0).Output.Trim();

    static Dictionary<string, string> CacheVariable() =>
        Environment.GetEnvironmentVariable("DECANT_TEST_CACHE") is { } place ? new() { ["DECANT_TEST_CACHE"] = place } : [];
}
