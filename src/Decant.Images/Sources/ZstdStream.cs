using System.Numerics;
using Decant.Linux;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Decant.Images;

/// <summary>What zstd frames hold (RFC 8878). The memory that one asks for, its window, has a limit; the blob stays open.</summary>
sealed class ZstdStream : DecompressionStream
{
    const int BufferSize = 128 * 1024;
    const int LeastLog = 10;
    const int MostLog = 31;

    readonly string place;
    readonly long most;

    /// <param name="place">Names the blob in messages.</param>
    public ZstdStream(Stream blob, string place, ImageLimits limits)
        : base(blob, BufferSize, checkEndOfStream: true, leaveOpen: true)
    {
        this.place = place;
        int log = Math.Clamp(BitOperations.Log2((ulong)limits.Window), LeastLog, MostLog);
        most = 1L << log;
        SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, log);
    }

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return base.Read(buffer);
        }
        catch (ZstdException e) when (e.Code == ZSTD_ErrorCode.ZSTD_error_frameParameter_windowTooLarge)
        {
            throw new DecantException($"{place}: a zstd frame asks for a window of more than {most} bytes", ImageLimits.Raise("window"), e);
        }
    }
}
