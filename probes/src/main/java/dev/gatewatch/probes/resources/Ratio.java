package dev.gatewatch.probes.resources;

import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One value divided by another. Immutable.
 *
 * @param part name of a value or rate
 * @param whole likewise
 */
record Ratio(String part, String whole) {
    static final ValueType<Ratio> TYPE = Types.scalar(
            "two names as part / whole", Map.of("type", "string", "pattern", "^[^/]+/[^/]+$"), Ratio::parse);

    static Optional<Ratio> parse(String text) {
        String[] names = text.split("/", -1);
        return names.length == 2 && !names[0].isBlank() && !names[1].isBlank()
                ? Optional.of(new Ratio(names[0].strip(), names[1].strip()))
                : Optional.empty();
    }

    /** The ratio; nothing of nothing is 0, something of nothing is no number. */
    static OptionalDouble of(double part, double whole) {
        if (part == 0 && whole == 0) {
            return OptionalDouble.of(0);
        }
        double ratio = part / whole;
        return Double.isFinite(ratio) ? OptionalDouble.of(ratio) : OptionalDouble.empty();
    }
}
