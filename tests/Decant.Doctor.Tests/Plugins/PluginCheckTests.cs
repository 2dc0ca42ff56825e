namespace Decant.Doctor.Tests;

public sealed class PluginCheckTests
{
    [Theory]
    [InlineData("mpirun --mca pml ucx -np 2 app", "pml=ucx")]
    [InlineData("mpirun --mca btl self,vader --mca pml ^cm app", "btl=self,vader")]
    [InlineData("mpirun --mca btl_tcp_if_include lo app", "")]
    [InlineData("mpirun -np 2 app", "")]
    public void Components_are_asked_for_by_options_and_by_variables(string command, string selected)
    {
        using ScratchRoot root = new();
        Assert.Equal(selected, Selected(root.Command(command.Split(' '))));
        Assert.Equal($"mtl=ofi {selected}".Trim(), Selected(root.Command([("OMPI_MCA_mtl", "ofi"), ("OMPI_MCA_coll", "^hcoll"), ("OMPI_MCA_btl_tcp_port_min", "1")], command.Split(' '))));
    }

    static string Selected(ExaminedCommand command) =>
        string.Join(' ', MpiSelection.Of([new LoadedCommand(command, new FoundProgram("/bin/x", []), null!)]).Select(one => $"{one.Framework}={string.Join(',', one.Components)}"));
}
