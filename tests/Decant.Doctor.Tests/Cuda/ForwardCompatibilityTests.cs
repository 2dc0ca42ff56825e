using System.Buffers.Binary;
using System.Text;
using Decant.Devices;

namespace Decant.Doctor.Tests;

public sealed class ForwardCompatibilityTests : IDisposable
{
    readonly CudaRoot root = new();

    public void Dispose() => root.Dispose();

    string? Directory(string? driver, string? cuda = null, string place = "/usr/local/cuda/compat") =>
        ForwardCompatibility.Directory(root.Root.Command([], ["/app"]).Root.View, new CudaCompatRequest(driver, cuda, place));

    /// <summary>As readelf shows the note of a real package: namesz, descsz, type, and owner and description in fours.</summary>
    static (string, byte[]) Note(string json)
    {
        byte[] owner = Encoding.ASCII.GetBytes("NVIDIA Corporation\0\0");
        byte[] description = Encoding.ASCII.GetBytes(json + "\0");
        byte[] note = new byte[12 + owner.Length + (description.Length + 3) / 4 * 4];
        BinaryPrimitives.WriteInt32LittleEndian(note, owner.Length - 1);
        BinaryPrimitives.WriteInt32LittleEndian(note.AsSpan(4), description.Length);
        BinaryPrimitives.WriteInt32LittleEndian(note.AsSpan(8), 1);
        owner.CopyTo(note, 12);
        description.CopyTo(note, 12 + owner.Length);
        return (".note.cuda.fwd_compatibility", note);
    }

    [Fact]
    public void A_note_tells_with_which_drivers_it_works()
    {
        root.Library("/usr/local/cuda/compat/libcuda.so.590.44.01", "libcuda.so.1", null, Note("{\"format\":1,\"CUDA version\":\"13.1\",\"driver\":[535,580,590]}"));
        Assert.Equal("/usr/local/cuda/compat", Directory("580.65.06"));
        Assert.Equal("/usr/local/cuda/compat", Directory("590.12.01"));
        Assert.Null(Directory("550.54.14"));
        Assert.Null(Directory("590.44.01"));
        // Of both versions the driver's counts.
        Assert.Null(Directory("550.54.14", "13.0"));
    }

    [Fact]
    public void On_a_jetson_versions_of_cuda_are_compared_since_its_driver_has_none()
    {
        const string Orin = "/usr/local/cuda/compat_orin";
        Assert.Null(Directory(null, "12.6", Orin));
        root.Library($"{Orin}/libcuda.so.1.1", "libcuda.so.1", null, Note("{\"format\":1,\"CUDA version\":\"13.1\",\"driver\":[580,590]}"));
        root.Root.Link($"{Orin}/libcuda.so.1", "libcuda.so.1.1");
        root.Root.Link($"{Orin}/libcuda.so.9.9", "libcuda.so.1.1");
        Assert.Equal(Orin, Directory(null, "13.0", Orin));
        Assert.Equal(Orin, Directory("540.4.0-jetson", "12.6", Orin));
        Assert.Null(Directory(null, "13.1", Orin));
        Assert.Null(Directory(null, "13.2", Orin));
        Assert.Null(Directory(null, "thirteen", Orin));
        Assert.Null(Directory(null, null, Orin));
        Assert.Null(Directory(null, "13.0"));
    }

    [Fact]
    public void Without_a_note_nothing_is_known_of_cuda()
    {
        root.Library("/usr/local/cuda/compat/libcuda.so.580.95.05", "libcuda.so.1");
        Assert.Null(Directory(null, "11.0"));
        Assert.Null(Directory("535.104.05", "11.0"));
    }

    [Fact]
    public void A_directory_behind_a_link_stays_in_the_image()
    {
        root.Library("/opt/compat/libcuda.so.580.95.05", "libcuda.so.1");
        root.Root.Link("/usr/local/cuda", "../../../../opt");
        Assert.Equal("/opt/compat", Directory("535.104.05"));
        Assert.Equal("/opt/compat", Directory("535.104.05", place: "/../usr/local/cuda/compat/../compat"));
    }

    [Fact]
    public void Without_a_note_a_newer_branch_is_used()
    {
        Assert.Null(Directory("535.104.05"));
        root.Library("/usr/local/cuda/compat/libcuda.so.580.95.05", "libcuda.so.1");
        Assert.Equal("/usr/local/cuda/compat", Directory("535.104.05"));
        Assert.Null(Directory("580.65.06"));
        Assert.Null(Directory("590.44.01"));
        Assert.Null(Directory("no version"));
    }

    [Fact]
    public void Of_two_libraries_none_is_used()
    {
        root.Library("/usr/local/cuda/compat/libcuda.so.580.95.05", "libcuda.so.1").Library("/usr/local/cuda/compat/libcuda.so.590.44.01", "libcuda.so.1");
        Assert.Null(Directory("535.104.05"));
    }
}
