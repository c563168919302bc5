package dev.gatewatch.probes.websocket;

import dev.gatewatch.config.Secret;
import dev.gatewatch.probes.httpclient.Auth;
import dev.gatewatch.probes.httpclient.HeaderText;
import dev.gatewatch.probes.tls.TlsSettings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What one websocket probe sends and expects. Immutable.
 *
 * @param tls for a wss URL
 * @param subprotocols offered, the preferred one first
 * @param ping whether to send a ping and time its pong
 * @param longestMessage bytes
 */
record WebSocketConfig(
        WebSocketUrl url,
        SequencedMap<String, HeaderText> headers,
        Optional<Auth> auth,
        TlsSettings tls,
        List<String> subprotocols,
        List<Step> steps,
        boolean ping,
        long longestMessage,
        Expectation expect) {
    WebSocketConfig {
        headers = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(headers));
        subprotocols = List.copyOf(subprotocols);
        steps = List.copyOf(steps);
    }

    /** Whether the upgrade request carries a credential. */
    boolean hasCredential() {
        return auth.isPresent()
                || headers.entrySet().stream()
                        .anyMatch(header -> header.getValue().isCredential(header.getKey()))
                || url.http().queryParameterNames().stream().anyMatch(HeaderText::namesCredential);
    }

    /** Everything that must not be seen in what a peer sends back. */
    List<Secret> secrets() {
        var secrets = new ArrayList<Secret>(url.secrets());
        auth.ifPresent(a -> secrets.addAll(a.secrets()));
        headers.forEach((name, text) -> {
            if (text.isCredential(name)) {
                String whole = text.value().reveal();
                secrets.add(text.value());
                // a peer may echo the credential without its scheme
                secrets.add(new Secret(whole.substring(whole.lastIndexOf(' ') + 1)));
            }
        });
        for (Step step : steps) {
            if (step instanceof Step.Send(var _, var _, Optional<Secret> secret)) {
                secret.ifPresent(secrets::add);
            }
        }
        return List.copyOf(secrets);
    }
}
