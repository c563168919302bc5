package dev.gatewatch.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.probe.Cause;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each cause has a test that produces it from a real failure; which one stands in {@code docs/probes/index.md}. */
final class CauseCoverageTest {
    private static TestSources sources;

    @BeforeAll
    static void read() throws IOException {
        sources = TestSources.read();
    }

    static List<ProbeIndex.CauseRow> rows() throws IOException {
        return ProbeIndex.causes();
    }

    @Test
    void everyCauseHasItsRow() throws IOException {
        assertThat(rows())
                .as("rows of docs/probes/index.md, in the order of Cause")
                .extracting(ProbeIndex.CauseRow::cause)
                .containsExactlyElementsOf(
                        Arrays.stream(Cause.values()).map(Cause::code).toList());
    }

    @ParameterizedTest
    @MethodSource("rows")
    void theTestOfACauseNamesIt(ProbeIndex.CauseRow row) {
        Cause cause = Cause.of(row.cause()).orElseThrow();
        if (!sources.given().contains(cause)) {
            assertThat(row.text())
                    .as("no code gives %s: the row says what will", row)
                    .matches("not given yet: .+");
            return;
        }
        assertThat(row.tests()).as("the test that shows %s, which the code gives", row).isNotEmpty();
        for (String test : row.tests()) {
            assertThat(sources.has(test)).as("there is a test %s, for %s", test, row).isTrue();
            assertThat(sources.named(test))
                    .as("%s asserts Cause.%s", test, cause.name())
                    .contains(cause);
        }
    }
}
