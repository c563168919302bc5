package dev.gatewatch.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** The page is well-formed, whole in itself, and takes nothing from history for markup. */
final class ReportPageTest {
    @Test
    void thePageIsWellFormedAndShowsSeriesThatAlerted() throws Exception {
        Findings findings = findings("shop", Played.RULES);
        Document page = parsed(ReportPage.of(findings, Optional.empty(), ZoneOffset.UTC));

        assertThat(page.getElementsByTagName("svg").getLength()).isEqualTo(1);
        assertThat(page.getElementsByTagName("rect").getLength()).isEqualTo(2);
        assertThat(((Element) page.getElementsByTagName("rect").item(0)).getAttribute("class")).isEqualTo("span critical");
        assertThat(page.getDocumentElement().getTextContent())
                .contains("Back-test of gatewatch.yml", "2026-01-01 03:22:00", "3 runs in a row failed", "Dec 29");
    }

    @Test
    void nothingIsLoadedFromElsewhere() {
        String html = ReportPage.of(findings("shop", Played.RULES), Optional.empty(), ZoneOffset.UTC);

        assertThat(html).doesNotContain("<script", "http://", "https://", "url(", "@import", " src=", " href=");
        assertThat(html).contains("default-src 'none'");
    }

    @Test
    void namesAreNoMarkup() throws Exception {
        String evil = "<img src=x onerror=alert(1)>&\"'";
        String html = ReportPage.of(findings(evil, Played.RULES), Optional.empty(), ZoneOffset.UTC);

        assertThat(html).doesNotContain("<img");
        assertThat(parsed(html).getElementsByTagName("figcaption").item(0).getTextContent()).isEqualTo(evil);
    }

    @Test
    void aComparisonShowsTheDifferences() throws Exception {
        Findings findings = Played.play(
                Played.setup(Setup.Unknown.REFUSED, 1, Played.RULES, Played.RULES.replace("3", "4")), source("shop"));
        var comparison = Comparison.of(findings.sides().getFirst(), findings.sides().getLast(), findings.to());
        String text = parsed(ReportPage.of(findings, Optional.of(comparison), ZoneOffset.UTC))
                .getDocumentElement()
                .getTextContent();

        assertThat(text).contains("0 alerts are the same in both. 1 come only with gatewatch.yml, 0 only with gatewatch.yml, 1 with both at other times.");
    }

    private static Findings findings(String probe, String rules) {
        return Played.play(Played.setup(Setup.Unknown.REFUSED, 1, rules), source(probe));
    }

    private static Source source(String probe) {
        String name = "\"" + probe.replace("\"", "\"\"") + "\"";
        return Played.source(
                ("timestamp_ms,probe,latency_ms,ok\n" + Played.runs(name, ".".repeat(200) + "FFFF" + ".".repeat(3_000) + "FFF..") + Played.runs("fine", "..."))
                        .getBytes(StandardCharsets.UTF_8),
                false);
    }

    private static Document parsed(String html) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(html.getBytes(StandardCharsets.UTF_8)));
    }
}
