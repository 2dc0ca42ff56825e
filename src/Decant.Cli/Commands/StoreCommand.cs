using Decant.Launch.Running;
using Decant.Linux;

namespace Decant.Cli;

/// <summary>
/// A command on the store. Where an ordinary user's images keep their owners, decant does it once more as root of a user namespace, and
/// this process waits.
/// </summary>
abstract class StoreCommand : CliCommand
{
    public sealed override int Run(string[] operands)
    {
        Configuration configuration = Configuration.Load();
        return configuration.MapsOwners && !CallerNamespace.IsRoot ? MappedDecant.Run() : Run(operands, configuration);
    }

    /// <summary>Does it; returns the exit code.</summary>
    protected abstract int Run(string[] operands, Configuration configuration);
}
