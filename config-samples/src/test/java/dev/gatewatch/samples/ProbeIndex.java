package dev.gatewatch.samples;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The tables of {@code docs/probes/index.md}, as they are written there. */
final class ProbeIndex {
    private static final Pattern TICKED = Pattern.compile("`([^`]+)`");

    private ProbeIndex() {}

    /** A line of the first table. */
    record TypeRow(String type, String page, String rows, String sample, List<String> tests, String watches) {
        @Override
        public String toString() {
            return type;
        }
    }

    /** A line of the second table: the tests, or words instead where the cause is not given yet. */
    record CauseRow(String cause, List<String> tests, String text) {
        @Override
        public String toString() {
            return cause;
        }
    }

    static List<TypeRow> types() throws IOException {
        return lines("| [`")
                .map(cells -> new TypeRow(
                        ticked(cells[1]).getFirst(),
                        cells[1].replaceAll(".*\\((.*)\\).*", "$1"),
                        cells[2].strip(),
                        cells[3].replaceAll(".*\\((.*)\\).*", "$1"),
                        ticked(cells[4]),
                        cells[5].strip()))
                .toList();
    }

    static List<CauseRow> causes() throws IOException {
        return lines("| `")
                .map(cells -> new CauseRow(ticked(cells[1]).getFirst(), ticked(cells[2]), cells[2].strip()))
                .toList();
    }

    private static Stream<String[]> lines(String start) throws IOException {
        return Files.readAllLines(Documents.folder().resolve("probes").resolve("index.md")).stream()
                .filter(line -> line.startsWith(start))
                .map(line -> line.split("\\|", -1));
    }

    private static List<String> ticked(String cell) {
        return TICKED.matcher(cell).results().map(r -> r.group(1)).toList();
    }
}
