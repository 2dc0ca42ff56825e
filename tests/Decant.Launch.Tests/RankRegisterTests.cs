using System.Diagnostics;
using Decant.Launch.Running;
using Decant.Launch.Steps;

namespace Decant.Launch.Tests;

public sealed class RankRegisterTests
{
    [Fact]
    public void A_rank_is_found_while_it_runs_and_the_last_takes_the_file_away()
    {
        RankSharing sharing = new(Guid.NewGuid().ToString("n"), "root");
        using Process rank = Process.Start("sleep", "60");
        try
        {
            using RankRegister first = RankRegister.Enter(sharing);
            Assert.Null(first.Find(Namespaces.Mount));
            first.Add(rank.Id);
            using (RankRegister second = RankRegister.Enter(sharing))
            {
                using RankNamespaces? found = second.Find(Namespaces.Mount);
                Assert.True(found!.HasRoot);
            }

            // Whose root is another does not enter this one.
            using RankRegister other = RankRegister.Enter(sharing with { Root = "another" });
            Assert.Null(other.Find(Namespaces.Mount));
        }
        finally
        {
            rank.Kill();
            rank.WaitForExit();
        }

        using (RankRegister late = RankRegister.Enter(sharing))
            Assert.Null(late.Find(Namespaces.Mount));
        using RankRegister next = RankRegister.Enter(sharing with { Job = sharing.Job + "x" });
        Assert.Null(next.Find(Namespaces.Mount));
    }

    [Fact]
    public async Task The_last_rank_to_leave_waits_for_one_that_enters()
    {
        RankSharing sharing = new(Guid.NewGuid().ToString("n"), "root");
        using Process first = Process.Start("sleep", "60");
        using Process second = Process.Start("sleep", "60");
        try
        {
            RankRegister leaving = RankRegister.Enter(sharing);
            leaving.Find(Namespaces.Mount)?.Dispose();
            leaving.Add(first.Id);
            using RankRegister entering = RankRegister.Enter(sharing);
            using (RankNamespaces? found = entering.Find(Namespaces.Mount))
                Assert.NotNull(found);
            first.Kill();
            await first.WaitForExitAsync();
            Task left = Task.Run(leaving.Dispose);
            entering.Add(second.Id);
            await left;
            using RankRegister third = RankRegister.Enter(sharing);
            using RankNamespaces? there = third.Find(Namespaces.Mount);
            Assert.NotNull(there);
        }
        finally
        {
            first.Kill();
            second.Kill();
            await second.WaitForExitAsync();
        }
    }
}
