namespace Decant.EndToEnd.Tests.Registry;

/// <summary>Registries whose connections break, stall or bring too little or too much.</summary>
public sealed class RegistryConnectionTests : IDisposable
{
    const int LayerBytes = 3_000_000;

    readonly HostileRegistry registry = new();
    int tricks;

    public RegistryConnectionTests() => HostileRegistryImage.Add(registry, "1", [HostileRegistryImage.Layer(LayerBytes)]);

    public void Dispose() => registry.Dispose();

    IEnumerable<RegistryRequest> Layers => registry.Requests.Where(IsLayer);

    bool IsLayer(RegistryRequest request) => request.IsBlob && registry.Blobs.GetValueOrDefault(request.Target[(request.Target.LastIndexOf('/') + 1)..])?.Length > LayerBytes;

    /// <summary>The first requests for the layer get another answer than the honest one.</summary>
    void Spoil(int times, Func<RegistryAnswer, RegistryAnswer> spoil) =>
        registry.Trick = request => IsLayer(request) && Interlocked.Increment(ref tricks) <= times ? spoil(registry.Honest(request)) : null;

    [Fact]
    public void A_broken_connection_is_taken_up_where_it_broke()
    {
        using RegistryRoom room = new();
        Spoil(2, answer => answer with { BreakAfter = 1_000_000 });
        room.Decant("pull", registry.Image).Expect(0);
        string?[] ranges = [.. Layers.Select(request => request.Header("Range"))];
        Assert.Equal(3, ranges.Length);
        Assert.Null(ranges[0]);
        long[] starts = [.. ranges.Skip(1).Select(range => long.Parse(range!["bytes=".Length..].TrimEnd('-')))];
        Assert.InRange(starts[0], 1, 1_000_000);
        Assert.InRange(starts[1], starts[0] + 1, 2_000_000);
    }

    [Fact]
    public void A_registry_without_ranges_is_read_from_the_start_again()
    {
        using RegistryRoom room = new();
        registry.Trick = request => !IsLayer(request) ? null
            : registry.Honest(request with { Headers = new Dictionary<string, string>() }) with { BreakAfter = ++tricks == 1 ? 1_000_000 : null };
        room.Decant("pull", registry.Image).Expect(0);
        Assert.Equal(2, Layers.Count());
    }

    [Theory]
    [InlineData("bytes 5-9/10")]
    [InlineData("bytes 0-3000000/3001856")]
    [InlineData("nonsense")]
    public void An_answer_with_another_part_is_not_put_in_its_place(string range)
    {
        using RegistryRoom room = new();
        Spoil(1, answer => answer with { BreakAfter = 1_000_000 });
        Func<RegistryRequest, RegistryAnswer?> breaks = registry.Trick;
        registry.Trick = request => breaks(request)
            ?? (IsLayer(request) && request.Header("Range") is not null ? new RegistryAnswer(206, new byte[10], ("Content-Range", range)) : null);
        room.Decant("pull", registry.Image).Expect(0);
        Assert.Null(Layers.Last().Header("Range"));
    }

    [Fact]
    public void A_range_that_the_registry_refuses_is_asked_for_as_a_whole()
    {
        using RegistryRoom room = new();
        registry.Trick = request => !IsLayer(request) ? null
            : request.Header("Range") is not null ? new RegistryAnswer(416, "")
            : registry.Honest(request) with { BreakAfter = ++tricks == 1 ? 1_000_000 : null };
        room.Decant("pull", registry.Image).Expect(0);
    }

    [Fact]
    public void A_connection_that_brings_nothing_is_given_up_in_the_end()
    {
        using RegistryRoom room = new();
        Spoil(int.MaxValue, answer => answer with { BreakAfter = 0 });
        room.Decant("pull", registry.Image).ExpectError(125, "given up after 6 tries", "layer 1 of 1");
        room.ExpectEmptyStore();
    }

    [Fact]
    public void A_stalled_connection_is_made_anew()
    {
        using RegistryRoom room = new("[pull]\nstall-seconds = 1");
        Spoil(1, answer => answer with { StallAfter = 1_000_000 });
        room.Decant("pull", registry.Image).ExpectError(0, "nothing came for 1 s");
        Assert.NotNull(Layers.Last().Header("Range"));
    }

    [Fact]
    public void An_error_that_stalls_is_told_by_its_status()
    {
        using RegistryRoom room = new("[pull]\nstall-seconds = 1");
        registry.Trick = request => request.IsManifest || IsLayer(request) ? new RegistryAnswer(404, "{\"errors\":[]}") { StallAfter = 5 } : null;
        room.Decant("pull", registry.Image).ExpectError(125, "has no manifest");
        registry.Trick = request => IsLayer(request) ? new RegistryAnswer(404, "{\"errors\":[]}") { StallAfter = 5 } : null;
        room.Decant("pull", registry.Image).ExpectError(125, "has no blob");
    }

    [Fact]
    public void A_token_that_stalls_is_given_up()
    {
        using RegistryRoom room = new("[pull]\nstall-seconds = 1");
        registry.Trick = request => request.Target.StartsWith("/token", StringComparison.Ordinal)
            ? new RegistryAnswer(200, "{\"token\":\"x\"}") { StallAfter = 3 }
            : new RegistryAnswer(401, "", ("WWW-Authenticate", $"Bearer realm=\"http://{registry.Host}/token\""));
        room.Decant("pull", registry.Image).ExpectError(125, "nothing came for 1 s");
    }

