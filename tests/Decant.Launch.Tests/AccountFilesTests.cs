using System.Text;
using Decant.Linux;

namespace Decant.Launch.Tests;

public sealed class AccountFilesTests : IDisposable
{
    readonly TemporaryRoot root = new();

    public void Dispose() => root.Dispose();

    [Theory]
    [InlineData("", 0, 0, "/root")]
    [InlineData("root", 0, 0, "/root")]
    [InlineData("app", 1001, 1002, "/home/app")]
    [InlineData("1001", 1001, 1002, "/home/app")]
    [InlineData("app:video", 1001, 44, "/home/app")]
    [InlineData("app:77", 1001, 77, "/home/app")]
    [InlineData("4242", 4242, 0, "/")]
    [InlineData("4242:4343", 4242, 4343, "/")]
    public void A_user_is_looked_up_in_the_image(string text, uint uid, uint gid, string home)
    {
        ImageUser user = new AccountFiles(root.View).Find(text);
        Assert.Equal((uid, gid, home), (user.Uid, user.Gid, user.Home));
    }

    [Fact]
    public void Supplementary_groups_are_those_that_list_the_user_unless_a_group_was_named()
    {
        Assert.Equal([1002u, 10u, 44u], new AccountFiles(root.View).Find("app").Groups);
        Assert.Equal([1002u], new AccountFiles(root.View).Find("app:1002").Groups);
    }

    [Theory]
    [InlineData("nobody-here")]
    [InlineData("app:nobody-here")]
    [InlineData("4294967295")]
    [InlineData("-1")]
    public void A_name_that_the_image_does_not_know_is_an_error(string text) =>
        Assert.Contains("unable to find", Assert.Throws<DecantException>(() => new AccountFiles(root.View).Find(text)).Message);

    [Fact]
    public void A_link_in_the_image_does_not_lead_to_the_hosts_passwd()
    {
        root.Link("etc/passwd", "../../../../../../etc/passwd-of-the-host-that-is-not-in-the-image");
        Assert.Null(new AccountFiles(root.View).Find("0").Name);
        root.Link("etc/passwd", "/etc/group");
        Assert.Null(new AccountFiles(root.View).Find("1001").Name);
    }

    [Fact]
    public void Damaged_lines_are_passed_over()
    {
        root.Write("etc/passwd", "\n:::\nbroken\n+nis:::::::\n#c:x:5:5::/:/\napp:x:1001:1002::/h:/bin/sh");
        Assert.Equal("/h", new AccountFiles(root.View).Find("app").Home);
        Assert.Null(new AccountFiles(root.View).Find("5").Name);
    }

    [Fact]
    public void A_user_and_a_group_are_added_behind_those_of_the_image()
    {
        AccountFiles accounts = new(root.View);
        Assert.Equal("app", accounts.NameOf(1001));
        Assert.Null(accounts.NameOf(7));
        Assert.EndsWith("/bin/sh\nada:x:7:8::/:/bin/sh\n", Encoding.UTF8.GetString(accounts.PasswdWith(7, 8, "ada", "/")));
        Assert.True(accounts.HasGroup(44));
        Assert.False(accounts.HasGroup(8));
        Assert.EndsWith("\nada:x:8:\n", Encoding.UTF8.GetString(accounts.GroupWith(8, "ada")));
    }
}
