package dev.gatewatch.probes.expect;

import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Some HTTP statuses: one ({@code 200}) or a class ({@code 2xx}). Immutable; both ends included. */
record StatusRange(int from, int to, String text) {
    /** What is expected where nothing is said. */
    static final List<StatusRange> SUCCESS = List.of(new StatusRange(200, 299, "2xx"));

    static ValueType<StatusRange> type() {
        return Types.scalar(
                "a status (200) or a class of them (2xx)",
                Map.of("type", List.of("integer", "string"), "pattern", "^([1-9][0-9]{2}|[1-5]xx)$"),
                StatusRange::parse);
    }

    static Optional<StatusRange> parse(String text) {
        if (text.matches("[1-5][xX]{2}")) {
            int from = (text.charAt(0) - '0') * 100;
            return Optional.of(new StatusRange(from, from + 99, text.toLowerCase(java.util.Locale.ROOT)));
        }
        if (text.matches("[1-9][0-9]{2}")) {
            int status = Integer.parseInt(text);
            return Optional.of(new StatusRange(status, status, text));
        }
        return Optional.empty();
    }

    boolean has(int status) {
        return status >= from && status <= to;
    }

    /** For messages: {@code 200}, {@code 200 or 2xx}. */
    static String list(List<StatusRange> ranges) {
        return ranges.stream().map(StatusRange::text).collect(Collectors.joining(" or "));
    }
}
