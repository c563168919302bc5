package dev.gatewatch.probes.tenants;

import dev.gatewatch.config.Secret;
import dev.gatewatch.probes.expect.Expectation;
import dev.gatewatch.probes.httpclient.ClientSettings;
import dev.gatewatch.probes.httpclient.HttpRequest;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;

/**
 * What one tenants probe sends, and in whose names. Immutable.
 *
 * @param target for people and labels
 * @param requests each without a credential
 * @param connections in the order they are tried
 */
record TenantsConfig(
        String target,
        SequencedMap<String, Tenant> tenants,
        List<HttpRequest> requests,
        Expectation expect,
        int rounds,
        int concurrency,
        List<Shot.Connections> connections,
        ClientSettings settings,
        List<Secret> secrets) {
    TenantsConfig {
        tenants = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(tenants));
        requests = List.copyOf(requests);
        connections = List.copyOf(connections);
        secrets = List.copyOf(secrets);
    }

    Tenant tenant(String name) {
        return Objects.requireNonNull(((Map<String, Tenant>) tenants).get(name));
    }

    /** Requests of one run. */
    int planned() {
        return tenants.size() * requests.size() * rounds * connections.size();
    }
}
