using Decant.Elf;
using Decant.Linux;

namespace Decant.Cli;

/// <summary>One object's reference to a symbol.</summary>
/// <param name="Provider">Null where nobody has it.</param>
sealed record LddBindingReport(string RequiredBy, string? Version, bool Weak, string? Provider, string? ProvidedVersion)
{
    public static LddBindingReport Of(SymbolBinding binding) => new(
        PathBytes.Printable(binding.By.Path), binding.Wanted?.Name, binding.IsWeak, binding.Provider is null ? null : PathBytes.Printable(binding.Provider.Path), binding.Bound?.Name);
}
