package dev.gatewatch.probes.transaction;

import dev.gatewatch.config.Secret;
import dev.gatewatch.probes.httpclient.Redaction;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The variables of one run. Secret values are masked in everything that is shown from then on. Confined to the run's thread. */
final class Variables {
    private final Map<String, String> values = new HashMap<>();
    private final Set<String> secrets = new HashSet<>();
    private final Redaction redaction;

    Variables(Redaction redaction) {
        this.redaction = redaction;
    }

    void put(String name, String value, boolean secret) {
        values.put(name, value);
        if (secret) {
            secrets.add(name);
            redaction.also(new Secret(value));
        }
    }

    String get(String name) throws UnusableVariable {
        String value = values.get(name);
        if (value == null) {
            throw UnusableVariable.missing(name);
        }
        return value;
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    boolean isSecret(String name) {
        return secrets.contains(name);
    }
}
