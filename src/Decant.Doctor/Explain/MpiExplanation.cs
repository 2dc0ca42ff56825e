using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Answers to the errors of Open MPI's launchers and frameworks.</summary>
static class MpiExplanation
{
    const int MostAnswers = 8;

    /// <param name="message">One of Open MPI's.</param>
    public static Finding Of(ExaminedCommand command, KnownMessage message) =>
        message.Kind == KnownMessageKind.MpiRoot ? Root() : Component(command, message.Subject);

    static Finding Root() => new()
    {
        Id = "mpi-run-as-root",
        Severity = FindingSeverity.Error,
        Cause = "Open MPI's mpirun refuses to run as root, unless it is told twice that it may",
        Fix = "OMPI_ALLOW_RUN_AS_ROOT=1 and OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1, as decant run sets them by itself; or mpirun --allow-run-as-root; or another user: --user",
    };

    static Finding Component(ExaminedCommand command, string framework)
    {
        string which = framework.Length == 0 ? "a framework" : PathBytes.Printable(framework);
        MpiChoice[] choices = [.. MpiChoice.Of(command, null, MpiProject.OpenMpi).Where(choice => framework.Length == 0 || choice.Framework == framework)];
        string[] files = [.. command.Root.Libraries.Where(path => MpiComponents.OfFile(path) is { } component && component.Framework == framework).Take(MostAnswers).Select(path => $"the image has {PathBytes.Printable(path)}")];
        string fix = framework.Length == 0 ? "leave OMPI_MCA_FRAMEWORK and --mca FRAMEWORK away, or name what ompi_info lists" : $"leave OMPI_MCA_{which} and --mca {which} away, or name what ompi_info lists and the machine has devices for";
        return new Finding
        {
            Id = "mpi-component-missing",
            Severity = FindingSeverity.Error,
            Cause = $"of the components of {which} that Open MPI was allowed none could be opened: they are not there, need a library that is not, or found no device",
            Evidence = [.. choices.Select(choice => $"the environment has {PathBytes.Printable(choice.Origin)}={PathBytes.Printable(choice.Value)}"), .. files],
            Fix = fix,
        };
    }
}
