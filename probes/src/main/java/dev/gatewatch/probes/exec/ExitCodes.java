package dev.gatewatch.probes.exec;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Types;
import dev.gatewatch.probe.Outcome;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What exit codes mean. Immutable.
 *
 * @param meanings by code
 */
record ExitCodes(Map<Integer, Outcome> meanings) {
    /** Of the plugin API: OK, WARNING, CRITICAL, UNKNOWN. */
    private static final Map<Integer, Outcome> PLUGIN =
            Map.of(0, Outcome.PASS, 1, Outcome.DEGRADED, 2, Outcome.FAIL, 3, Outcome.BROKEN);

    static final Key<SequencedMap<String, Outcome>> KEY = Key.withDefault(
            "exit_codes",
            Types.map(Types.text("an exit code from 0 to 255", "\\d|[1-9]\\d|1\\d\\d|2[0-4]\\d|25[0-5]"), Types.oneOf(Outcome.class)),
            new LinkedHashMap<>(),
            "{0: pass, 1: degraded, 2: fail, 3: broken}",
            "What exit codes mean, beside or in the place of a plugin's; for a plain command {1: fail}. Any other is broken.");

    ExitCodes {
        meanings = Map.copyOf(meanings);
    }

    static ExitCodes of(Map<String, Outcome> own) {
        var all = new HashMap<>(PLUGIN);
        own.forEach((code, outcome) -> all.put(Integer.valueOf(code), outcome));
        return new ExitCodes(all);
    }

    Optional<Outcome> meaning(int code) {
        return Optional.ofNullable(meanings.get(code));
    }
}
