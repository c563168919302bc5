package dev.gatewatch.probes.nameserver;

import java.util.Locale;

/** How questions travel to a name server. */
public enum Transport {
    /** Datagrams; a truncated answer is asked for again over TCP (RFC 7766 section 5). */
    UDP(53),
    TCP(53),
    /** DNS over TLS (RFC 7858). */
    TLS(853),
    /** DNS over HTTPS (RFC 8484). */
    HTTPS(443);

    private final int port;

    Transport(int port) {
        this.port = port;
    }

    /** Where servers listen unless said otherwise. */
    public int port() {
        return port;
    }

    /** As in {@code tls://}. */
    String scheme() {
        return name().toLowerCase(Locale.ROOT);
    }
}
