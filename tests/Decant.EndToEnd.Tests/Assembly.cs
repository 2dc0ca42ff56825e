using Decant.EndToEnd.Tests;
using Xunit.Sdk;
using Xunit.v3;

// Tests look at the host's mounts, processes and cgroups, and share two processors.
[assembly: Parallelization(Mode = ParallelMode.None)]
[assembly: AssemblyFixture(typeof(Workplace))]
