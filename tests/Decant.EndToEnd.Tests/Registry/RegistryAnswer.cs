using System.Text;

namespace Decant.EndToEnd.Tests.Registry;

/// <summary>What a <see cref="HostileRegistry"/> sends back, whole or not.</summary>
public sealed record RegistryAnswer(int Status, byte[] Body, params (string Name, string Value)[] Headers)
{
    public RegistryAnswer(int status, string body, params (string Name, string Value)[] headers)
        : this(status, Encoding.UTF8.GetBytes(body), headers)
    {
    }

    /// <summary>The connection breaks after so many bytes of the body.</summary>
    public int? BreakAfter { get; init; }

    /// <summary>Nothing more comes after so many bytes of the body, for as long as the client has patience.</summary>
    public int? StallAfter { get; init; }

    /// <summary>The body's length is not told before; it comes in chunks.</summary>
    public bool Chunked { get; init; }
}
