using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Decant.Linux;

/// <summary>A path as the zero-terminated bytes that a system call takes; on the stack where it is short.</summary>
unsafe ref struct CPath
{
    const int InlineSize = 256;

    [InlineArray(InlineSize)]
    struct Inline
    {
        byte first;
    }

    Inline inline;
    readonly byte* heap;

    public CPath(string path)
    {
        int needed = PathBytes.MaxByteCount(path);
        if (needed <= InlineSize)
        {
            PathBytes.Encode(path, inline);
        }
        else
        {
            heap = (byte*)NativeMemory.Alloc((nuint)needed);
            PathBytes.Encode(path, new Span<byte>(heap, needed));
        }
    }

    /// <summary>Valid while this value stays where it is and is not disposed.</summary>
    public readonly byte* Pointer => heap != null ? heap : (byte*)Unsafe.AsPointer(ref Unsafe.AsRef(in inline));

    public readonly void Dispose() => NativeMemory.Free(heap);
}
