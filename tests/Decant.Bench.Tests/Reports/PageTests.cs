using System.Text.Json;
using System.Text.RegularExpressions;

namespace Decant.Bench.Tests;

public sealed partial class PageTests
{
    [Fact]
    public void The_page_holds_the_result_for_machines_and_no_text_of_it_ends_the_element()
    {
        BenchResult result = Session.Interleaved(1);
        const string Json = """{"title":"a </script><!-- <script> \u0026 ]]>"}""";
        string page = HtmlReport.Of([(result, ResultConclusions.Of(result))], Json);
        string[] parts = page.Split("<script type=\"application/json\" id=\"decant-results\">");
        Assert.Equal(2, parts.Length);
        string inside = parts[1][..parts[1].IndexOf("</script>", StringComparison.Ordinal)];
        Assert.DoesNotContain('<', inside);
        Assert.Equal("a </script><!-- <script> & ]]>", JsonDocument.Parse(inside).RootElement.GetProperty("title").GetString());
        Assert.Equal("\n</body>\n</html>\n", parts[1][(inside.Length + "</script>".Length)..]);
    }

    [Fact]
    public void Whatever_scrolls_is_reached_with_the_keyboard_and_says_what_it_is()
    {
        BenchResult result = Session.Interleaved(1);
        MatchCollection boxes = Boxes.Matches(HtmlReport.Of([(result, ResultConclusions.Of(result))]));
        Assert.True(boxes.Count >= 2);
        Assert.All(boxes, box => Assert.Matches("^<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"[^\"]+\">$", box.Value));
    }

    [Fact]
    public void Each_picture_is_there_for_a_desk_and_for_a_phone()
    {
        BenchResult result = Session.Interleaved(1);
        string page = HtmlReport.Of([(result, ResultConclusions.Of(result))]);
        int broad = page.Split("<svg class=\"broad\"").Length - 1;
        Assert.Equal(5, broad);
        Assert.Equal(broad, page.Split("<svg class=\"narrow\"").Length - 1);
    }

    [GeneratedRegex("<div class=\"wide\"[^>]*>")]
    private static partial Regex Boxes { get; }
}
