using Decant.Linux;

namespace Decant.Images;

/// <summary>An archive is malformed or ends too early; the message names the archive, the entry and the byte.</summary>
public sealed class TarException(string message, string? fix = null) : DecantException(message, fix);
