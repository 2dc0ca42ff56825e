using System.Runtime.CompilerServices;

namespace Decant.Bench.Tests;

public class WorkloadDocsTests
{
    static string Page(string name, [CallerFilePath] string caller = "") => File.ReadAllText(Path.Combine(Path.GetDirectoryName(caller)!, "../../../docs", name));

    [Fact]
    public void Every_format_is_in_its_page() => Assert.All(WorkloadFormats.Names, name => Assert.Contains($"`{name}`", Page("workload-formats.md")));

    [Fact]
    public void Every_tool_whose_results_are_imported_is_in_its_page() => Assert.All(ResultImport.Tools, tool => Assert.Contains($"| {tool} |", Page("import.md")));
}
