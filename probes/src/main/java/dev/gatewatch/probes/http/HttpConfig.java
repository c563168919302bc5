package dev.gatewatch.probes.http;

import dev.gatewatch.config.Secret;
import dev.gatewatch.probes.expect.Expectation;
import dev.gatewatch.probes.httpclient.ClientSettings;
import dev.gatewatch.probes.httpclient.HttpRequest;
import java.util.List;

/**
 * What one http probe sends and expects. Immutable.
 *
 * @param secrets everything that must not be seen in what a peer sends back
 */
record HttpConfig(HttpRequest request, ClientSettings settings, Expectation expect, List<Secret> secrets) {
    HttpConfig {
        secrets = List.copyOf(secrets);
    }
}
