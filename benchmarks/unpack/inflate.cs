// Inflates a gzip file to nowhere: what decant's inflate costs when nothing else is done. unpack.py builds and times it.
#:property PublishAot=true
#:property OptimizationPreference=Speed
#:property InvariantGlobalization=true
using System.IO.Compression;

using FileStream file = new(args[0], FileMode.Open, FileAccess.Read, FileShare.Read, 128 * 1024);
using GZipStream tar = new(file, CompressionMode.Decompress);
byte[] buffer = new byte[256 * 1024];
long total = 0;
for (int read; (read = tar.Read(buffer)) > 0;)
    total += read;
return total > 0 ? 0 : 1;
