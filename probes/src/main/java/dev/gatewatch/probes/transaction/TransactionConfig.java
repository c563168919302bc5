package dev.gatewatch.probes.transaction;

import dev.gatewatch.config.Secret;
import dev.gatewatch.probes.callback.CallbackSettings;
import dev.gatewatch.probes.httpclient.ClientSettings;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import okhttp3.HttpUrl;

/**
 * What one transaction probe does. Immutable.
 *
 * @param hiddenBase whether a secret went into the base URL
 * @param reserve share of the time-out that is kept for clean-up steps; 0 where there are none
 * @param callbacks present where a step waits for one
 * @param secrets everything written that must not be seen
 */
record TransactionConfig(
        HttpUrl base,
        boolean hiddenBase,
        ClientSettings client,
        SequencedMap<String, Constant> constants,
        SequencedMap<String, Generator> generate,
        List<Step> steps,
        double reserve,
        Optional<CallbackSettings> callbacks,
        List<Secret> secrets) {
    TransactionConfig {
        constants = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(constants));
        generate = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(generate));
        steps = List.copyOf(steps);
        secrets = List.copyOf(secrets);
    }
}
