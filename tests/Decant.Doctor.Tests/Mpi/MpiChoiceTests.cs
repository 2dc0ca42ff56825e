namespace Decant.Doctor.Tests;

public sealed class MpiChoiceTests
{
    [Theory]
    [InlineData("mpirun --mca pml ucx -np 2 app", "pml=ucx")]
    [InlineData("mpirun --mca btl self,vader --mca pml ^cm app", "btl=self,vader pml=^cm")]
    [InlineData("mpirun --mca btl_tcp_if_include lo app", "")]
    [InlineData("mpirun -np 2 app", "")]
    [InlineData("mpirun --mca mtl psm app", "mtl=psm")]
    public void Components_are_asked_for_by_options_and_where_those_say_nothing_by_variables(string command, string selected)
    {
        using ScratchRoot root = new();
        root.File("/usr/bin/app", "", executable: true);
        Assert.Equal(selected, Selected(root.Command(command.Split(' '))));
        string mtl = selected.Contains("mtl", StringComparison.Ordinal) ? "" : "mtl=ofi";
        Assert.Equal($"{selected} {mtl} coll=^hcoll".Replace("  ", " ", StringComparison.Ordinal).Trim(), Selected(root.Command([("OMPI_MCA_mtl", "ofi"), ("OMPI_MCA_coll", "^hcoll"), ("OMPI_MCA_btl_tcp_port_min", "1")], command.Split(' '))));
    }

    static string Selected(ExaminedCommand command) =>
        string.Join(' ', MpiChoice.Of(command, command, MpiProject.OpenMpi).Select(one => $"{one.Framework}={one.Value}"));
}
