package dev.gatewatch.probes.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewatch.probes.resources.Scanner.Malformed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpositionTest {
    private static final String PAGE = """
            # HELP http_requests_total Requests.
            # TYPE http_requests_total counter
            http_requests_total{method="post",code="200"} 1027 1395066363000
            http_requests_total{method="post",code="400",}    3 1395066363000

            msdos_file_access_time_seconds{path="C:\\\\DIR\\\\FILE.TXT",error="Cannot find \\"file\\"\\n"} 1.458255915e9
            no_labels 12.47
            something_weird{problem="division by zero"} +Inf -3982045
            quiet NaN
            empty{} -0.5e-3
            exemplar_bucket{le="0.1"} 8 1.5 # {trace_id="abc"} 0.067 1.4
            {"my.metric", "a.b"="c"} 7
            # EOF
            this is never read
            """;

    @Test
    void aPageIsReadSampleBySample() throws Exception {
        List<Sample> samples = read(PAGE);

        assertThat(samples).hasSize(9);
        assertThat(samples.get(0).metric()).isEqualTo("http_requests_total");
        assertThat(samples.get(0).labels()).isEqualTo(Map.of("method", "post", "code", "200"));
        assertThat(samples.get(0).value()).isEqualTo(1027);
        assertThat(samples.get(1).label("code")).isEqualTo("400");
        assertThat(samples.get(2).label("path")).isEqualTo("C:\\DIR\\FILE.TXT");
        assertThat(samples.get(2).label("error")).isEqualTo("Cannot find \"file\"\n");
        assertThat(samples.get(4).value()).isInfinite();
        assertThat(samples.get(5).value()).isNaN();
        assertThat(samples.get(6).value()).isEqualTo(-0.0005);
        assertThat(samples.get(7).label("le")).isEqualTo("0.1");
        assertThat(samples.get(8).metric()).isEqualTo("my.metric");
        assertThat(samples.get(8).label("a.b")).isEqualTo("c");
    }

    @Test
    void anEmptyPageHasNoSamplesAndLinesMayEndInAnyWay() throws Exception {
        assertThat(read("")).isEmpty();
        assertThat(read("\n\n# only a comment")).isEmpty();
        assertThat(read("a 1\r\nb 2")).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html>",
                "{\"status\":\"UP\"}",
                "metric",
                "metric ",
                "metric one",
                "metric 1d",
                "metric 0x",
                "metric 1_000",
                "metric{} ",
                "metric{a} 1",
                "metric{a=} 1",
                "metric{a=\"b} 1",
                "metric{a=\"b\\x\"} 1",
                "metric{a=\"b\" c=\"d\"} 1",
                "metric{a=\"b\"",
                "metric{,} 1",
                "9metric 1",
                "metric 1 2 3",
                "metric 1 two",
                "{} 1",
                "{\"a\",\"b\"} 1"
            })
    void aMalformedLineIsNamedWithItsNumber(String line) {
        assertThatThrownBy(() -> read("good 1\n" + line + "\n"))
                .isInstanceOf(Malformed.class)
                .hasMessageStartingWith("line 2 is no metric: ")
                .hasMessageMatching("\\P{Cntrl}*");
    }

    @Test
    void linesAndLabelsAreBounded() {
        assertThatThrownBy(() -> read("a{b=\"" + "x".repeat(100_000) + "\"} 1")).hasMessageContaining("65536 characters");
        var labels = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            labels.append("l").append(i).append("=\"\",");
        }
        assertThatThrownBy(() -> read("a{" + labels + "} 1")).hasMessageContaining("more than 100 labels");
    }

    @Test
    void noChangeOfAPageDoesMoreThanMakeItMalformed() {
        var random = new Random(42);
        String alphabet = "{}\"\\=,# \n\t\r0123456789.eE+-NaIfx_:abc~!\u0000é€";
        for (int i = 0; i < 20_000; i++) {
            var page = new StringBuilder(PAGE);
            for (int changes = random.nextInt(1, 8); changes > 0; changes--) {
                int at = random.nextInt(page.length());
                char c = alphabet.charAt(random.nextInt(alphabet.length()));
                switch (random.nextInt(3)) {
                    case 0 -> page.setCharAt(at, c);
                    case 1 -> page.insert(at, c);
                    default -> page.deleteCharAt(at);
                }
            }
            try {
                read(page.toString());
            } catch (Malformed e) {
                assertThat(e.getMessage()).startsWith("line ");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "up ; up ; 1",
                "sum(conns) ; conns ; 6",
                "conns ; conns ; 6",
                "max(conns) ; conns ; 3",
                "min ( conns ) ; conns ; 1",
                "avg(conns) ; conns ; 2",
                "count(conns) ; conns ; 3",
                "conns{pool=\"a\"} ; conns ; 1",
                "conns{pool!=\"a\"} ; conns ; 5",
                "conns{pool=~\"a|b\"} ; conns ; 3",
                "conns{pool=~\"a\",} ; conns ; 1",
                "conns{pool!~\"a|b\"} ; conns ; 3",
                "sum(conns{pool=~\".+\", absent=\"\"}) ; conns ; 6",
                "{\"conns\", pool=\"c\"} ; conns ; 3"
            })
    void aSelectorTakesTheSeriesThatPromqlWould(String text, String metric, double result) throws Exception {
        Selector selector = Selector.parse(text);
        var aggregate = new Aggregate(selector);

        Exposition.read(
                "up 1\nconns{pool=\"a\"} 1\nconns{pool=\"b\"} 2\nconns{pool=\"c\"} 3\nconns{pool=\"d\"} NaN\n",
                aggregate::see);

        assertThat(selector.metric()).isEqualTo(metric);
        assertThat(aggregate.result()).hasValue(result);
    }

    @Test
    void nothingThatMatchesOrOnlyNanIsNoNumber() throws Exception {
        for (String text : List.of("down", "conns{pool=\"z\"}", "count(down)", "broken", "endless")) {
            var aggregate = new Aggregate(Selector.parse(text));

            Exposition.read("conns{pool=\"a\"} 1\nbroken NaN\nendless +Inf\n", aggregate::see);

            assertThat(aggregate.result()).as(text).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "sum()", "median(a)", "sum(a", "a)", "a{", "a{b}", "a{b=c}", "a{b==\"c\"}", "a{b=~\"(\"}", "a b", "a{b=\"c\"} 1",
                "1a", "a{b!\"c\"}", "sum(sum(a))"
            })
    void aSelectorThatIsNoneIsToldWhere(String text) {
        assertThatThrownBy(() -> Selector.parse(text)).isInstanceOf(Malformed.class).hasMessageMatching("\\P{Cntrl}+");
    }

    private static List<Sample> read(String page) throws Malformed {
        var samples = new ArrayList<Sample>();
        Exposition.read(page, samples::add);
        return samples;
    }
}
