namespace Decant.Images.Tests;

public sealed class RootWitnessesTests : IDisposable
{
    readonly ImageFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    RootView View()
    {
        fixture.Write("layer/etc/name", "x");
        fixture.Write("host/script", "one");
        fixture.Write("host/package/module", "one");
        fixture.Write("single", "one");
        RootView view = new([fixture["layer"]]);
        view.Bind("/work", fixture["host"]);
        view.Bind("/etc/single", fixture["single"]);
        return view;
    }

    /// <summary>What is written of looking, once the files are old enough.</summary>
    static string Seen(RootView view, Action<RootView> look)
    {
        string? text = null;
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                view.Witnesses = new RootWitnesses();
                look(view);
                text = view.Witnesses.Write();
                return text is not null;
            },
            TimeSpan.FromSeconds(30)));
        return text!;
    }

    [Fact]
    public void What_was_looked_at_outside_the_layers_must_be_as_it_was()
    {
        RootView view = View();
        string script = Seen(view, view => view.Resolve("/work/script"));
        string single = Seen(view, view => view.As(new Decant.Linux.Credentials(5, [5])).Resolve("/etc/single"));
        string absent = Seen(view, view => Assert.False(view.Resolve("/work/package/absent/deep").Exists));
        string through = Seen(view, view => view.Resolve("/work/package/module"));
        string listed = Seen(view, view => view.Names("/work/package"));
        Assert.All([script, single, absent, through, listed], text => Assert.True(RootWitnesses.StillHold(text)));
        fixture.Write("host/package/absent", "");
        Assert.Equal([true, true, false, true, false], new[] { script, single, absent, through, listed }.Select(RootWitnesses.StillHold));
        fixture.Write("single", "two");
        File.Delete(fixture["host/script"]);
        Assert.Equal([false, false], new[] { script, single }.Select(RootWitnesses.StillHold));
        Assert.True(RootWitnesses.StillHold(through));
    }

    [Fact]
    public void Layers_need_no_witness() =>
        Assert.Equal("", Seen(View(), view => Assert.True(view.Resolve("/etc/name").Exists && view.Names("/etc").Count == 2)));

    [Fact]
    public void A_file_that_changed_just_now_may_change_again_unseen()
    {
        RootView view = View();
        fixture.Write("host/script", "two");
        view.Witnesses = new RootWitnesses();
        view.Resolve("/work/script");
        Assert.Null(view.Witnesses.Write());
    }

    [Theory]
    [InlineData("x")]
    [InlineData("n/etc\u0002-")]
    [InlineData("\u0002-\u0002")]
    [InlineData("n/\u0002-\u0002")]
    [InlineData("n/proc/self/maps\u0002-\u0002")]
    public void What_was_cut_off_or_is_no_witness_holds_nothing(string text) => Assert.False(RootWitnesses.StillHold(text));
}
