package dev.gatewatch.probes.httpclient;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.config.Secret;
import dev.gatewatch.probes.net.TargetRule;
import dev.gatewatch.probes.tls.TlsSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * A proxy that requests go through. Immutable.
 *
 * @param headers that the proxy gets beside those of the request: with CONNECT, or with each request for an http:// address
 * @param resolves whether the proxy finds the target's addresses; otherwise they are found, and checked, here
 * @param tls how the proxy itself is trusted, where it is spoken to over TLS
 * @param bypassed targets that are asked directly
 */
public record ProxySettings(
        Kind kind,
        HostPort address,
        Optional<Login> login,
        SequencedMap<String, HeaderText> headers,
        boolean resolves,
        TlsSettings tls,
        List<TargetRule> bypassed) {
    public ProxySettings {
        headers = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(headers));
        bypassed = List.copyOf(bypassed);
    }

    /** How a proxy is spoken to. */
    public enum Kind {
        HTTP,
        /** HTTP over TLS. */
        HTTPS,
        /** RFC 1928. */
        SOCKS5
    }

    /** Who we are to the proxy. */
    public record Login(String username, Secret password) {
        /** RFC 7617. */
        Secret basic() {
            byte[] pair = (username + ":" + password.reveal()).getBytes(StandardCharsets.UTF_8);
            return new Secret("Basic " + Base64.getEncoder().encodeToString(pair));
        }
    }

    /** Whether a target is asked directly. A block of addresses stands only for targets that are written as addresses. */
    boolean bypasses(HostPort target) {
        InetSocketAddress written = asWritten(target);
        return bypassed.stream().anyMatch(rule -> rule.has(target.host(), written));
    }

    /** What must not be seen of it. */
    public List<Secret> secrets() {
        var secrets = new ArrayList<Secret>();
        login.ifPresent(l -> {
            secrets.add(l.password());
            secrets.add(new Secret(l.basic().reveal().substring("Basic ".length())));
        });
        headers.forEach((name, text) -> {
            if (text.isCredential(name)) {
                secrets.add(text.value());
            }
        });
        return secrets;
    }

    /** A target's address where it is written as one, else its name, unresolved. */
    static InetSocketAddress asWritten(HostPort target) {
        try {
            return new InetSocketAddress(InetAddress.ofLiteral(target.host()), target.port());
        } catch (IllegalArgumentException _) {
            return InetSocketAddress.createUnresolved(target.host(), target.port());
        }
    }
}
