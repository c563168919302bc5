package dev.gatewatch.probes.http;

import dev.gatewatch.config.Secret;
import dev.gatewatch.probes.expect.Expectation;
import dev.gatewatch.probes.httpclient.ClientSettings;
import dev.gatewatch.probes.httpclient.HttpRequest;
import java.time.Duration;
import java.util.List;

/**
 * What one http probe sends and expects. Immutable.
 *
 * @param retryAfterLimit how long a target may ask to be left alone; zero where that is not obeyed
 * @param secrets everything that must not be seen in what a peer sends back
 */
record HttpConfig(
        HttpRequest request,
        ClientSettings settings,
        Expectation expect,
        Duration retryAfterLimit,
        List<Secret> secrets) {
    HttpConfig {
        secrets = List.copyOf(secrets);
    }
}
