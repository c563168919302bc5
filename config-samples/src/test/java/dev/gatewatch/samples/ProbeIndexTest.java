package dev.gatewatch.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.probe.ProbeType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of what is watched names every type, and nothing that is not there. */
final class ProbeIndexTest {
    private static final Path FOLDER = Documents.folder().resolve("probes");

    private static TestSources sources;

    @BeforeAll
    static void read() throws IOException {
        sources = TestSources.read();
    }

    static List<ProbeIndex.TypeRow> rows() throws IOException {
        return ProbeIndex.types();
    }

    @Test
    void everyInstalledTypeHasARow() throws IOException {
        assertThat(rows())
                .extracting(ProbeIndex.TypeRow::type)
                .containsExactlyInAnyOrderElementsOf(ReferencePagesTest.probeTypes().stream()
                        .map(ProbeType::name)
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("rows")
    void whatARowNamesIsThere(ProbeIndex.TypeRow row) {
        assertThat(row.rows()).as("rows of the catalogue").matches("S\\d\\.\\d( S\\d\\.\\d)*");
        assertThat(row.watches()).isNotBlank();
        assertThat(FOLDER.resolve(row.page())).isRegularFile();
        assertThat(FOLDER.resolve(row.sample()).resolve("gatewatch.yml"))
                .isRegularFile()
                .content()
                .as("the sample of %s", row)
                .contains("type: " + row.type());
        assertThat(row.tests()).isNotEmpty();
        for (String test : row.tests()) {
            assertThat(sources.has(test)).as("there is a test %s", test).isTrue();
        }
    }
}
