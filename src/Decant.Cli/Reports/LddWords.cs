using Decant.Elf;

namespace Decant.Cli;

/// <summary>The loader's rules in words, for people and for JSON.</summary>
static class LddWords
{
    public static string Of(BindingRule rule) => rule switch
    {
        BindingRule.Interpreter => "PT_INTERP",
        BindingRule.AlreadyLoaded => "already loaded",
        BindingRule.Preload => "LD_PRELOAD",
        BindingRule.PathName => "path",
        BindingRule.Rpath => "RPATH",
        BindingRule.LibraryPath => "LD_LIBRARY_PATH",
        BindingRule.Runpath => "RUNPATH",
        BindingRule.Cache => "ld.so.cache",
        BindingRule.SystemDirectory => "system directory",
        BindingRule.LoaderItself => "the loader itself",
        _ => "missing",
    };
}
