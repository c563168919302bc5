package dev.gatewatch.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page of cases that an operator would try names tests that there are. */
class AcceptancePageTest {
    private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w*#\\w+)`");

    @Test
    void everyTestThatIsNamedIsThereAndEveryCaseNamesOne() throws IOException {
        List<String> rows = Files.readAllLines(Path.of("../docs/acceptance.md")).stream()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| # ") && !line.startsWith("| Case "))
                .toList();
        TestSources sources = TestSources.read();

        assertThat(rows).hasSizeGreaterThan(50);
        assertThat(rows.stream().flatMap(row -> NAMED.matcher(row).results()).map(found -> found.group(1)).collect(Collectors.toSet()))
                .allMatch(sources::has);
        assertThat(rows).allMatch(row -> row.matches(".*`\\w+(Test|IT)(#\\w+)?`.*"));
    }
}
