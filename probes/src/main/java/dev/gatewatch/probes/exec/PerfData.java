package dev.gatewatch.probes.exec;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Performance data as plugins print it: {@code 'label'=value[unit];[warn];[crit];[min];[max]}, separated by blanks (Monitoring Plugins
 * Development Guidelines, section 2.6). Immutable.
 *
 * @param values those that could be read; {@code U} stands for one that the plugin could not determine, and is left out
 * @param unreadable what could not be read, for a person
 */
record PerfData(List<PerfValue> values, List<String> unreadable) {
    static final int MOST = 500;
    private static final int LONGEST_LABEL = 150;
    private static final int MOST_UNREADABLE = 10;

    /** To base units. Plugins count bytes in powers of 1024 whichever way they write it. */
    private static final Map<String, Double> UNITS = Map.ofEntries(
            Map.entry("", 1.0),
            Map.entry("c", 1.0),
            Map.entry("s", 1.0),
            Map.entry("ms", 1e-3),
            Map.entry("us", 1e-6),
            Map.entry("µs", 1e-6),
            Map.entry("ns", 1e-9),
            Map.entry("%", 1e-2),
            Map.entry("B", 1.0),
            Map.entry("KB", 0x1p10),
            Map.entry("kB", 0x1p10),
            Map.entry("MB", 0x1p20),
            Map.entry("GB", 0x1p30),
            Map.entry("TB", 0x1p40),
            Map.entry("PB", 0x1p50),
            Map.entry("KiB", 0x1p10),
            Map.entry("MiB", 0x1p20),
            Map.entry("GiB", 0x1p30),
            Map.entry("TiB", 0x1p40),
            Map.entry("PiB", 0x1p50));

    private static final Pattern VALUE = Pattern.compile("([-+]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d{1,3})?)(.*)");

    PerfData {
        values = List.copyOf(values);
        unreadable = List.copyOf(unreadable);
    }

    static PerfData of(String text) {
        var values = new ArrayList<PerfValue>();
        var unreadable = new ArrayList<String>();
        int at = 0;
        while (at < text.length() && values.size() < MOST && unreadable.size() < MOST_UNREADABLE) {
            if (Character.isWhitespace(text.charAt(at))) {
                at++;
                continue;
            }
            int equals = labelEnd(text, at);
            if (equals < 0) {
                int end = blank(text, at);
                unreadable.add(text.substring(at, end));
                at = end;
                continue;
            }
            int end = blank(text, equals);
            if (!read(label(text.substring(at, equals)), text.substring(equals + 1, end), values)) {
                unreadable.add(text.substring(at, end));
            }
            at = end;
        }
        return new PerfData(values, unreadable);
    }

    /** Where the = after the label is; below 0 where there is none. A label in quotes may hold blanks, = and doubled quotes. */
    private static int labelEnd(String text, int start) {
        if (text.charAt(start) != '\'') {
            int equals = text.indexOf('=', start);
            return equals >= 0 && equals < blank(text, start) ? equals : -1;
        }
        int at = start + 1;
        while (at < text.length()) {
            boolean quote = text.charAt(at) == '\'';
            if (quote && at + 1 < text.length() && text.charAt(at + 1) == '\'') {
                at += 2;
            } else if (quote) {
                return at + 1 < text.length() && text.charAt(at + 1) == '=' ? at + 1 : -1;
            } else {
                at++;
            }
        }
        return -1;
    }

    private static int blank(String text, int from) {
        int at = from;
        while (at < text.length() && !Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static String label(String written) {
        String plain = written.length() >= 2 && written.startsWith("'") && written.endsWith("'")
                ? written.substring(1, written.length() - 1).replace("''", "'")
                : written;
        var clean = new StringBuilder();
        plain.strip().codePoints().limit(LONGEST_LABEL).forEach(c -> clean.appendCodePoint(Character.isISOControl(c) ? '_' : c));
        return clean.toString();
    }

    /** Whether it could be read; {@code U} could. */
    private static boolean read(String label, String written, List<PerfValue> values) {
        String[] parts = written.split(";", -1);
        if (label.isEmpty() || parts[0].startsWith("U")) {
            return !label.isEmpty();
        }
        Matcher m = VALUE.matcher(parts[0]);
        if (!m.matches()) {
            return false;
        }
        // a unit that nobody knows is kept as it is
        double factor = UNITS.getOrDefault(m.group(2), 1.0);
        OptionalDouble value = Threshold.number(m.group(1), factor);
        if (value.isEmpty()) {
            return false;
        }
        values.add(new PerfValue(
                label,
                value.getAsDouble(),
                Threshold.of(part(parts, 1, m.group(2)), factor),
                Threshold.of(part(parts, 2, m.group(2)), factor),
                Threshold.number(part(parts, 3, m.group(2)), factor),
                Threshold.number(part(parts, 4, m.group(2)), factor)));
        return true;
    }

    /** Some plugins repeat the unit behind the bounds. */
    private static String part(String[] parts, int i, String unit) {
        if (i >= parts.length) {
            return "";
        }
        return !unit.isEmpty() && parts[i].endsWith(unit) ? parts[i].substring(0, parts[i].length() - unit.length()) : parts[i];
    }
}