    [Fact]
    public void A_pull_that_has_failed_does_not_wait_for_what_is_on_its_way()
    {
        using RegistryRoom room = new();
        byte[] wrong = HostileRegistryImage.Layer(LayerBytes + 1), slow = HostileRegistryImage.Layer(LayerBytes + 2);
        HostileRegistryImage.Add(registry, "slow", [wrong, slow]);
        string wrongDigest = HostileRegistry.DigestOf(wrong);
        registry.Trick = request => !IsLayer(request) ? null
            : request.Target.EndsWith(wrongDigest, StringComparison.Ordinal) ? registry.Honest(request) with { Body = [.. wrong[..^1], (byte)(wrong[^1] ^ 1)] }
            : registry.Honest(request) with { StallAfter = 1000 };
        ProgramResult pulled = room.Decant("pull", $"docker://{registry.Host}/x:slow").ExpectError(125, "layer 1 of 2", "not what the manifest means");
        Assert.DoesNotContain("going on", pulled.Error);
        room.ExpectEmptyStore();
    }

    [Fact]
    public void Layers_that_were_fetched_before_a_pull_failed_are_not_fetched_again()
    {
        using RegistryRoom room = new("[pull]\ndownloads = 1");
        byte[] last = HostileRegistryImage.Layer(LayerBytes + 3);
        HostileRegistryImage.Add(registry, "three", [HostileRegistryImage.Layer(LayerBytes + 1), HostileRegistryImage.Layer(LayerBytes + 2), last]);
        string lastDigest = HostileRegistry.DigestOf(last);
        registry.Trick = request => request.Target.EndsWith(lastDigest, StringComparison.Ordinal) ? new RegistryAnswer(403, "") : null;
        room.Decant("pull", $"docker://{registry.Host}/x:three").ExpectError(125, "2 of 3 layers were fetched and are kept for the next try");
        room.Decant("fsck").Expect(0);
        registry.Trick = _ => null;
        room.Decant("pull", $"docker://{registry.Host}/x:three").Expect(0);
        Assert.Equal(4, Layers.Count());
        room.Decant("fsck").Expect(0);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public void A_busy_registry_is_left_alone_for_as_long_as_it_asks(int status)
    {
        using RegistryRoom room = new();
        registry.Trick = request => ++tricks is 2 or 4 ? new RegistryAnswer(status, "", ("Retry-After", "1")) : null;
        ProgramResult pulled = room.Decant("pull", registry.Image).ExpectError(0, $"{status}", "in 1 s");
        Assert.Contains("again in 1 s", pulled.Error);
    }

    [Fact]
    public void A_registry_that_asks_for_an_hour_is_given_up_at_once()
    {
        using RegistryRoom room = new();
        registry.Trick = request => request.IsManifest ? new RegistryAnswer(429, """{"errors":[{"code":"TOOMANYREQUESTS","message":"pull limit reached"}]}""", ("Retry-After", "3600")) : null;
        room.Decant("pull", registry.Image).ExpectError(125, "429", "pull limit reached");
    }

    [Fact]
    public void Layers_are_fetched_side_by_side_as_many_as_the_configuration_says()
    {
        int running = 0, most = 0, expected = 3;
        HostileRegistryImage.Add(registry, "many", [.. Enumerable.Range(1, 6).Select(i => HostileRegistryImage.Layer(LayerBytes + i))]);
        object gate = new();
        registry.Trick = request =>
        {
            if (IsLayer(request))
            {
                lock (gate)
                {
                    most = Math.Max(most, ++running);
                    Monitor.PulseAll(gate);
                    // Whoever is to come side by side has time to come; one more than that would be seen too.
                    while (most < expected && Monitor.Wait(gate, TimeSpan.FromSeconds(10)))
                    {
                    }

                    Monitor.Wait(gate, 200);
                    running--;
                }
            }

            return null;
        };
        using (RegistryRoom room = new())
            room.Decant("pull", $"docker://{registry.Host}/x:many").Expect(0);
        Assert.Equal(3, most);
        (most, expected) = (0, 1);
        using (RegistryRoom room = new("[pull]\ndownloads = 1"))
            room.Decant("pull", $"docker://{registry.Host}/x:many").Expect(0);
        Assert.Equal(1, most);
    }

    [Fact]
    public void Layers_that_the_store_has_are_not_fetched()
    {
        using RegistryRoom room = new();
        byte[] shared = HostileRegistryImage.Layer(LayerBytes + 1);
        HostileRegistryImage.Add(registry, "2", [shared, HostileRegistryImage.Layer(LayerBytes + 2)]);
        HostileRegistryImage.Add(registry, "3", [shared, HostileRegistryImage.Layer(LayerBytes + 3), shared]);
        room.Decant("pull", $"docker://{registry.Host}/x:2").Expect(0);
        room.Decant("pull", $"docker://{registry.Host}/x:3").Expect(0);
        room.Decant("pull", $"docker://{registry.Host}/x:3", "again").Expect(0);
        Assert.Equal(3, Layers.Count());
    }
}
