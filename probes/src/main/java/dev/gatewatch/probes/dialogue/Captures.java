package dev.gatewatch.probes.dialogue;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What expressions captured: the groups of the last match by number, 0 for the whole of it, and named groups of all matches so far by
 * name. The bytes as they came. Immutable.
 */
final class Captures {
    static final Captures NONE = new Captures(Map.of());

    private final Map<String, byte[]> values;

    private Captures(Map<String, byte[]> values) {
        this.values = values;
    }

    /** Those of one match. A group that took no part is empty. */
    static Captures of(Pattern pattern, Matcher match, byte[] in) {
        var values = new HashMap<String, byte[]>();
        for (int group = 0; group <= match.groupCount(); group++) {
            byte[] taken = match.start(group) < 0
                    ? new byte[0]
                    : Arrays.copyOfRange(in, match.start(group), match.end(group));
            values.put(Integer.toString(group), taken);
        }
        pattern.namedGroups().forEach((name, group) -> values.put(name, values.get(group.toString())));
        return new Captures(values);
    }

    /** These, and the named ones of before. */
    Captures after(Captures before) {
        var all = new HashMap<String, byte[]>();
        before.values.forEach((name, value) -> {
            if (!Character.isDigit(name.charAt(0))) {
                all.put(name, value);
            }
        });
        all.putAll(values);
        return new Captures(all);
    }

    Optional<byte[]> get(String name) {
        return Optional.ofNullable(values.get(name)).map(byte[]::clone);
    }
}
