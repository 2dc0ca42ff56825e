using Decant.Linux;

namespace Decant.Devices.Tests;

public sealed class CdiRegistryTests : IDisposable
{
    readonly string root = Directory.CreateTempSubdirectory("decant-cdi-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    void Write(string path, string devices, string more = "")
    {
        Directory.CreateDirectory(Path.GetDirectoryName($"{root}/{path}")!);
        File.WriteAllText($"{root}/{path}", $"cdiVersion: 0.5.0\nkind: v.com/c\ndevices:\n{string.Concat(devices.Split(' ').Select(name => $"- {{name: {name}, containerEdits: {{env: [FROM={path.Replace('/', '.')}]}}}}\n"))}{more}");
    }

    CdiRegistry Load() => CdiRegistry.Load([$"{root}/one", $"{root}/two", $"{root}/none"]);

    static string Env(CdiRegistry registry, params string[] names) => string.Join(' ', registry.Edits(names.Select(CdiName.Parse)).Env);

    string Error(string name) => Assert.Throws<DecantException>(() => Load().Find(CdiName.Parse(name))).Message;

    [Fact]
    public void A_later_directory_counts_more_and_other_files_do_not()
    {
        Write("one/a.yaml", "x y");
        Write("two/a.json", "x");
        Write("two/a.yml", "z");
        Directory.CreateDirectory($"{root}/two/b.yaml");
        CdiRegistry registry = Load();
        Assert.Equal("FROM=two.a.json FROM=one.a.yaml", Env(registry, "v.com/c=x", "v.com/c=y"));
        Assert.Equal(["v.com/c=x", "v.com/c=y"], registry.Names);
        Assert.Empty(registry.Errors);
    }

    [Fact]
    public void Two_files_of_a_directory_with_one_device_are_a_conflict_that_no_other_directory_mends()
    {
        Write("one/a.yaml", "x y");
        Write("one/b.yaml", "x");
        Write("two/c.yaml", "x");
        Assert.Contains("one/a.yaml and ", Error("v.com/c=x"));
        Assert.Equal(["v.com/c=y"], Load().Names);
    }

    [Fact]
    public void A_file_that_cannot_be_read_matters_to_who_misses_what_it_may_have()
    {
        Write("one/a.yaml", "x");
        File.WriteAllText($"{root}/one/b.yaml", "cdiVersion: 0.5.0\nkind: w.com/c\ndevices: none\n");
        Assert.Equal("FROM=one.a.yaml", Env(Load(), "v.com/c=x"));
        Assert.Contains("one/b.yaml:3:10: devices must be a list", Error("w.com/c=1"));
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_told_to_who_asks_for_its_kind_and_not_for_another()
    {
        Write("one/a.yaml", "x");
        File.WriteAllText($"{root}/one/b.yaml", "cdiVersion: 0.5.0\nkind: w.com/c\ndevices: none\n");
        File.WriteAllText($"{root}/one/c.json", "{\"cdiVersion\":\"0.5.0\",\"kind\":\"u.com/c\",\"devices\":[{\"name\":\"1\"}]}");
        Assert.Contains("one/b.yaml:3:10:", Error("w.com/c=1"));
        Assert.Contains("one/c.json:1:51: a device has no edits", Error("u.com/c=1"));
        Assert.Contains("of this kind there are v.com/c=x", Error("v.com/c=z"));
        File.WriteAllText($"{root}/one/d.yaml", "kind: [");
        Assert.Contains("one/d.yaml:", Error("v.com/c=z"));
        Assert.Equal("FROM=one.a.yaml", Env(Load(), "v.com/c=x"));
    }

    [Fact]
    public void Who_asks_for_what_is_not_there_is_told_what_is()
    {
        Assert.Contains("there is no specification in", Error("v.com/c=x"));
        Write("one/a.yaml", "x y");
        Assert.Contains("of this kind there are v.com/c=x, v.com/c=y", Error("v.com/c=z"));
        Assert.Contains("there are v.com/c=x", Error("other.com/c=z"));
    }

    [Fact]
    public void What_a_specification_says_of_all_its_devices_is_said_once()
    {
        Write("one/a.yaml", "x y", "containerEdits: {env: [ALL=1], deviceNodes: [{path: /dev/a}, {path: /dev/a}]}\n");
        Assert.Equal("ALL=1 FROM=one.a.yaml FROM=one.a.yaml", Env(Load(), "v.com/c=x", "v.com/c=y"));
    }

    [Fact]
    public void Of_two_mounts_on_one_place_the_later_counts()
    {
        CdiEdits one = new() { Mounts = [new CdiMount("/a", "/x", []), new CdiMount("/b", "/y", [])], AdditionalGroups = [1, 2] };
        CdiEdits both = one.With(new CdiEdits { Mounts = [new CdiMount("/c", "/x", [])], AdditionalGroups = [2, 3] });
        Assert.Equal(["/b", "/c"], both.Mounts.Select(mount => mount.HostPath));
        Assert.Equal([1u, 2u, 3u], both.AdditionalGroups);
    }
}
