using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Decant.Linux;

namespace Decant.Images.Tests;

/// <summary>A directory of one test's own, a store in it, and the real tools that make images.</summary>
public sealed class ImageFixture : IDisposable
{
    public ImageFixture()
    {
        Root = Directory.CreateTempSubdirectory("decant-images-").FullName;
        Store = new ImageStore(Root + "/store");
    }

    public string Root { get; }

    public ImageStore Store { get; }

    public string this[string name] => $"{Root}/{name}";

    public void Dispose()
    {
        // Trees of images have directories that only rm -rf as root gets through.
        Run("rm", "-rf", Root);
    }

    /// <summary>Runs a tool and returns its output; a failure is the test's.</summary>
    public static string Run(string tool, params string[] arguments)
    {
        (int code, string output, string error) = TryRun(tool, arguments);
        Assert.True(code == 0, $"{tool} {string.Join(' ', arguments)}: {code}\n{output}{error}");
        return output;
    }

    public static (int Code, string Output, string Error) TryRun(string tool, params string[] arguments)
    {
        ProcessStartInfo start = new(tool, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new InvalidOperationException($"{tool} is missing: apt-get install {(tool == "zstd" || tool == "tar" || tool == "gzip" ? tool : "skopeo umoci zstd")}");
        }

        using (process)
        {
            Task<string> error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, error.Result);
        }
    }

    public string Write(string name, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[name])!);
        File.WriteAllText(this[name], content);
        return this[name];
    }

    /// <summary>A layout with the image of <see cref="LayoutTemplate"/>, tagged "one".</summary>
    public string MakeLayout()
    {
        Run("cp", "-a", LayoutTemplate.Path, this["image"]);
        return this["image"];
    }

    public static void Script(string text) => Run("sh", "-c", text);

    /// <summary>Reads, changes and writes a JSON file, and returns its new digest.</summary>
    public static string EditJson(string path, Action<JsonNode> change)
    {
        JsonNode node = JsonNode.Parse(File.ReadAllBytes(path))!;
        change(node);
        File.WriteAllText(path, node.ToJsonString());
        return Digest.Sha256(File.ReadAllBytes(path)).ToString();
    }

    /// <summary>Stores a JSON document as a blob of a layout and returns its descriptor.</summary>
    public static JsonObject AddBlob(string layout, string mediaType, string json)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(json);
        Digest digest = Digest.Sha256(bytes);
        File.WriteAllBytes($"{layout}/blobs/sha256/{digest.Hex}", bytes);
        return new JsonObject { ["mediaType"] = mediaType, ["digest"] = digest.ToString(), ["size"] = bytes.Length };
    }

    /// <summary>The error that an action ends with.</summary>
    public static DecantException Fails(Action action) => Assert.ThrowsAny<DecantException>(action);
}
