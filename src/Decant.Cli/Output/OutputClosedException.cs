namespace Decant.Cli;

/// <summary>Whoever read standard output has gone (EPIPE): decant ends in silence, as a program that SIGPIPE kills.</summary>
sealed class OutputClosedException : Exception;
