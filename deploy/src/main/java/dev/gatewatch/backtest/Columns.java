package dev.gatewatch.backtest;

import dev.gatewatch.config.Suggestions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which column of a file of results means what; −1 where there is none. Immutable.
 *
 * @param facts by their names
 * @param ignored names that mean nothing here
 */
record Columns(
        int count,
        int timestamp,
        int probe,
        int latency,
        int ok,
        int region,
        int location,
        int type,
        int outcome,
        int cause,
        int message,
        int status,
        Map<String, Integer> facts,
        List<String> ignored) {
    private static final List<String> KNOWN = List.of(
            "timestamp_ms", "probe", "latency_ms", "ok", "region", "location", "type", "outcome", "cause", "message", "status");
    private static final String FACT = "fact_";

    /** @throws Unusable where a column is missing or there twice */
    static Columns of(String file, List<String> names) {
        var found = new LinkedHashMap<String, Integer>();
        var facts = new LinkedHashMap<String, Integer>();
        var ignored = new ArrayList<String>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i).strip();
            boolean twice;
            if (KNOWN.contains(name)) {
                twice = found.put(name, i) != null;
            } else if (name.startsWith(FACT) && name.length() > FACT.length()) {
                twice = facts.put(name.substring(FACT.length()), i) != null;
            } else {
                twice = false;
                ignored.add(name);
            }
            if (twice) {
                throw new Unusable(file + ", line 1: the column " + name + " is there twice");
            }
        }
        for (String needed : List.of("timestamp_ms", "probe", "latency_ms")) {
            if (!found.containsKey(needed)) {
                throw new Unusable(missing(file, needed, names, ignored));
            }
        }
        if (!found.containsKey("ok") && !found.containsKey("outcome")) {
            throw new Unusable(missing(file, "ok", names, ignored));
        }
        return new Columns(
                names.size(),
                at(found, "timestamp_ms"),
                at(found, "probe"),
                at(found, "latency_ms"),
                at(found, "ok"),
                at(found, "region"),
                at(found, "location"),
                at(found, "type"),
                at(found, "outcome"),
                at(found, "cause"),
                at(found, "message"),
                at(found, "status"),
                facts,
                List.copyOf(ignored));
    }

    private static int at(Map<String, Integer> found, String name) {
        return found.getOrDefault(name, -1);
    }

    private static String missing(String file, String needed, List<String> names, List<String> ignored) {
        String all = String.join(", ", names.stream().limit(20).map(Columns::shown).toList());
        Optional<String> near = Suggestions.nearest(needed, ignored);
        String hint = near.map(name -> "; \"" + shown(name) + "\" looks like it").orElse("");
        if (names.size() == 1 && (names.getFirst().contains(";") || names.getFirst().contains("\t"))) {
            hint = "; columns are separated by commas";
        }
        return file + ", line 1: there is no column " + needed + hint + ". The first line names the columns: timestamp_ms, probe, latency_ms, and ok"
                + " or outcome are needed; it has " + all;
    }

    private static String shown(String name) {
        String plain = name.codePoints()
                .limit(40)
                .map(c -> Character.isISOControl(c) ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return plain.length() < name.length() ? plain + "…" : plain;
    }
}
