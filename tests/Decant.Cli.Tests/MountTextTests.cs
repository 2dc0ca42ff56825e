using CsCheck;
using Decant.Launch;
using Decant.Linux;

namespace Decant.Cli.Tests;

public sealed class MountTextTests
{
    [Theory]
    [InlineData("type=bind,source=/a,target=/b")]
    [InlineData("type=bind,src=/a,dst=/b")]
    [InlineData("destination=/b,src=/a,type=BIND")]
    public void A_bind_has_many_spellings(string text) =>
        Assert.Equal(new MountRequest { Kind = MountKind.Bind, Source = "/a", Target = "/b", Text = "--mount " + text }, MountText.Parse(text));

    [Theory]
    [InlineData("readonly", true)]
    [InlineData("ro", true)]
    [InlineData("readonly=true", true)]
    [InlineData("ro=1", true)]
    [InlineData("ro=false", false)]
    public void Read_only_may_have_a_value(string word, bool readOnly) =>
        Assert.Equal(readOnly, MountText.Parse("type=bind,src=/a,dst=/b," + word).ReadOnly);

    [Theory]
    [InlineData("bind-nonrecursive")]
    [InlineData("bind-nonrecursive=true")]
    [InlineData("bind-recursive=disabled")]
    public void A_bind_can_leave_out_what_is_mounted_below(string word) =>
        Assert.True(MountText.Parse("type=bind,src=/a,dst=/b," + word).NonRecursive);

    [Fact]
    public void A_bind_has_a_propagation() =>
        Assert.Equal(MountPropagation.Shared, MountText.Parse("type=bind,src=/a,dst=/b,bind-propagation=rshared").Propagation);

    [Fact]
    public void A_tmpfs_has_size_and_mode_and_is_as_closed_as_dockers()
    {
        MountRequest mount = MountText.Parse("type=tmpfs,dst=/t,tmpfs-size=1m,tmpfs-mode=0700");
        Assert.Equal(MountKind.Tmpfs, mount.Kind);
        Assert.Equal(1 << 20, mount.SizeBytes);
        Assert.Equal(0x1C0u, mount.Mode);
        Assert.True(mount.NoExec && mount.NoSuid && mount.NoDev);
    }

    [Fact]
    public void An_overlay_shows_a_directory_that_changes_do_not_reach()
    {
        MountRequest mount = MountText.Parse("type=overlay,src=/a,dst=/b");
        Assert.Equal(MountKind.Overlay, mount.Kind);
        Assert.Equal("/a", mount.Source);
    }

    [Fact]
    public void Quotation_marks_keep_commas_and_marks()
    {
        MountRequest mount = MountText.Parse("type=bind,\"src=/a,b\"\"c\",dst=/b:x");
        Assert.Equal("/a,b\"c", mount.Source);
        Assert.Equal("/b:x", mount.Target);
    }

    [Theory]
    [InlineData("src=/a,dst=/b", "type volume", "type=bind")]
    [InlineData("type=volume,src=a,dst=/b", "type volume", "type=bind")]
    [InlineData("type=npipe,dst=/b", "no counterpart", "bind, tmpfs and overlay")]
    [InlineData("type=nfs,dst=/b", "no mount type nfs", "bind, tmpfs and overlay")]
    [InlineData("type=bind,src=/a", "no target", "target=")]
    [InlineData("type=bind,dst=/a", "no source", "source=")]
    [InlineData("type=bind,src=/a,tarjet=/b", "did you mean target?", "decant run --help")]
    [InlineData("type=bind,src=/a,dst=/b,bind-propagation=up", "no propagation up", "rslave")]
    [InlineData("type=tmpfs,dst=/b,tmpfs-mode=9", "not a mode", "octal")]
    [InlineData("type=bind,src=/a,dst=/b,volume-nocopy", "docker keeps", "type=bind")]
    public void Each_mistake_has_its_reason_and_the_way_on(string text, string reason, string fix)
    {
        DecantException e = Assert.Throws<DecantException>(() => MountText.Parse(text));
        Assert.Contains(reason, e.Message);
        Assert.Contains(fix, e.Fix);
    }

    [Theory]
    [InlineData("")]
    [InlineData("type=tmpfs,src=/a,dst=/b")]
    [InlineData("type=tmpfs,dst=/b,bind-propagation=slave")]
    [InlineData("type=bind,src=/a,dst=/b,tmpfs-size=1m")]
    [InlineData("type=bind,src=/a,dst=/b,ro=perhaps")]
    [InlineData("type=bind,src,dst=/b")]
    [InlineData("type=bind,\"src=/a,dst=/b")]
    [InlineData("type=bind,\"src=/a\"x,dst=/b")]
    [InlineData("type=bind,src=/a\",dst=/b")]
    public void What_is_no_mount_is_refused(string text) => Assert.Throws<DecantException>(() => MountText.Parse(text));

    [Fact]
    public void Quoted_fields_come_back_whatever_they_hold() =>
        Gen.String[Gen.Char["ab,\"=: "], 0, 12].Array[1, 5].Sample(fields =>
            CsvFields.Split(string.Join(',', fields.Select(field => '"' + field.Replace("\"", "\"\"") + '"'))).SequenceEqual(fields));
}
