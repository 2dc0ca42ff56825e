namespace Decant.Cli;

/// <summary>The heading under which help lists an option, in help's order.</summary>
enum OptionTopic
{
    Experiment,
    Comparison,
    Design,
    Trial,
    Memory,
    Program,
    Files,
    Environment,
    Identity,
    Isolation,
    Resources,
    Devices,
    Output,
}
