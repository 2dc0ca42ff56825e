namespace Decant.Cli;

/// <summary>The --json that every reporting command has.</summary>
static class JsonOption
{
    public static CliOption Create(Action<bool> apply) =>
        CliOption.Flag("json", '\0', OptionTopic.Output, "Report as JSON (docs/json.md)", apply);
}
