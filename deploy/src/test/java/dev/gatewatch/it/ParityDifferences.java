package dev.gatewatch.it;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.SequencedSet;

/**
 * The differences from blackbox_exporter that the parity test allows, each cell of its table written out: module, target, metric and
 * kind, with the reason. Immutable.
 *
 * @param reasons by their short names
 * @param cells each with the short name of its reason
 */
record ParityDifferences(SequencedMap<String, String> reasons, SequencedMap<Cell, String> cells) {
    ParityDifferences {
        reasons = Collections.unmodifiableSequencedMap(reasons);
        cells = Collections.unmodifiableSequencedMap(cells);
    }

    enum Kind {
        /** Gatewatch alone has the metric. */
        EXTRA,
        /** blackbox_exporter alone has it. */
        MISSING,
        /** Both have it, with other values. */
        VALUE
    }

    record Cell(String module, String target, String metric, Kind kind) {}

    /** Reads the table beside the modules. */
    static ParityDifferences read() throws IOException {
        var reasons = new LinkedHashMap<String, String>();
        var cells = new LinkedHashMap<Cell, String>();
        String text;
        try (InputStream in = ParityDifferences.class.getResourceAsStream("/parity/differences.txt")) {
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        for (String line : text.lines().filter(l -> !l.isBlank() && !l.startsWith("#")).toList()) {
            if (line.startsWith("reason ")) {
                String[] parts = line.substring("reason ".length()).split(": ", 2);
                reasons.put(parts[0], parts[1]);
                continue;
            }
            String[] columns = line.split(" \\| ");
            if (columns.length != 5 || !reasons.containsKey(columns[0])) {
                throw new IllegalStateException("not a line of the table: " + line);
            }
            for (String module : columns[4].split(" ")) {
                var cell = new Cell(module, columns[3], columns[2], Kind.valueOf(columns[1]));
                if (cells.put(cell, columns[0]) != null) {
                    throw new IllegalStateException("twice in the table: " + cell);
                }
            }
        }
        return new ParityDifferences(reasons, cells);
    }

    /** What was seen and is not in the table. */
    List<Cell> unexplained(SequencedSet<Cell> seen) {
        return seen.stream().filter(cell -> !cells.containsKey(cell)).toList();
    }

    /** What is in the table and was not seen: it would hide a difference one day. */
    List<Cell> stale(SequencedSet<Cell> seen) {
        var stale = new ArrayList<>(new LinkedHashSet<>(cells.keySet()));
        stale.removeAll(seen);
        return stale;
    }

    long count(String reason) {
        return cells.values().stream().filter(reason::equals).count();
    }
}
