package dev.gatewatch.backtest;

import static dev.gatewatch.backtest.Played.T;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Series;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read as results, and how bad lines are told. */
final class CsvSourceTest {
    private static final String HEADER = "timestamp_ms,probe,latency_ms,ok\n";

    @TempDir
    Path folder;

    @Test
    void theFormOfTheBenchIsRead() {
        Findings findings = Played.csv(HEADER + Played.runs("a", "...FFFF.."));

        assertThat(findings.runs()).isEqualTo(9);
        assertThat(findings.from()).isEqualTo(Instant.ofEpochMilli(T));
        assertThat(findings.sides().getFirst().alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.rule()).isEqualTo("down");
            assertThat(alert.series()).isEqualTo(new Series("a", "", "local"));
            assertThat(alert.startsAt()).isEqualTo(Instant.ofEpochMilli(T + 3 * 60_000));
            assertThat(alert.firedAt()).isEqualTo(Instant.ofEpochMilli(T + 5 * 60_000 + 12));
            assertThat(alert.endsAt()).contains(Instant.ofEpochMilli(T + 7 * 60_000 + 12));
            assertThat(alert.lasted(findings.to())).isEqualTo(Duration.ofMinutes(2));
        });
    }

    @Test
    void columnsComeInAnyOrderAndQuotesAndAMarkAndLineEndsOfWindowsAreNoObstacle() {
        Findings findings = Played.csv("\ufeffok,\"probe\",x,latency_ms,timestamp_ms\r\n\r\n1,\"a \"\"b\"\", c\",7,1.5," + T + "\r\nTRUE,d,,2e1,"
                + (T + 1));

        assertThat(findings.series()).isEqualTo(2);
        assertThat(findings.runs()).isEqualTo(2);
        assertThat(findings.notes()).containsExactly("columns that mean nothing here: x");
    }

    @Test
    void outcomesCausesMessagesStatusAndFactsReachTheRules() {
        String yaml = """
                rules:
                  - {name: down, when: {failures: 1}}
                  - {name: quota, when: {fact: {name: quota_left, below: 100}}}
                """;
        String text = "timestamp_ms,probe,region,location,latency_ms,outcome,cause,message,status,fact_quota_left\n"
                + T + ",pay,eu,dc2,12,fail,connect_timeout,\"no answer, really\",503,\n"
                + (T + 60_000) + ",pay,us,dc2,12,pass,,,200,17\n";
        Findings findings = Played.play(
                Played.setup(Setup.Unknown.REFUSED, 1, yaml), Played.source(text.getBytes(StandardCharsets.UTF_8), false));

        assertThat(findings.sides().getFirst().alerts()).satisfiesExactly(
                down -> {
                    assertThat(down.series()).isEqualTo(new Series("pay", "eu", "dc2"));
                    assertThat(down.cause()).isEqualTo(Cause.CONNECT_TIMEOUT);
                    assertThat(down.message()).contains("no answer, really");
                },
                quota -> {
                    assertThat(quota.rule()).isEqualTo("quota");
                    assertThat(quota.series().region()).isEqualTo("us");
                    assertThat(quota.message()).contains("17");
                });
    }

    @Test
    void aBrokenRunSaysNothingOfItsTarget() {
        String text = "timestamp_ms,probe,latency_ms,outcome\n" + (T + ",a,1,fail\n").repeat(2) + T + ",a,1,broken\n" + T + ",a,1,degraded\n";

        assertThat(Played.csv(text).sides().getFirst().alerts()).isEmpty();
    }

    @Test
    void aFailedRunNeedsNoLatency() {
        assertThat(Played.csv(HEADER + T + ",a,,0\n").runs()).isEqualTo(1);
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.CsvSource(
            delimiter = '|',
            textBlock = """
                    1767225600000,a,1        | has 3 fields, the first line names 4
                    1767225600000,a,1,2      | ok is neither 1 nor 0: "2"
                    1767225600000,a,,1       | latency_ms is empty, and the run did not fail
                    1767225600000,a,fast,1   | latency_ms is no number of milliseconds: "fast"
                    1767225600000,a,-1,1     | latency_ms is no number of milliseconds: "-1"
                    1767225600000,a,NaN,1    | latency_ms is no number of milliseconds: "NaN"
                    1767225600000,a,1..2,1   | latency_ms is no number of milliseconds: "1..2"
                    1767225600000,a,9e30,1   | latency_ms is more than a day
                    1767225600000,a,99999999999,1 | latency_ms is more than a day
                    1767225600,a,1,1         | (too small; seconds?): "1767225600"
                    1767225600000000,a,1,1   | (too large): "1767225600000000"
                    9999999999999999999999,a,1,1 | timestamp_ms is no number of milliseconds
                    x,a,1,1                  | timestamp_ms is no number of milliseconds: "x"
                    1767225600000,,1,1       | probe is empty
                    1767225600000,"a,1,1     | a quote is opened and not closed
                    1767225600000,"a"b,1,1   | something follows a closing quote
                    """)
    void aLineThatCannotBeReadIsNamedWithItsNumber(String line, String told) {
        assertThatExceptionOfType(Unusable.class)
                .isThrownBy(() -> Played.csv(HEADER + Played.runs("a", "..") + line + "\n" + Played.runs("a", "..")))
                .withMessageStartingWith("results.csv, line 4: ")
                .withMessageContaining(told);
    }

    @Test
    void suchLinesAreLeftOutWhereThatIsWanted() {
        byte[] text = (HEADER + "x\n" + Played.runs("a", "..") + "y\n").getBytes(StandardCharsets.UTF_8);
        Findings findings = Played.play(Played.setup(Setup.Unknown.REFUSED, 1, Played.RULES), Played.source(text, true));

        assertThat(findings.runs()).isEqualTo(2);
        assertThat(findings.notes())
                .containsExactly("2 lines could not be read and were left out: line 2: has 1 fields, the first line names 4; line 5: has 1 fields,"
                        + " the first line names 4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"timestamp,probe,latency_ms,ok", "timestamp_ms,latency_ms,ok", "timestamp_ms,probe,latency_ms", "timestamp_ms;probe;latency_ms;ok"})
    void aMissingColumnIsNamed(String header) {
        String missing = header.startsWith("timestamp,") || header.contains(";")
                ? "timestamp_ms"
                : header.contains("probe") ? "ok" : "probe";

        assertThatExceptionOfType(Unusable.class)
                .isThrownBy(() -> Played.csv(header + "\n"))
                .withMessageStartingWith("results.csv, line 1: there is no column " + missing);
    }

    @Test
    void aColumnThatIsThereTwiceIsAMistake() {
        assertThatExceptionOfType(Unusable.class)
                .isThrownBy(() -> Played.csv("timestamp_ms,probe,latency_ms,ok,probe\n"))
                .withMessage("results.csv, line 1: the column probe is there twice");
    }

    @Test
    void anEmptyFileAndOneWithoutRunsAreMistakes() {
        assertThatExceptionOfType(Unusable.class).isThrownBy(() -> Played.csv("")).withMessage("results.csv is empty");
        assertThatExceptionOfType(Unusable.class).isThrownBy(() -> Played.csv(HEADER)).withMessage("results.csv has no runs");
    }

    @Test
    void hostileBytesAreShownHarmlesslyAndLongLinesAreNotTakenIn() {
        byte[] latin = (HEADER + T + ",a\u00fc,1,1\n").getBytes(StandardCharsets.ISO_8859_1);
        byte[] control = (HEADER + T + ",a\0\u001b[31m,1,1\n").getBytes(StandardCharsets.UTF_8);
        byte[] longLine = (HEADER + "x".repeat(2_000_000)).getBytes(StandardCharsets.UTF_8);
        byte[] longName = (HEADER + T + "," + "x".repeat(1_000) + ",1,1\n").getBytes(StandardCharsets.UTF_8);
        byte[] manyFields = (HEADER + ",".repeat(100_000)).getBytes(StandardCharsets.UTF_8);
        byte[] nothing = new byte[300_000];

        assertThat(told(latin)).isEqualTo("results.csv, line 2: is not UTF-8: \"a\\xfc\" (--skip-unreadable leaves such lines out)");
        assertThat(told(control)).contains("has a control character: \"a\\x00\\x1b[31m\"");
        assertThat(told(longLine)).isEqualTo("results.csv, line 2: longer than 256 kB; this is no file of results");
        assertThat(told(longName)).contains("longer than 200 bytes").hasSizeLessThan(250);
        assertThat(told(manyFields)).contains("more than 1000 fields");
        assertThat(told(nothing)).startsWith("results.csv, line 1: longer than 256 kB");
    }

    @Test
    void gzipIsSeenByItsBytesAndATruncatedOneIsTold() throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write((HEADER + Played.runs("a", ".F".repeat(20_000))).getBytes(StandardCharsets.UTF_8));
        }
        byte[] whole = packed.toByteArray();

        Path file = Files.write(folder.resolve("results.csv"), whole);
        assertThat(Played.play(Played.setup(Setup.Unknown.REFUSED, 2, Played.RULES), CsvSource.open(file, false)).runs())
                .isEqualTo(40_000);
        assertThat(told(Arrays.copyOf(whole, whole.length / 2))).matches("results.csv is cut off after line \\d+: the compressed file ends too soon");
        assertThat(told(new byte[] {0x1f, (byte) 0x8b, 1, 2, 3})).startsWith("results.csv looks like gzip and cannot be read as such");
    }

    @Test
    void runsMayComeLateByTenMinutesAndNoMore() {
        String late = T + 12 * 60_000 + ",a,1,1\n" + (T + 2 * 60_000) + ",a,1,1\n";

        assertThat(Played.csv(HEADER + late).runs()).isEqualTo(2);
        assertThat(told((HEADER + late + (T + 60_000) + ",a,1,1\n").getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("line 4: the run of a at 2026-01-01T00:01:00Z comes after one at 2026-01-01T00:12:00Z; runs may come late by 10m."
                        + " Sort the history by time, or allow more with --reorder");
    }

    @Test
    void aHistoryThatIsOutOfOrderWithinTheseMinutesIsJudgedInOrder() {
        String[] lines = Played.runs("a", "..FFFF....").split("\n");
        var shuffled = new StringBuilder(HEADER);
        for (int i : new int[] {1, 0, 4, 3, 2, 9, 5, 8, 7, 6}) {
            shuffled.append(lines[i]).append('\n');
        }

        assertThat(Played.csv(shuffled.toString()).sides().getFirst().alerts())
                .isEqualTo(Played.csv(HEADER + Played.runs("a", "..FFFF....")).sides().getFirst().alerts())
                .hasSize(1);
    }

    @Test
    void probesMayComeOneAfterTheOther() {
        Findings findings = Played.csv(HEADER + Played.runs("a", ".".repeat(100) + "FFF") + Played.runs("b", "FFF" + ".".repeat(100)));

        assertThat(findings.sides().getFirst().alerts()).extracting(a -> a.series().probe()).containsExactly("b", "a");
        assertThat(findings.sides().getFirst().alerts().getLast().endsAt()).isEmpty();
    }

    private static String told(byte[] bytes) {
        try {
            Played.play(Played.setup(Setup.Unknown.REFUSED, 1, Played.RULES), Played.source(bytes, false));
            return "";
        } catch (Unusable e) {
            return e.getMessage();
        }
    }
}
