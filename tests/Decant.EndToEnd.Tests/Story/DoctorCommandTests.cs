using System.Text.Json;

namespace Decant.EndToEnd.Tests;

/// <summary>What doctor says of small commands, held against decant run; and how it says it.</summary>
public sealed class DoctorCommandTests
{
    /// <summary>The finding's id, or nothing; the text of /app as printf(1) has it; the command.</summary>
    public static TheoryData<string, string, string> Scripts { get; } = new()
    {
        { "", "#!/bin/sh\\nexit 0\\n", "/app" },
        { "script-carriage-return", "#!/bin/sh\\r\\nexit 0\\n", "/app" },
        { "script-carriage-return", "#!/bin/sh\\r\\nexit 0\\n", "sh -c /app" },
        { "script-carriage-return", "#!/bin/sh -e\\r\\nexit 0\\n", "/app" },
        { "script-carriage-return", "#!/usr/bin/env sh\\r\\nexit 0\\n", "/app" },
        { "", "#!/bin/echo -e hello\\r\\n", "/app" },
        { "", "#!/bin/true -x\\r\\n", "/app" },
        { "byte-order-mark", "\\357\\273\\277#!/bin/sh\\nexit 0\\n", "/app" },
        { "", "\\357\\273\\277#!/bin/sh\\nexit 0\\n", "sh -c /app" },
        { "", "\\357\\273\\277#!/bin/sh\\nexit 0\\n", "env /app" },
        { "program-no-executable-format", "exit 0\\n", "/app" },
        { "", "exit 0\\n", "sh -c /app" },
        { "", "exit 0\\n", "env /app" },
    };

    [Theory]
    [MemberData(nameof(Scripts))]
    public void A_script_that_will_not_start_is_told_with_what_mends_it(string id, string text, string command)
    {
        string root = HostileRoot.New($"printf '{text}' >app && chmod 755 app && mkdir -p usr/bin && for i in usr/bin/env bin/echo bin/true; do ln -sf /bin/busybox $i; done");
        foreach (User user in new[] { User.Root, User.Ordinary })
        {
            ProgramResult told = DecantBinary.Run(user, ["doctor", "--json", $"rootfs:{root}", "--", .. command.Split(' ')]).Expect(id.Length > 0 ? 1 : 0);
            ProgramResult run = DecantBinary.Run(user, ["run", $"rootfs:{root}", .. command.Split(' ')]);
            Assert.True((run.ExitCode == 0) == (id.Length == 0), run.ToString());
            if (id.Length == 0)
                continue;
            JsonElement finding = Assert.Single(JsonDocument.Parse(told.Output).RootElement.GetProperty("findings").EnumerateArray());
            Assert.Equal(id, finding.GetProperty("id").GetString());
            if (id == "program-no-executable-format")
                continue;
            // The fix is a command, which makes it work.
            string fix = finding.GetProperty("fix").GetString()!.Split(',')[0];
            Shell.Run($"cp {root}/app {root}/before && {fix.Replace("/app", $"{root}/app", StringComparison.Ordinal)}").Expect(0);
            DecantBinary.Run(user, ["run", $"rootfs:{root}", .. command.Split(' ')]).Expect(0);
            Shell.Run($"cp {root}/before {root}/app").Expect(0);
        }
    }

    [Fact]
    public void A_link_that_leads_nowhere_is_told_with_its_target()
    {
        string root = HostileRoot.New("mkdir -p usr/bin etc/alternatives && ln -s /etc/alternatives/tool usr/bin/tool && ln -s /opt/tool-1.2/tool etc/alternatives/tool");
        ProgramResult told = DecantBinary.Run(User.Root, "doctor", $"rootfs:{root}", "--", "/usr/bin/tool").Expect(1);
        Assert.Contains("/usr/bin/tool -> /etc/alternatives/tool -> /opt/tool-1.2/tool, which is not there", told.Output.Replace("\n  ", " ", StringComparison.Ordinal));
        DecantBinary.Run(User.Root, "run", $"rootfs:{root}", "/usr/bin/tool").Expect(127);
    }

    [Fact]
    public void What_many_files_lack_is_told_once_on_a_page_and_of_each_in_JSON()
    {
        string root = HostileRoot.New("""
            mkdir -p usr/lib
            echo 'int gone(void){return 0;}' | cc -shared -fPIC -nostdlib -o usr/lib/libgone.so.1 -Wl,-soname,libgone.so.1 -x c -
            for i in 1 2 3 4 5 6; do echo 'int gone(void);int part(void){return gone();}' | cc -shared -fPIC -nostdlib -o usr/lib/libpart$i.so -x c - -x none usr/lib/libgone.so.1; done
            rm usr/lib/libgone.so.1
            """);
        string page = $"{Workplace.NewDirectory(User.Root)}/report.html";
        string text = DecantBinary.Run(User.Root, "doctor", "--html", page, $"rootfs:{root}").Expect(0).Output;
        Assert.Contains("note  library-missing, 6 files\n  /usr/lib/libpart1.so needs libgone.so.1", text);
        Assert.Contains("also      /usr/lib/libpart2.so, /usr/lib/libpart3.so, /usr/lib/libpart4.so and 2 more\n", text);
        Assert.DoesNotContain("libpart5", text);
        string html = File.ReadAllText(page);
        Assert.Contains("library-missing · 6 files", html);
        Assert.DoesNotContain("libpart5", html);
        JsonElement report = JsonDocument.Parse(DecantBinary.Run(User.Root, "doctor", "--json", $"rootfs:{root}").Expect(0).Output).RootElement;
        Assert.Equal(6, report.GetProperty("findings").EnumerateArray().Count(finding => finding.GetProperty("id").GetString() == "library-missing"));
    }
}
