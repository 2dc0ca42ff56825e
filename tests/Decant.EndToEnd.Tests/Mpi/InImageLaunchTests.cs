namespace Decant.EndToEnd.Tests;

/// <summary>decant run IMAGE mpirun ...: all of MPI is the image's.</summary>
public sealed class InImageLaunchTests
{
    public static TheoryData<string, string> Launchers { get; } = new()
    {
        { "bookworm", "mpirun" },
        { "trixie", "mpirun" },
        { "mpich", "mpiexec.hydra" },
    };

    [Theory]
    [MemberData(nameof(Launchers))]
    public void The_images_own_mpirun_starts_ranks_that_share_memory_and_files(string image, string launcher)
    {
        foreach (User user in new[] { User.Root, User.Ordinary })
        {
            string[] variables = [.. MpiPrograms.Variables.SelectMany(variable => (string[])["-e", $"{variable.Key}={variable.Value}"])];
            ProgramResult run = DecantBinary.Run(user, ["run", .. variables, .. MpiPrograms.Mounted, MpiPrograms.Image(user, image), launcher, "-np", "3", MpiPrograms.Program(image)]);
            Assert.Equal(MpiPrograms.Whole(3), MpiPrograms.Sorted(run.Expect(0).Output));
            Assert.Empty(run.Error);
        }
    }
}
